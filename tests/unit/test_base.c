/* Text, UTF-8, arena, buffers and their escapers: what outside text can do to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static struct arena *a;

static int
prepare(void **state)
{

	(void)state;
	a = arena_open();
	return (0);
}

static int
finish(void **state)
{

	(void)state;
	arena_close(a);
	return (0);
}

#define assert_str(s, literal)                                             \
	do {                                                               \
		struct str got_ = (s);                                     \
		assert_int_equal(got_.n, sizeof(literal) - 1);             \
		assert_memory_equal(got_.p, literal, sizeof(literal) - 1); \
	} while (0)

static struct buf
fresh(void)
{
	struct buf b;

	buf_init(&b, a, 1024 * 1024);
	return (b);
}

static void
text_is_compared_by_length_and_bytes(void **state)
{

	(void)state;
	assert_true(str_eq(S(""), (struct str){NULL, 0}));
	assert_true(str_eq(S("a\0b"), S("a\0b")));
	assert_false(str_eq(S("a\0b"), S("a\0c")));
	assert_false(str_eqz(S("ab"), "abc"));
	assert_true(str_eq_nocase(S("aZ["), S("Az[")));
	assert_false(str_eq_nocase(S("@"), S("`"))); /* 32 apart, but no letters */
	assert_false(str_eq_nocase(S("Ä"), S("ä"))); /* ASCII only, as it says */
	assert_true(str_starts(S("abc"), S("")));
	assert_true(str_starts(S("abc"), S("abc")));
	assert_false(str_starts(S("ab"), S("abc")));
	assert_int_equal(str_of(NULL).n, 0);
}

static void
a_cut_tells_an_empty_rest_from_none(void **state)
{
	struct str rest;

	(void)state;
	assert_str(str_cut(S("a=b=c"), '=', &rest), "a");
	assert_str(rest, "b=c");
	assert_str(str_cut(S("a="), '=', &rest), "a");
	assert_int_equal(rest.n, 0);
	assert_non_null(rest.p);
	assert_str(str_cut(S("a"), '=', &rest), "a");
	assert_null(rest.p);
	assert_int_equal(str_cut((struct str){NULL, 0}, '=', &rest).n, 0);
	assert_null(rest.p);
	assert_str(str_cut(S("=x"), '=', &rest), "");
	assert_str(rest, "x");
}

static void
a_whole_number_is_digits_that_fit(void **state)
{
	static const char *const wrong[] = {"", "-", "+1", " 1", "1 ", "0x10", "1.0", "--1", "9223372036854775808",
	    "-9223372036854775809", "18446744073709551616", "99999999999999999999999"};
	int64_t v = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (str_int(str_of(wrong[i]), &v) != -1)
			fail_msg("taken: %s", wrong[i]);
	assert_int_equal(v, 7); /* left alone by a refusal */
	assert_int_equal(str_int(S("9223372036854775807"), &v), 0);
	assert_true(v == INT64_MAX);
	assert_int_equal(str_int(S("-9223372036854775808"), &v), 0);
	assert_true(v == INT64_MIN);
	assert_int_equal(str_int(S("-0"), &v), 0);
	assert_int_equal(v, 0);
	assert_int_equal(str_int(S("007"), &v), 0);
	assert_int_equal(v, 7);
}

static void
only_well_formed_utf8_is_text(void **state)
{
	static const struct str wrong[] = {S("\0"), S("a\0b"), S("\x01"), S("\x1b[0m"), S("\x7f"), S("\x80"), S("\xbf"),
	    S("\xc0\x80"), S("\xc1\xbf"), S("\xc2"), S("\xc2 "), S("\xe0\x80\x80"), S("\xe0\x9f\xbf"),
	    S("\xed\xa0\x80"), S("\xed\xbf\xbf"), S("\xe2\x82"), S("\xe2\x82 "), S("\xf0\x80\x80\x80"),
	    S("\xf0\x8f\xbf\xbf"), S("\xf4\x90\x80\x80"), S("\xf5\x80\x80\x80"), S("\xf0\x9f\x98"), S("\xff"),
	    S("\xfe"), S("ok\xf0\x9f\x98\x28")};
	static const struct str right[] = {S(""), S("a\tb\nc"), S("\xc2\x80"), S("\xdf\xbf"), S("\xe0\xa0\x80"),
	    S("\xed\x9f\xbf"), S("\xee\x80\x80"), S("\xef\xbf\xbf"), S("\xf0\x90\x80\x80"), S("\xf4\x8f\xbf\xbf"),
	    S("見本呼吸ケア"), S("النموذج")};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (str_is_text(wrong[i]))
			fail_msg("taken: number %zu", i);
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (!str_is_text(right[i]))
			fail_msg("refused: number %zu", i);
	assert_false(str_is_text(S("a\r\nb")));
	assert_true(str_is_lines(S("a\r\nb")));
	assert_true(str_is_line(S("")) && str_is_line(S("a é")));
	assert_false(
	    str_is_line(S("a\tb")) || str_is_line(S("a\n")) || str_is_line(S("a\x1b")) || str_is_line(S("\xff")));
	assert_true(str_is_blank(S("")) && str_is_blank(S(" \t\n")));
	assert_false(str_is_blank(S(" a ")));
	assert_int_equal(str_chars(S("aé見😀")), 4);
}

