/* CBOR in its one form, base64url, and what authenticators say, by vectors of an authenticator in software. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64url.h"
#include "core/cbor.h"
#include "core/webauthn.h"
#include "wire/crypt.h"

#include "webauthn_vectors.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
static const struct webauthn_site site = {{"https://portal.brand.example", 28}, {"portal.brand.example", 20}};
static struct arena *a;

static struct str
bytes(const char *hex)
{
	const size_t n = strlen(hex) / 2;
	char *p = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++) {
		const char *digits = "0123456789abcdef";

		p[i] = (char)((strchr(digits, hex[2 * i]) - digits) << 4 | (strchr(digits, hex[2 * i + 1]) - digits));
	}
	return ((struct str){p, n});
}

/* The same with one bit of one byte changed. */
static struct str
changed(struct str s, size_t at, int bit)
{
	char *p = arena_alloc(a, s.n);

	memcpy(p, s.p, s.n);
	p[at] = (char)(p[at] ^ 1 << bit);
	return ((struct str){p, s.n});
}

static void
base64url_has_one_text_for_each_value(void **state)
{
	static const struct {
		const char *text, *hex;
	} good[] = {
	    {"", ""}, {"Zg", "66"}, {"Zm8", "666f"}, {"Zm9v", "666f6f"}, {"Zm9vYg", "666f6f62"}, {"-_8", "fbff"}};
	static const char *const bad[] = {"Z", "Zh", "Zm9", "Zg==", "Zm 9v", "+/8", "Zm9vY", "Zm8\n"};
	struct str got;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		assert_int_equal(base64url_open(a, str_of(good[i].text), &got), 0);
		assert_true(str_eq(got, bytes(good[i].hex)));
		buf_init(&b, a, 100);
		base64url_add(&b, got);
		assert_true(str_eqz(buf_str(&b), good[i].text));
	}
	for (size_t i = 0; i < N(bad); i++)
		assert_int_equal(base64url_open(a, str_of(bad[i]), &got), -1);
}

static void
cbor_is_read_in_its_one_form(void **state)
{
	/* As appendix A of RFC 8949 has them, where CTAP2 allows them. */
	static const struct {
		const char *hex;
		enum cbor_type type;
		int64_t number;
	} good[] = {{"00", CBOR_INT, 0}, {"17", CBOR_INT, 23}, {"1818", CBOR_INT, 24}, {"1903e8", CBOR_INT, 1000},
	    {"1a000f4240", CBOR_INT, 1000000}, {"1b000000e8d4a51000", CBOR_INT, 1000000000000},
	    {"1b7fffffffffffffff", CBOR_INT, INT64_MAX}, {"3b7fffffffffffffff", CBOR_INT, INT64_MIN},
	    {"20", CBOR_INT, -1}, {"3863", CBOR_INT, -100}, {"3903e7", CBOR_INT, -1000}, {"f4", CBOR_SIMPLE, 20},
	    {"f5", CBOR_SIMPLE, 21}, {"f6", CBOR_SIMPLE, 22}, {"40", CBOR_BYTES, 0}, {"4401020304", CBOR_BYTES, 4},
	    {"6161", CBOR_TEXT, 1}, {"62c3bc", CBOR_TEXT, 2}, {"80", CBOR_ARRAY, 0},
	    {"8301820203820405", CBOR_ARRAY, 3}, {"a0", CBOR_MAP, 0}, {"a201020304", CBOR_MAP, 2},
	    {"a26161016162820203", CBOR_MAP, 2}, {"818181818180", CBOR_ARRAY, 1}};
	struct cbor item;

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		assert_int_equal(cbor_only(bytes(good[i].hex), &item), 0);
		assert_int_equal(item.type, good[i].type);
		assert_int_equal(item.number, good[i].number);
	}
}

static void
cbor_in_any_other_form_is_refused(void **state)
{
	static const char *const bad[] = {"", "1817", "190017", "1900ff", "1a0000ffff",
	    "1b00000000ffffffff",                       /* too long */
	    "1bffffffffffffffff", "3bffffffffffffffff", /* no int64_t */
	    "18", "19ff", "1affffff", "41", "5affffffff", "5bffffffffffffffff", "61", "81", "a1", "a101", /* cut */
	    "5f4101ff", "7f6161ff", "9f01ff", "bf0101ff", "ff", /* without a length */
	    "1c", "1d", "1e", "3c", "5c", "fc",                 /* reserved */
	    "c074", "c11a514b67b0", "d818456449455446",         /* tags */
	    "f90000", "fa47c35000", "fb3ff199999999999a", "f7", "e0", "f3", "f8ff",
	    "f814",                                          /* floats, other simple values */
	    "61ff", "62c328", "6100", "617f",                /* no text */
	    "a201010101", "a2616101616102", "a220012001",    /* a key twice */
	    "a14101f6", "a1f601", "a1800101", "a1a001",      /* keys of other kinds */
	    "0000", "a000",                                  /* something behind */
	    "81818181818180", "a101a101a101a101a101a101a0"}; /* deep */
	struct cbor item;

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		if (cbor_only(bytes(bad[i]), &item) != -1)
			fail_msg("%s was read", bad[i]);
}

