/* CBOR and what is made of it: an item that is read is written again in the same bytes, so there is one form of each
 * value; it ends where it says; what a map holds is found, and a key that stands twice is not. */
#include "base/base64url.h"
#include "core/cbor.h"
#include "core/webauthn.h"
#include "tests/fuzz/fuzz.h"

/* A head as RFC 8949 writes it, in the fewest bytes. */
static void
head(struct buf *b, int major, uint64_t v)
{
	const int more = v < 24 ? 0 : v <= 0xff ? 1 : v <= 0xffff ? 2 : v <= 0xffffffff ? 4 : 8;

	buf_char(b, (char)(major << 5 | (more == 0 ? (int)v : more == 1 ? 24 : more == 2 ? 25 : more == 4 ? 26 : 27)));
	for (int i = more - 1; i >= 0; i--)
		buf_char(b, (char)(v >> (8 * i)));
}

static void
write_again(struct buf *b, const struct cbor *item, int depth)
{
	struct str in;
	struct cbor one;
	struct buf own;

	RULE(depth <= CBOR_DEPTH + 1);
	switch (item->type) {
	case CBOR_INT:
		head(b, item->number < 0, item->number < 0 ? (uint64_t)(-1 - item->number) : (uint64_t)item->number);
		return;
	case CBOR_BYTES:
	case CBOR_TEXT:
		RULE(item->type == CBOR_BYTES || fuzz_is_utf8((const uint8_t *)item->s.p, item->s.n));
		head(b, item->type == CBOR_BYTES ? 2 : 3, item->s.n);
		buf_add(b, item->s);
		return;
	case CBOR_SIMPLE:
		head(b, 7, (uint64_t)item->number);
		return;
	case CBOR_ARRAY:
	case CBOR_MAP:
		break;
	}
	RULE(item->number >= 0 && item->number <= CBOR_MEMBERS);
	buf_init(&own, b->a, 64);
	head(&own, item->type == CBOR_ARRAY ? 4 : 5, (uint64_t)item->number);
	buf_add(b, buf_str(&own));
	in = (struct str){item->raw.p + own.n, item->raw.n - own.n};
	for (int64_t i = 0; i < item->number * (item->type == CBOR_MAP ? 2 : 1); i++) {
		RULE(cbor_read(in, &one) == 0);
		write_again(b, &one, depth + 1);
		in = one.rest;
	}
	RULE(in.n == 0);
}

/* Each key of a map finds the value behind it: none stands there twice. */
static void
find_all(const struct cbor *map)
{
	struct str in = map->raw;
	struct cbor key, value, found;

	in.p += map->number < 24 ? 1 : 2;
	in.n -= map->number < 24 ? 1 : 2;
	for (int64_t i = 0; i < map->number; i++) {
		RULE(cbor_read(in, &key) == 0 && cbor_read(key.rest, &value) == 0);
		RULE(key.type == CBOR_INT || key.type == CBOR_TEXT);
		if (key.type == CBOR_INT)
			RULE(cbor_at(map, key.number, &found) == 1 && found.raw.p == value.raw.p);
		in = value.rest;
	}
}

/* What is accepted as a new credential can be asserted with, and is not by this. */
static void
accept(struct arena *a, struct str s)
{
	static const struct webauthn_site site = {
	    {"https://portal.brand.example", 28}, {"portal.brand.example", 20}};
	const struct webauthn_assertion said = {s, s, s};
	struct webauthn_new made;
	int64_t count;

	if (webauthn_created(&site, s, &made) == NULL) {
		RULE(made.id.n >= WEBAUTHN_ID_MIN && made.id.n <= WEBAUTHN_ID_MAX && made.key.n <= WEBAUTHN_KEY_MAX);
		RULE(made.count >= 0 && made.count <= UINT32_MAX);
		RULE(webauthn_asserted(a, &site, made.key, &said, &count) != NULL);
	}
	RULE(webauthn_asserted(a, &site, s, &said, &count) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str s = fuzz_copy(data, n), text;
	struct cbor item;
	struct buf b;

	buf_init(&b, a, 4 * n + 100);
	if (cbor_read(s, &item) == 0) {
		RULE(item.raw.p == s.p && item.raw.n > 0 && item.raw.n + item.rest.n == n && item.rest.p == s.p + item.raw.n);
		write_again(&b, &item, 1);
		RULE(str_eq(buf_str(&b), item.raw));
		if (item.type == CBOR_MAP)
			find_all(&item);
	}
	accept(a, s);
	buf_clear(&b);
	if (base64url_open(a, s, &text) == 0) {
		base64url_add(&b, text);
		RULE(str_eq(buf_str(&b), s));
	}
	free((char *)s.p);
	return (0);
}