/* Every sequence of up to three bytes, against a decoder that is written differently. */
static void
utf8_agrees_with_a_second_opinion(void **state)
{
	unsigned char p[3];

	(void)state;
	for (unsigned v = 0; v < 1u << 24; v += 1 + (v >> 16 < 0xe0 ? 16 : 0)) {
		bool good = false;
		unsigned c;

		p[0] = (unsigned char)(v >> 16);
		p[1] = (unsigned char)(v >> 8);
		p[2] = (unsigned char)v;
		if (p[0] < 0xe0 || p[0] > 0xef) /* the other lengths have their cases above */
			continue;
		c = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
		good = p[1] >> 6 == 2 && p[2] >> 6 == 2 && c >= 0x800 && !(c >= 0xd800 && c <= 0xdfff);
		if (str_is_text((struct str){(char *)p, 3}) != good)
			fail_msg("%02x %02x %02x", p[0], p[1], p[2]);
	}
}

static void
the_arena_keeps_what_it_gave_until_it_is_reset(void **state)
{
	char *first = arena_alloc(a, 1), *small[100];
	struct str s;
	char *zero;

	(void)state;
	*first = 'x';
	for (int i = 0; i < 100; i++) {
		small[i] = arena_alloc(a, (size_t)i * 997 + 1);
		assert_int_equal((uintptr_t)small[i] % _Alignof(max_align_t), 0);
		memset(small[i], i, (size_t)i * 997 + 1);
	}
	for (int i = 0; i < 100; i++)
		for (int j = 0; j < i * 997 + 1; j += 331)
			assert_int_equal(small[i][j], i);
	assert_int_equal(*first, 'x');
	zero = arena_zero(a, 100, 7);
	for (int i = 0; i < 700; i++)
		assert_int_equal(zero[i], 0);
	s = arena_str(a, (struct str){"abcdef", 3});
	assert_string_equal(s.p, "abc");
	s = arena_printf(a, "%d|%s|%.*s", 7, "ü", 2, "xyz");
	assert_string_equal(s.p, "7|ü|xy");
	assert_int_equal(s.n, strlen(s.p));
	for (int i = 0; i < 3; i++) {
		arena_reset(a);
		memset(arena_alloc(a, 3000000), i, 3000000); /* far larger than a block */
	}
	assert_non_null(arena_alloc(a, 0));
}

static void
a_buffer_that_is_full_says_so_and_stays_so(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, a, 5);
	buf_addz(&b, "abc");
	buf_addz(&b, "def");
	assert_true(buf_failed(&b));
	buf_addz(&b, "g"); /* would fit, but the text before it is not there */
	assert_str(buf_str(&b), "abc");
	assert_null(buf_room(&b, 1));
	buf_clear(&b);
	assert_false(buf_failed(&b));
	buf_addz(&b, "12345");
	assert_false(buf_failed(&b));
	buf_char(&b, '6');
	assert_true(buf_failed(&b));
	assert_str(buf_str(&b), "12345");
}

static void
numbers_come_out_whole(void **state)
{
	struct buf b = fresh();

	(void)state;
	buf_int(&b, 0);
	buf_char(&b, ' ');
	buf_int(&b, INT64_MIN);
	buf_char(&b, ' ');
	buf_int(&b, INT64_MAX);
	assert_str(buf_str(&b), "0 -9223372036854775808 9223372036854775807");
}

