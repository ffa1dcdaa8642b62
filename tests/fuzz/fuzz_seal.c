/* Public ids and cursors: a text opens as one resource at most, and only the one text that was
 * made for an id opens to it. */
#include "core/seal.h"
#include "tests/fuzz/fuzz.h"

static void
opened(struct arena *a, struct crypt_block *key, struct str s)
{
	int resources = 0;
	int64_t id;

	for (int r = 0; r < RES__MAX; r++) {
		struct buf again;

		if (seal_id_open(key, (enum resource)r, s, &id) == -1)
			continue;
		RULE(++resources == 1 && id > 0 && seal_resource(s) == r);
		buf_init(&again, a, 100);
		seal_id(key, (enum resource)r, id, &again);
		RULE(str_eq(buf_str(&again), s));
	}
}

/* The input as an id and its resource: sealed, it opens; with one bit of the text changed, or under another
 * resource's prefix, it does not. */
static void
sealed(struct arena *a, struct crypt_block *key, const uint8_t *data, size_t n)
{
	int64_t id = 0, found;
	enum resource res;
	struct buf b;
	size_t at;

	if (n < 10)
		return;
	res = data[0] % RES__MAX;
	at = data[1] % SEAL_TEXT;
	memcpy(&id, data + 2, 8);
	buf_init(&b, a, 100);
	seal_id(key, res, id, &b);
	RULE(b.n == SEAL_TEXT);
	RULE(seal_id_open(key, res, buf_str(&b), &found) == (id > 0 ? 0 : -1));
	if (id <= 0)
		return;
	RULE(found == id);
	opened(a, key, buf_str(&b));
	b.p[at] ^= (char)(1 << data[1] % 7);
	RULE(seal_id_open(key, res, buf_str(&b), &found) == -1);
	b.p[at] ^= (char)(1 << data[1] % 7);
	for (int r = 0; r < RES__MAX; r++) {
		memcpy(b.p, access_resources[r].prefix, 3);
		RULE(seal_id_open(key, (enum resource)r, buf_str(&b), &found) == (r == (int)res ? 0 : -1));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const unsigned char secret[32] = {7};
	static struct crypt_block *key;
	struct arena *a = fuzz_arena();
	struct str s = fuzz_copy(data, n), bytes;
	struct buf b;

	if (key == NULL)
		key = crypt_block_open(secret);
	opened(a, key, s);
	sealed(a, key, data, n);
	buf_init(&b, a, 2 * n + 100);
	if (seal_base32_open(a, s, &bytes) == 0) {
		seal_base32(&b, (const unsigned char *)bytes.p, bytes.n);
		RULE(str_eq(buf_str(&b), s));
	}
	buf_clear(&b);
	seal_base32(&b, data, n);
	RULE(seal_base32_open(a, buf_str(&b), &bytes) == 0 && str_eq(bytes, s));
	free((char *)s.p);
	return (0);
}
