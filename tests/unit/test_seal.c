/* Public ids: each opens to what it was made of, under its own key and type only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/seal.h"

static struct arena *a;
static struct crypt_block *key, *other_key;

static int
prepare(void **state)
{
	static const unsigned char one[32] = {1}, two[32] = {2};

	(void)state;
	a = arena_open();
	key = crypt_block_open(one);
	other_key = crypt_block_open(two);
	return (key == NULL || other_key == NULL ? -1 : 0);
}

static int
finish(void **state)
{

	(void)state;
	crypt_block_close(key);
	crypt_block_close(other_key);
	arena_close(a);
	return (0);
}

static struct str
sealed(enum resource res, int64_t id)
{
	struct buf b;

	buf_init(&b, a, 100);
	seal_id(key, res, id, &b);
	assert_int_equal(b.n, SEAL_TEXT);
	return (buf_str(&b));
}

static void
an_id_opens_to_what_it_was_made_of(void **state)
{
	static const int64_t ids[] = {1, 2, 255, 256, 65537, INT32_MAX, (int64_t)1 << 40, INT64_MAX};
	int64_t id;

	(void)state;
	for (int r = 0; r < RES__MAX; r++)
		for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
			struct str text = sealed((enum resource)r, ids[i]);

			assert_true(str_starts(text, str_of(access_resources[r].prefix)));
			assert_int_equal(seal_resource(text), r);
			assert_int_equal(seal_id_open(key, (enum resource)r, text, &id), 0);
			assert_true(id == ids[i]);
		}
}

static void
an_id_of_another_type_or_key_opens_nothing(void **state)
{
	struct str text = sealed(RES_document, 4711);
	int64_t id = -1;

	(void)state;
	for (int r = 0; r < RES__MAX; r++) {
		char copy[SEAL_TEXT];

		if (r == RES_document)
			continue;
		assert_int_equal(seal_id_open(key, (enum resource)r, text, &id), -1);
		/* Nor with that type's prefix in front of the same block. */
		memcpy(copy, text.p, SEAL_TEXT);
		memcpy(copy, access_resources[r].prefix, 3);
		assert_int_equal(seal_id_open(key, (enum resource)r, (struct str){copy, SEAL_TEXT}, &id), -1);
	}
	assert_int_equal(seal_id_open(other_key, RES_document, text, &id), -1);
	assert_int_equal(id, -1);
}

static void
an_id_that_was_never_given_opens_nothing(void **state)
{
	int64_t id = -1;

	(void)state;
	assert_int_equal(seal_id_open(key, RES_user, sealed(RES_user, 0), &id), -1);
	assert_int_equal(seal_id_open(key, RES_user, sealed(RES_user, -1), &id), -1);
	assert_int_equal(seal_id_open(key, RES_user, sealed(RES_user, INT64_MIN), &id), -1);
	/* One letter changed, anywhere: 26 x 31 of them, none opens. */
	for (size_t at = 4; at < SEAL_TEXT; at++) {
		char copy[SEAL_TEXT];

		memcpy(copy, sealed(RES_user, 7).p, SEAL_TEXT);
		for (const char *c = "abcdefghijklmnopqrstuvwxyz234567"; *c != '\0'; c++) {
			if (*c == sealed(RES_user, 7).p[at])
				continue;
			copy[at] = *c;
			assert_int_equal(seal_id_open(key, RES_user, (struct str){copy, SEAL_TEXT}, &id), -1);
		}
	}
}

static void
an_id_has_one_spelling(void **state)
{
	static const char *const wrong[] = {"", "usr", "usr_", "_", "usr_aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "usr-aaaaaaaaaaaaaaaaaaaaaaaaaa", "usr_0000000000000000000000000", "usr_AAAAAAAAAAAAAAAAAAAAAAAAAA",
	    "usr_aaaaaaaaaaaaaaaaaaaaaaaaa=", "usr_aaaaaaaaaaaaaaaaaaaaaaaa a", "xyz_aaaaaaaaaaaaaaaaaaaaaaaaaa"};
	struct str text = sealed(RES_user, 7);
	char copy[SEAL_TEXT + 1];
	int64_t id = -1;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(seal_id_open(key, RES_user, str_of(wrong[i]), &id), -1);
	memcpy(copy, text.p, SEAL_TEXT);
	copy[SEAL_TEXT] = 'a';
	assert_int_equal(seal_id_open(key, RES_user, (struct str){copy, SEAL_TEXT + 1}, &id), -1);
	assert_int_equal(seal_id_open(key, RES_user, (struct str){copy, SEAL_TEXT - 1}, &id), -1);
	copy[0] = 'U';
	assert_int_equal(seal_id_open(key, RES_user, (struct str){copy, SEAL_TEXT}, &id), -1);
	assert_int_equal(seal_resource(S("usr")), RES_user);
	assert_int_equal(seal_resource(S("Usr_x")), -1);
	assert_int_equal(seal_resource(S("")), -1);
}