static void
cbor_maps_and_arrays_have_a_most(void **state)
{
	struct cbor item;
	struct buf b;

	(void)state;
	for (int n = CBOR_MEMBERS - 1; n <= CBOR_MEMBERS + 1; n++) {
		buf_init(&b, a, 1000);
		buf_char(&b, (char)0x98);
		buf_char(&b, (char)n);
		for (int i = 0; i < n; i++)
			buf_char(&b, 0);
		assert_int_equal(cbor_only(buf_str(&b), &item), n <= CBOR_MEMBERS ? 0 : -1);
	}
}

static void
what_a_map_holds_is_found_by_its_key_alone(void **state)
{
	struct cbor map, value;

	(void)state;
	assert_int_equal(cbor_only(bytes("a4016161206162613141036121a10105"), &map), 0);
	assert_true(cbor_at(&map, 1, &value) && str_eqz(value.s, "a"));
	assert_true(cbor_at(&map, -1, &value) && str_eqz(value.s, "b"));
	assert_true(cbor_named(&map, "1", &value) && value.type == CBOR_BYTES);
	assert_true(cbor_named(&map, "!", &map) && cbor_at(&map, 1, &value) && value.number == 5);
	assert_false(cbor_at(&map, 2, &value));
	assert_false(cbor_named(&map, "2", &value));
}

/* NULL, or what is wrong with the vector after all of it was verified. */
static const char *
registered(const struct vector *v, struct webauthn_new *made)
{
	struct str challenge;
	const char *why = webauthn_client(a, &site, "webauthn.create", bytes(v->created), &challenge);

	if (why != NULL)
		return (why);
	assert_int_equal(challenge.n, 56);
	assert_int_equal(challenge.p[55], 7);
	return (webauthn_created(&site, bytes(v->attestation), made));
}

static const char *
asserted(const struct vector *v, struct str key, struct str data, struct str signature, int64_t *count)
{
	const struct webauthn_assertion said = {bytes(v->client), data, signature};

	return (webauthn_asserted(a, &site, key, &said, count));
}

static void
each_kind_of_key_is_registered_and_signs(void **state)
{
	struct webauthn_new made;
	int64_t count;

	(void)state;
	for (size_t i = 0; i < N(vectors); i++) {
		const struct vector *v = &vectors[i];

		assert_null(registered(v, &made));
		assert_int_equal(made.id.n, 16);
		assert_int_equal(made.count, 1);
		assert_true(made.key.n <= WEBAUTHN_KEY_MAX);
		assert_null(asserted(v, made.key, bytes(v->data), bytes(v->signature), &count));
		assert_int_equal(count, 2);
	}
}

static void
no_bit_of_an_assertion_can_be_changed(void **state)
{
	struct webauthn_new made;
	int64_t count;

	(void)state;
	for (size_t i = 0; i < N(vectors); i++) {
		const struct vector *v = &vectors[i];
		const struct str data = bytes(v->data), signature = bytes(v->signature);

		assert_null(registered(v, &made));
		for (size_t at = 0; at < data.n; at++)
			for (int bit = 0; bit < 8; bit++)
				assert_non_null(asserted(v, made.key, changed(data, at, bit), signature, &count));
		for (size_t at = 0; at < signature.n; at++)
			assert_non_null(asserted(v, made.key, data, changed(signature, at, (int)at % 8), &count));
		assert_non_null(asserted(v, made.key, data, (struct str){signature.p, signature.n - 1}, &count));
		assert_non_null(asserted(v, made.key, data, bytes("00"), &count));
		assert_non_null(asserted(v, made.key, data, S(""), &count));
		for (size_t other = 0; other < N(vectors); other++)
			if (other != i) {
				assert_null(registered(&vectors[other], &made));
				assert_non_null(asserted(v, made.key, data, signature, &count));
			}
	}
}

static void
an_attestation_object_is_read_to_its_end_and_no_further(void **state)
{
	struct webauthn_new made;

	(void)state;
	for (size_t i = 0; i < N(vectors); i++) {
		const struct str whole = bytes(vectors[i].attestation);
		struct buf more;

		for (size_t n = 0; n < whole.n; n++)
			assert_non_null(webauthn_created(&site, (struct str){whole.p, n}, &made));
		buf_init(&more, a, 4096);
		buf_add(&more, whole);
		buf_char(&more, 0);
		assert_string_equal(webauthn_created(&site, buf_str(&more), &made), "attestation");
	}
}

