/* CSV: what is written is read again as the same cells, and no spreadsheet takes a text for a formula. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

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

static void
assert_written(const char *text, const char *cell)
{
	struct buf b;

	buf_init(&b, a, 4096);
	csv_text(&b, str_of(text));
	assert_int_equal(b.n, strlen(cell));
	assert_memory_equal(b.p, cell, b.n);
}

static void
a_cell_is_quoted_where_it_must_be_and_nowhere_else(void **state)
{

	(void)state;
	assert_written("Klinik Musterplatz", "Klinik Musterplatz");
	assert_written("Müller, Müller & Söhne", "\"Müller, Müller & Söhne\"");
	assert_written("\"Zur Linde\" Heim", "\"\"\"Zur Linde\"\" Heim\"");
	assert_written("two\nlines", "\"two\nlines\"");
	assert_written("two\r\nlines", "\"two\r\nlines\"");
	assert_written("見本クリニック", "見本クリニック");
	assert_written("", "\"\"");
	assert_written(" blank", "\" blank\"");
	assert_written("O'Neill", "O'Neill");
}

static void
a_text_that_a_spreadsheet_would_calculate_begins_with_an_apostrophe(void **state)
{

	(void)state;
	assert_written("=1+1", "'=1+1");
	assert_written("=HYPERLINK(\"http://x.example\",\"y\")", "\"'=HYPERLINK(\"\"http://x.example\"\",\"\"y\"\")\"");
	assert_written("+49 30 1234", "'+49 30 1234");
	assert_written("-12.00", "'-12.00"); /* a text is a text; numbers of ours do not go this way */
	assert_written("@SUM(A1)", "'@SUM(A1)");
	assert_written("\tx", "'\tx");
	assert_written("\rx", "\"'\rx\"");
	assert_written("＝1", "'＝1");
	assert_written("＠x", "'＠x");
	assert_written("a=1", "a=1");
	assert_written("、x", "、x"); /* its first byte is none of those, its second nearly */
}

/* Reads one record of that text: what csv_next says; the cells in *r. */
static int
read(const char *text, struct csv_record *r, struct str *left)
{
	const char *wrong = NULL;
	int rc;

	*left = str_of(text);
	rc = csv_next(a, left, r, &wrong);
	assert_int_equal(rc == -1, wrong != NULL);
	return (rc);
}

#define assert_cell(r, i, z)                                          \
	do {                                                          \
		assert_true((r).n > (i));                             \
		assert_string_equal(arena_str(a, (r).cells[i]).p, z); \
	} while (0)

static void
records_are_read_as_they_were_meant(void **state)
{
	struct csv_record r;
	struct str left;

	(void)state;
	assert_int_equal(read("id,tags\r\nx", &r, &left), 1);
	assert_int_equal(r.n, 2);
	assert_cell(r, 1, "tags");
	assert_true(str_eqz(left, "x"));
	assert_int_equal(read("\"a \"\"b\"\", c\",,\"\"\nx", &r, &left), 1);
	assert_int_equal(r.n, 3);
	assert_cell(r, 0, "a \"b\", c");
	assert_cell(r, 1, "");
	assert_int_equal(read("\"two\nlines\",x", &r, &left), 1);
	assert_cell(r, 0, "two\nlines");
	assert_int_equal(left.n, 0);
	assert_int_equal(read("\r\n", &r, &left), 1);
	assert_int_equal(r.n, 1);
	assert_int_equal(read("", &r, &left), 0);
}

static void
what_could_be_meant_in_two_ways_is_refused_and_the_next_line_is_read(void **state)
{
	static const char *const wrong[] = {
	    "\"a\nb,c\nd", "\"a\"b\nb,c\nd", "a\"b\"\nb,c\nd", "a\x80\nb,c\nd", "a\001\nb,c\nd", "a\rb\nb,c\nd"};
	struct csv_record r;
	struct str left;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *why;

		assert_int_equal(read(wrong[i], &r, &left), -1);
		assert_true(str_eqz(left, "b,c\nd"));
		assert_int_equal(csv_next(a, &left, &r, &why), 1);
		assert_cell(r, 1, "c");
	}
	assert_int_equal(read(",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n", &r, &left), -1);
	assert_int_equal(left.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cell_is_quoted_where_it_must_be_and_nowhere_else),
	    cmocka_unit_test(a_text_that_a_spreadsheet_would_calculate_begins_with_an_apostrophe),
	    cmocka_unit_test(records_are_read_as_they_were_meant),
	    cmocka_unit_test(what_could_be_meant_in_two_ways_is_refused_and_the_next_line_is_read),
	};

	return (cmocka_run_group_tests(tests, prepare, finish));
}