static void
base32_has_one_spelling(void **state)
{
	static const char *const wrong[] = {"a", "aaa", "aaaaaa", "aaaaaaaaa", "ab", "aaab", "a=", "A1", "a1", "a b"};
	static const char *const right[] = {"", "aa", "aaaa", "aaaaa", "aaaaaaa", "aaaaaaaa", "me", "mzxw6ytb"};
	struct str bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (seal_base32_open(a, str_of(wrong[i]), &bytes) != -1)
			fail_msg("taken: %s", wrong[i]);
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct buf b;

		if (seal_base32_open(a, str_of(right[i]), &bytes) == -1)
			fail_msg("refused: %s", right[i]);
		buf_init(&b, a, 100);
		seal_base32(&b, (const unsigned char *)bytes.p, bytes.n);
		assert_true(str_eqz(buf_str(&b), right[i]));
	}
	assert_int_equal(seal_base32_open(a, S("mzxw6ytboi"), &bytes), 0); /* RFC 4648's own example */
	assert_true(str_eqz(bytes, "foobar"));
}

static void
every_prefix_is_its_own(void **state)
{

	(void)state;
	for (int r = 0; r < RES__MAX; r++) {
		assert_int_equal(strlen(access_resources[r].prefix), 3);
		for (int s = 0; s < r; s++)
			assert_string_not_equal(access_resources[r].prefix, access_resources[s].prefix);
	}
}

/* Ids that are sealed together are those that are sealed one by one, however many, with text between them. */
static void
a_batch_seals_as_one_by_one(void **state)
{
	struct seal_batch batch;
	struct buf together, single;

	(void)state;
	batch.n = 0;
	for (int n = 0; n <= 3 * SEAL_BATCH; n += SEAL_BATCH / 2 + 1) {
		buf_init(&together, a, 100000);
		buf_init(&single, a, 100000);
		for (int i = 0; i < n; i++) {
			const enum resource res = i % 2 == 0 ? RES_customer : RES_tenant;

			seal_batch_add(&batch, key, res, i + 1, &together);
			seal_id(key, res, i + 1, &single);
			buf_printf(&together, ",%d", i);
			buf_printf(&single, ",%d", i);
		}
		seal_batch_end(&batch, key, &together);
		assert_true(str_eq(buf_str(&together), buf_str(&single)));
	}
}

/* Each bit of a text counts, and its length; what was marked before does not. */
static void
a_mark_tells_texts_apart(void **state)
{
	unsigned char first[16], mark[16], text[70] = {0};

	(void)state;
	crypt_mark(key, (struct str){(char *)text, sizeof(text)}, first);
	for (size_t bit = 0; bit < 8 * sizeof(text); bit++) {
		text[bit / 8] ^= (unsigned char)(1 << bit % 8);
		crypt_mark(key, (struct str){(char *)text, sizeof(text)}, mark);
		assert_memory_not_equal(mark, first, sizeof(mark));
		text[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	for (size_t n = 0; n < sizeof(text); n++) {
		crypt_mark(key, (struct str){(char *)text, n}, mark);
		assert_memory_not_equal(mark, first, sizeof(mark));
	}
	crypt_mark(other_key, (struct str){(char *)text, sizeof(text)}, mark);
	assert_memory_not_equal(mark, first, sizeof(mark));
	crypt_mark(key, (struct str){(char *)text, sizeof(text)}, mark);
	assert_memory_equal(mark, first, sizeof(mark));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mark_tells_texts_apart),
	    cmocka_unit_test(an_id_opens_to_what_it_was_made_of),
	    cmocka_unit_test(an_id_of_another_type_or_key_opens_nothing),
	    cmocka_unit_test(an_id_that_was_never_given_opens_nothing),
	    cmocka_unit_test(an_id_has_one_spelling),
	    cmocka_unit_test(base32_has_one_spelling),
	    cmocka_unit_test(a_batch_seals_as_one_by_one),
	    cmocka_unit_test(every_prefix_is_its_own),
	};

	return (cmocka_run_group_tests(tests, prepare, finish));
}