static void
client_data_is_held_against_type_origin_and_frame(void **state)
{
	static const struct {
		const char *json, *why;
	} cases[] = {
	    {"{\"type\":\"webauthn.get\",\"challenge\":\"AA\",\"origin\":\"https://portal.brand.example\"}", NULL},
	    {"{\"type\":\"webauthn.get\",\"challenge\":\"AA\",\"origin\":\"https://portal.brand.example\","
	     "\"crossOrigin\":false,\"other\":{}}",
		NULL},
	    {"{\"type\":\"webauthn.create\",\"challenge\":\"AA\",\"origin\":\"https://portal.brand.example\"}", "type"},
	    {"{\"type\":\"webauthn.get\",\"challenge\":\"AA\",\"origin\":\"https://portal.brand.example:443\"}",
		"origin"},
	    {"{\"type\":\"webauthn.get\",\"challenge\":\"AA\",\"origin\":\"https://portal.brand.example.\"}", "origin"},
	    {"{\"type\":\"webauthn.get\",\"challenge\":\"AA\",\"origin\":\"https://PORTAL.brand.example\"}", "origin"},
	    {"{\"type\":\"webauthn.get\",\"challenge\":\"AA\",\"origin\":\"https://portal.brand.example\","
	     "\"crossOrigin\":true}",
		"frame"},
	    {"{\"type\":\"webauthn.get\",\"challenge\":\"AA\",\"origin\":\"https://portal.brand.example\","
	     "\"topOrigin\":\"https://portal.brand.example\"}",
		"frame"},
	    {"{\"type\":\"webauthn.get\",\"challenge\":\"A\",\"origin\":\"https://portal.brand.example\"}",
		"challenge"},
	    {"{\"type\":\"webauthn.get\",\"type\":\"webauthn.get\",\"challenge\":\"AA\"}", "client"}, {"[]", "client"},
	    {"", "client"}};
	struct str challenge;

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		const char *why = webauthn_client(a, &site, "webauthn.get", str_of(cases[i].json), &challenge);

		if (cases[i].why == NULL)
			assert_null(why);
		else
			assert_string_equal(why, cases[i].why);
	}
}

static void
keys_are_of_their_kind(void **state)
{
	static char ones[1024];
	const struct str one = {ones, 32}, n4104 = {ones, 513}, e = {"\x01\x00\x01", 3};
	struct crypt_public k = {CRYPT_ES256, one, one};
	struct webauthn_new made;
	struct cbor map, modulus;
	struct str n2048;

	(void)state;
	assert_null(registered(&vectors[N(vectors) - 1], &made));
	assert_int_equal(cbor_only(made.key, &map), 0);
	assert_true(cbor_at(&map, -1, &modulus));
	n2048 = modulus.s; /* of a real key */
	memset(ones, 0xff, sizeof(ones));
	assert_false(crypt_public_good(&k)); /* not on the curve */
	k = (struct crypt_public){CRYPT_EDDSA, {ones, 31}, S("")};
	assert_false(crypt_public_good(&k));
	k = (struct crypt_public){CRYPT_RS256, {ones, 255}, e};
	assert_false(crypt_public_good(&k));
	k = (struct crypt_public){CRYPT_RS256, n4104, e};
	assert_false(crypt_public_good(&k));
	k = (struct crypt_public){CRYPT_RS256, n2048, e};
	assert_true(crypt_public_good(&k));
	k = (struct crypt_public){CRYPT_RS256, n2048, {"\x01", 1}}; /* whatever is signed is its own signature */
	assert_false(crypt_public_good(&k));
	k = (struct crypt_public){CRYPT_RS256, n2048, {"\x04", 1}};
	assert_false(crypt_public_good(&k));
	k = (struct crypt_public){CRYPT_RS256, n2048, {"\x00\x01\x00\x01", 4}};
	assert_false(crypt_public_good(&k));
}

static int
begin(void **state)
{

	(void)state;
	a = arena_open();
	return (0);
}

static int
end(void **state)
{

	(void)state;
	arena_close(a);
	return (0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(base64url_has_one_text_for_each_value),
	    cmocka_unit_test(cbor_is_read_in_its_one_form),
	    cmocka_unit_test(cbor_in_any_other_form_is_refused),
	    cmocka_unit_test(cbor_maps_and_arrays_have_a_most),
	    cmocka_unit_test(what_a_map_holds_is_found_by_its_key_alone),
	    cmocka_unit_test(each_kind_of_key_is_registered_and_signs),
	    cmocka_unit_test(no_bit_of_an_assertion_can_be_changed),
	    cmocka_unit_test(an_attestation_object_is_read_to_its_end_and_no_further),
	    cmocka_unit_test(client_data_is_held_against_type_origin_and_frame),
	    cmocka_unit_test(keys_are_of_their_kind),
	};

	return (cmocka_run_group_tests(tests, begin, end));
}