static void
html_cannot_be_left(void **state)
{
	struct buf b = fresh();

	(void)state;
	html_text(&b, S("<script>&'\"</script>見"));
	assert_str(buf_str(&b), "&lt;script&gt;&amp;&#39;&quot;&lt;/script&gt;見");
	buf_clear(&b);
	html_attr(&b, S("\" onload=\"x'<>&"));
	assert_str(buf_str(&b), "&quot; onload=&quot;x&#39;&lt;&gt;&amp;");
	buf_clear(&b);
	html_text(&b, S(""));
	assert_int_equal(buf_str(&b).n, 0);
}

static void
members_of_json_stand_behind_a_comma_but_the_first(void **state)
{
	struct buf b = fresh();

	(void)state;
	buf_char(&b, '{');
	json_text(&b, "first", S("{"));
	json_text(&b, "none", S(""));
	json_name(&b, "of");
	buf_char(&b, '{');
	json_text(&b, "a", S("\""));
	buf_addz(&b, "}}");
	assert_str(buf_str(&b), "{\"first\":\"{\",\"none\":null,\"of\":{\"a\":\"\\\"\"}}");
}

static void
json_text_cannot_be_left(void **state)
{
	struct buf b = fresh();
	char all[0x20];

	(void)state;
	json_str(&b, S("a\"b\\c/\n\t\r\b\f\x01\x1f"));
	assert_str(buf_str(&b), "\"a\\\"b\\\\c/\\n\\t\\r\\b\\f\\u0001\\u001f\"");
	buf_clear(&b);
	for (int i = 0; i < 0x20; i++)
		all[i] = (char)i;
	json_str(&b, (struct str){all, sizeof(all)});
	for (size_t i = 0; i < b.n; i++)
		assert_true((unsigned char)b.p[i] >= 0x20);
	buf_clear(&b);
	json_str(&b, (struct str){NULL, 0});
	assert_str(buf_str(&b), "\"\"");
}

/* Eight bytes are looked at together: each byte at each place among others, held against one that looks at each alone. */
static void
json_text_is_the_same_wherever_a_byte_stands(void **state)
{
	static const char around[] = "a\x80\xff~ \x7f!#[]^";
	struct buf b = fresh(), want = fresh();
	char text[20];

	(void)state;
	for (int c = 0; c < 256; c++)
		for (size_t at = 0; at < sizeof(text); at++)
			for (size_t other = 0; other + 1 < sizeof(around); other++) {
				memset(text, around[other], sizeof(text));
				text[at] = (char)c;
				buf_clear(&want);
				for (size_t i = 0; i < sizeof(text); i++) {
					buf_clear(&b);
					json_str(&b, (struct str){text + i, 1});
					buf_add(&want, (struct str){b.p + 1, b.n - 2});
				}
				buf_clear(&b);
				json_str(&b, (struct str){text, sizeof(text)});
				assert_int_equal(b.n, want.n + 2);
				assert_memory_equal(b.p + 1, want.p, want.n);
			}
}

static void
an_argument_of_an_address_stays_one(void **state)
{
	struct buf b = fresh();

	(void)state;
	url_arg(&b, S("a b&c=d/e?f#g%~é\n"));
	assert_str(buf_str(&b), "a%20b%26c%3Dd%2Fe%3Ff%23g%25~%C3%A9%0A");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_is_compared_by_length_and_bytes),
	    cmocka_unit_test(a_cut_tells_an_empty_rest_from_none),
	    cmocka_unit_test(a_whole_number_is_digits_that_fit),
	    cmocka_unit_test(only_well_formed_utf8_is_text),
	    cmocka_unit_test(utf8_agrees_with_a_second_opinion),
	    cmocka_unit_test(the_arena_keeps_what_it_gave_until_it_is_reset),
	    cmocka_unit_test(a_buffer_that_is_full_says_so_and_stays_so),
	    cmocka_unit_test(numbers_come_out_whole),
	    cmocka_unit_test(html_cannot_be_left),
	    cmocka_unit_test(members_of_json_stand_behind_a_comma_but_the_first),
	    cmocka_unit_test(json_text_cannot_be_left),
	    cmocka_unit_test(json_text_is_the_same_wherever_a_byte_stands),
	    cmocka_unit_test(an_argument_of_an_address_stays_one),
	};

	return (cmocka_run_group_tests(tests, prepare, finish));
}
