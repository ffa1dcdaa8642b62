/* One-time codes by the figures of RFC 6238, and boxes that open only as they were sealed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/totp.h"
#include "wire/crypt.h"

#define SECRET S("12345678901234567890") /* the one that appendix B uses with SHA-1 */

static void
codes_are_those_of_rfc_6238(void **state)
{
	/* Seconds since 1970 and the last six of the eight digits that the table has. */
	static const struct {
		int64_t at;
		int digits;
	} known[] = {{59, 287082}, {1111111109, 81804}, {1111111111, 50471}, {1234567890, 5924}, {2000000000, 279037},
	    {20000000000, 353130}};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(totp_digits(SECRET, known[i].at / TOTP_STEP_S), known[i].digits);
}

static void
a_code_is_right_for_its_step_and_one_on_either_side(void **state)
{
	char digits[16];

	(void)state;
	for (int64_t now = 1111111109; now < 1111111109 + 90; now += 7)
		for (int64_t away = -3; away <= 3; away++) {
			const int64_t step = now / TOTP_STEP_S + away;

			snprintf(digits, sizeof(digits), "%06d", totp_digits(SECRET, step));
			assert_int_equal(totp_step(SECRET, str_of(digits), now), away >= -1 && away <= 1 ? step : -1);
		}
}

static void
what_is_not_six_digits_is_no_code(void **state)
{
	/* 081804 is the code at 1111111109: its leading zero counts. */
	static const char *const wrong[] = {"", "81804", "0818040", " 81804", "081 804", "08180a", "181804"};

	(void)state;
	assert_int_equal(totp_step(SECRET, S("081804"), 1111111109), 1111111109 / TOTP_STEP_S);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(totp_step(SECRET, str_of(wrong[i]), 1111111109), -1);
}

static void
a_box_opens_under_its_key_for_what_it_is_bound_to_and_unchanged(void **state)
{
	static const unsigned char key[32] = {1}, other[32] = {2};
	unsigned char box[20 + CRYPT_BOX_MORE], second[sizeof(box)], out[20];
	const struct str sealed = {(const char *)box, sizeof(box)};

	(void)state;
	crypt_box(key, S("7"), SECRET, box);
	crypt_box(key, S("7"), SECRET, second);
	assert_memory_not_equal(box, second, sizeof(box)); /* a nonce of its own each time */
	assert_int_equal(crypt_box_open(key, S("7"), sealed, out), 0);
	assert_memory_equal(out, SECRET.p, sizeof(out));
	assert_int_equal(crypt_box_open(other, S("7"), sealed, out), -1);
	assert_int_equal(crypt_box_open(key, S("8"), sealed, out), -1);
	assert_int_equal(crypt_box_open(key, S(""), sealed, out), -1);
	assert_int_equal(crypt_box_open(key, S("7"), (struct str){sealed.p, sealed.n - 1}, out), -1);
	assert_int_equal(crypt_box_open(key, S("7"), (struct str){sealed.p, CRYPT_BOX_MORE - 1}, out), -1);
	for (size_t i = 0; i < sizeof(box); i++) {
		box[i] ^= 1;
		assert_int_equal(crypt_box_open(key, S("7"), sealed, out), -1);
		box[i] ^= 1;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_are_those_of_rfc_6238),
	    cmocka_unit_test(a_code_is_right_for_its_step_and_one_on_either_side),
	    cmocka_unit_test(what_is_not_six_digits_is_no_code),
	    cmocka_unit_test(a_box_opens_under_its_key_for_what_it_is_bound_to_and_unchanged),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
