#include "core/cbor.h"

/* Major types of RFC 8949, section 3.1. */
enum major { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, OTHER };

/* The first byte and the argument behind it, in the fewest bytes that hold it.  0, or -1. */
static int
head(struct str *in, enum major *major, uint64_t *v)
{
	unsigned char first, more;
	size_t n;

	if (in->n == 0)
		return (-1);
	first = (unsigned char)in->p[0];
	*major = (enum major)(first >> 5);
	more = first & 31;
	in->p++, in->n--;
	*v = more;
	if (more < 24)
		return (0);
	if (more > 27 || *major == OTHER) /* 31: without a length; numbers behind OTHER: floats */
		return (-1);
	n = (size_t)1 << (more - 24);
	if (in->n < n)
		return (-1);
	*v = 0;
	for (size_t i = 0; i < n; i++)
		*v = *v << 8 | (unsigned char)in->p[i];
	in->p += n, in->n -= n;
	return (*v < (n == 1 ? 24 : (uint64_t)1 << (4 * n)) ? -1 : 0);
}

/* A text or bytes of n bytes.  0, or -1. */
static int
take(struct str *in, uint64_t n, struct str *s)
{

	if (n > in->n)
		return (-1);
	*s = (struct str){in->p, (size_t)n};
	in->p += n, in->n -= n;
	return (0);
}

static int read_item(struct str in, int depth, struct cbor *item);

/* Members of an array, or pairs of a map: *in goes behind them.  0, or -1. */
static int
members(struct str *in, uint64_t n, bool pairs, int depth)
{
	struct str keys[CBOR_MEMBERS];
	struct cbor one;

	if (n > CBOR_MEMBERS || depth == 0)
		return (-1);
	for (uint64_t i = 0; i < n; i++) {
		if (pairs) {
			if (read_item(*in, 0, &one) == -1 || (one.type != CBOR_INT && one.type != CBOR_TEXT))
				return (-1);
			for (uint64_t k = 0; k < i; k++)
				if (str_eq(keys[k], one.raw)) /* a value has one form, so equal keys are equal bytes */
					return (-1);
			keys[i] = one.raw;
			*in = one.rest;
		}
		if (read_item(*in, depth - 1, &one) == -1)
			return (-1);
		*in = one.rest;
	}
	return (0);
}

/* depth: how many levels of arrays and maps the item may still have.  0, or -1. */
static int
read_item(struct str in, int depth, struct cbor *item)
{
	struct str rest = in;
	enum major major;
	uint64_t v;
	int rc = 0;

	if (head(&rest, &major, &v) == -1 || v > INT64_MAX)
		return (-1);
	*item = (struct cbor){.number = (int64_t)v};
	switch (major) {
	case UNSIGNED:
	case NEGATIVE:
		item->type = CBOR_INT;
		item->number = major == UNSIGNED ? (int64_t)v : -1 - (int64_t)v;
		break;
	case BYTES:
	case TEXT:
		item->type = major == BYTES ? CBOR_BYTES : CBOR_TEXT;
		rc = take(&rest, v, &item->s);
		if (rc == 0 && major == TEXT && !str_is_text(item->s))
			rc = -1;
		break;
	case ARRAY:
	case MAP:
		item->type = major == ARRAY ? CBOR_ARRAY : CBOR_MAP;
		rc = members(&rest, v, major == MAP, depth);
		break;
	case TAG:
		return (-1);
	case OTHER:
		item->type = CBOR_SIMPLE;
		rc = v >= 20 && v <= 22 ? 0 : -1;
		break;
	}
	item->raw = (struct str){in.p, in.n - rest.n};
	item->rest = rest;
	return (rc);
}

int
cbor_read(struct str in, struct cbor *item)
{

	return (read_item(in, CBOR_DEPTH, item));
}

int
cbor_only(struct str in, struct cbor *item)
{

	return (cbor_read(in, item) == -1 || item->rest.n > 0 ? -1 : 0);
}

/* Looks for the key that is either the number or the name. */
static int
find(const struct cbor *map, const int64_t *number, const char *name, struct cbor *value)
{
	struct str in = map->raw;
	enum major major;
	struct cbor key;
	uint64_t n;

	if (map->type != CBOR_MAP || head(&in, &major, &n) == -1)
		return (0);
	for (uint64_t i = 0; i < n; i++) {
		if (cbor_read(in, &key) == -1 || cbor_read(key.rest, value) == -1)
			return (0); /* the map was read before, so it never comes to this */
		if (number != NULL ? key.type == CBOR_INT && key.number == *number
				   : key.type == CBOR_TEXT && str_eqz(key.s, name))
			return (1);
		in = value->rest;
	}
	return (0);
}

int
cbor_at(const struct cbor *map, int64_t key, struct cbor *value)
{

	return (find(map, &key, NULL, value));
}

int
cbor_named(const struct cbor *map, const char *key, struct cbor *value)
{

	return (find(map, NULL, key, value));
}
