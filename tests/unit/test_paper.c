/* The bill on paper: formats, HTML and PDF of fixed bills. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "paper/format.h"
#include "tests/unit/paper_bills.h"
#include "wire/pdf.h"

static struct arena *arena;
static struct pdf_fonts *fonts;
static char folder[] = "/tmp/portico-paper-XXXXXX";

/* fontconfig keeps offsets where pointers are looked for, so what it holds seems lost; cairo
 * loses an index of each font of Chinese characters (384 bytes, all of 1.16). */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{

	return ("leak:libfontconfig\nleak:libcairo\n");
}

/* ---- help ---- */

static struct str
html_of(void (*make)(struct bills *))
{
	struct bills *x = arena_alloc(arena, sizeof(*x));
	struct buf b;

	make(x);
	buf_init(&b, arena, 1 << 22);
	assert_int_equal(bill_html(&x->bill, &b), 0);
	return (buf_str(&b));
}

static struct str
pdf_of(void (*make)(struct bills *), struct pdf_fonts *with)
{
	struct bills *x = arena_alloc(arena, sizeof(*x));
	struct buf b;

	make(x);
	buf_init(&b, arena, 1 << 22);
	assert_int_equal(bill_pdf(&x->bill, with, &b), 0);
	return (buf_str(&b));
}

static bool
has(struct str s, const char *word)
{

	return (memmem(s.p, s.n, word, strlen(word)) != NULL);
}

static size_t
count(struct str s, const char *word)
{
	size_t n = 0;

	for (const char *p = s.p; (p = memmem(p, s.n - (size_t)(p - s.p), word, strlen(word))) != NULL;
	     p += strlen(word))
		n++;
	return (n);
}

static void
is_text(struct buf *b, const char *want)
{

	buf_char(b, '\0');
	assert_string_equal(b->p, want);
	buf_clear(b);
}

static struct buf
buffer(void)
{
	struct buf b;

	buf_init(&b, arena, 1 << 20);
	return (b);
}

/* ---- formats ---- */

static void
amounts_follow_their_language(void **state)
{
	struct buf b = buffer();

	(void)state;
	format_amount(&b, LANG_de, 123456789, 2, S("EUR"));
	is_text(&b, "1.234.567,89\u00a0€");
	format_amount(&b, LANG_fr, 123456789, 2, S("EUR"));
	is_text(&b, "1\u202f234\u202f567,89\u00a0€");
	format_amount(&b, LANG_en, -5, 2, S("GBP"));
	is_text(&b, "−£0.05");
	format_amount(&b, LANG_en, 1234560, 3, S("KWD"));
	is_text(&b, "KWD\u00a01,234.560");
	format_amount(&b, LANG_ar, -1250, 3, S("KWD"));
	is_text(&b, "\u200e-1.250\u00a0KWD");
	format_money(&b, LANG_de, INT64_MIN, 2);
	is_text(&b, "−92.233.720.368.547.758,08");
}

static void
yen_have_no_decimals(void **state)
{
	struct buf b = buffer();

	(void)state;
	format_amount(&b, LANG_ja, 15836, 0, S("JPY"));
	is_text(&b, "¥15,836");
	format_money(&b, LANG_ja, 0, 0);
	is_text(&b, "0");
	assert_true(has(html_of(bills_japanese), "<strong>¥15,836</strong>"));
}

static void
prices_keep_what_counts(void **state)
{
	struct buf b = buffer();

	(void)state;
	format_decimal(&b, LANG_de, S("48.000000"), 2);
	is_text(&b, "48,00");
	format_decimal(&b, LANG_de, S("0.035000"), 2);
	is_text(&b, "0,035");
	format_decimal(&b, LANG_en, S("1048.500000"), 0);
	is_text(&b, "1,048.5");
	format_decimal(&b, LANG_en, S("2.000000"), 0);
	is_text(&b, "2");
	format_decimal(&b, LANG_en, S(""), 2);
	is_text(&b, "");
	format_percent(&b, LANG_fr, S("5.50"));
	is_text(&b, "5,5\u202f%");
}

static void
dates_follow_their_language(void **state)
{
	const int64_t first = date_of(2026, 6, 1);
	struct buf b = buffer();

	(void)state;
	format_date(&b, LANG_en, first);
	is_text(&b, "1 June 2026");
	format_date(&b, LANG_fr, first);
	is_text(&b, "1er juin 2026");
	format_date(&b, LANG_ja, first);
	is_text(&b, "2026年6月1日");
	format_date(&b, LANG_ar, first);
	is_text(&b, "1 يونيو 2026");
}

static void
a_period_is_printed_with_its_last_day(void **state)
{
	struct buf b = buffer();

	(void)state;
	format_period(&b, LANG_de, date_of(2026, 5, 1), date_of(2026, 6, 1));
	is_text(&b, "01.05.2026 – 31.05.2026");
	format_period(&b, LANG_de, date_of(2026, 5, 1), date_of(2026, 5, 2));
	is_text(&b, "01.05.2026");
}

static void
units_are_counted(void **state)
{

	(void)state;
	assert_true(str_eqz(words_unit(LANG_de, S("month"), S("1.000000")), "Monat"));
	assert_true(str_eqz(words_unit(LANG_de, S("month"), S("-1.000000")), "Monat"));
	assert_true(str_eqz(words_unit(LANG_de, S("month"), S("2.000000")), "Monate"));
	assert_true(str_eqz(words_unit(LANG_fr, S("hour"), S("1.500000")), "heure"));
	assert_true(str_eqz(words_unit(LANG_en, S("hour"), S("1.500000")), "hours"));
	assert_true(str_eqz(words_unit(LANG_en, S("parsec"), S("1")), "parsec"));
}

static void
an_unknown_language_falls_back(void **state)
{

	(void)state;
	assert_int_equal(words_lang(S("de-AT")), LANG_de);
	assert_int_equal(words_lang(S("xx")), LANG_en);
	assert_int_equal(words_lang(S("")), LANG_en);
}

/* ---- HTML ---- */

static void
a_tag_in_a_name_is_text(void **state)
{
	struct str page = html_of(bills_ugly);

	(void)state;
	assert_false(has(page, "<b>Care"));
	assert_false(has(page, "<script"));
	assert_false(has(page, "<i>"));
	assert_true(has(page, "&lt;b&gt;Care&lt;/b&gt;"));
	assert_true(has(page, "Brand &quot;&lt;script&gt;&quot; &amp; Co"));
}

static void
a_page_needs_no_script_and_no_inline_style(void **state)
{

	(void)state;
	for (size_t i = 0; i < BILLS_N; i++) {
		struct str page = html_of(bills_makers[i]);

		assert_false(has(page, "<script"));
		assert_false(has(page, "style=\""));
		assert_false(has(page, "<style"));
		assert_true(has(page, "/brand/bill-"));
	}
}

static void
language_and_direction_are_said(void **state)
{

	(void)state;
	assert_true(has(html_of(bills_arabic), "<html lang=\"ar\" dir=\"rtl\">"));
	assert_true(has(html_of(bills_zero), "<html lang=\"en\" dir=\"ltr\">"));
	assert_true(has(pdf_of(bills_arabic, fonts), "/Lang (ar)"));
	assert_true(has(pdf_of(bills_arabic, fonts), "/Direction /R2L"));
}

static void
all_that_article_226_asks_for_is_there(void **state)
{
	static const char *const asked[] = {"1. Juni 2026", "MUSTP-2026-000042", "DE000000000", "DE000000017",
	    "Musterplatz Beispiel-Apotheken OHG", "Musterplatzgasse 1", "Muster-Pflegeheim 17", "Beispielweg 17",
	    "Konzentrator, Betriebsstunden", "412,5", "Stunden", "01.05.2026 – 31.05.2026", "0,015", "19\u00a0%",
	    "101,03", "19,20", "112,70", "7,89", "240,82\u00a0€"};
	struct str page = html_of(bills_plain);

	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (!has(page, asked[i]))
			fail_msg("%s is missing", asked[i]);
	assert_true(has(html_of(bills_zero), "Taxed at the zero rate (Article 98(2) of Directive 2006/112/EC)"));
	assert_true(has(html_of(bills_arabic), "احتساب عكسي"));
}

static void
a_credit_note_names_what_it_corrects(void **state)
{
	struct str page = html_of(bills_credit);

	(void)state;
	assert_true(has(page, "SPECI-2026-000911"));
	assert_true(has(page, "1 May 2026"));
	assert_true(has(page, "£51.84"));
	assert_false(has(page, "IBAN"));
}

static void
every_line_is_a_row(void **state)
{

	(void)state;
	assert_int_equal(count(html_of(bills_long), "<tr><td>"), BILLS_LINES_MAX);
}

static void
what_may_not_be_read_is_left_out(void **state)
{
	struct bills *x = arena_alloc(arena, sizeof(*x));
	struct buf b = buffer(), pdf = buffer();

	(void)state;
	bills_plain(x);
	x->bill.due_date = x->bill.period_start = x->bill.issue_date = BILL_NO_DATE;
	x->bill.seller = (struct bill_party){0};
	x->bill.n_lines = x->bill.n_taxes = 0;
	assert_int_equal(bill_html(&x->bill, &b), 0);
	assert_false(has(buf_str(&b), "IBAN"));
	assert_int_equal(bill_pdf(&x->bill, fonts, &pdf), 0);
}

static void
a_full_buffer_is_an_error(void **state)
{
	struct bills *x = arena_alloc(arena, sizeof(*x));
	struct buf b;

	(void)state;
	bills_plain(x);
	buf_init(&b, arena, 3000);
	assert_int_equal(bill_html(&x->bill, &b), -1);
	buf_init(&b, arena, 3000);
	assert_int_equal(bill_pdf(&x->bill, fonts, &b), -1);
}

/* ---- PDF ---- */

static void
two_renders_are_equal_to_the_byte(void **state)
{
	struct pdf_fonts *others = pdf_fonts_open(NULL);

	(void)state;
	assert_non_null(others);
	for (size_t i = 0; i < BILLS_N; i++) {
		struct str one = pdf_of(bills_makers[i], fonts), two = pdf_of(bills_makers[i], fonts);
		struct str three = pdf_of(bills_makers[BILLS_N - 1 - i], others);

		assert_true(str_eq(one, two));
		three = pdf_of(bills_makers[i], others); /* whatever was rendered before */
		assert_true(str_eq(one, three));
	}
	pdf_fonts_close(others);
}

struct task {
	pthread_t thread;
	struct str want;
	int n_wrong;
};

static void *
render_often(void *closure)
{
	struct task *t = closure;
	struct pdf_fonts *own = pdf_fonts_open(NULL);
	struct arena *a = arena_open();
	struct bills x;
	struct buf b;

	for (int i = 0; i < 20; i++) {
		bills_arabic(&x);
		buf_init(&b, a, 1 << 22);
		if (own == NULL || bill_pdf(&x.bill, own, &b) == -1 || !str_eq(buf_str(&b), t->want))
			t->n_wrong++;
		arena_reset(a);
	}
	arena_close(a);
	if (own != NULL)
		pdf_fonts_close(own);
	return (NULL);
}

static void
threads_render_the_same_bytes(void **state)
{
	const struct str want = pdf_of(bills_arabic, fonts);
	struct task tasks[4] = {{.want = want}, {.want = want}, {.want = want}, {.want = want}};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&tasks[i].thread, NULL, render_often, &tasks[i]), 0);
	for (size_t i = 0; i < 4; i++) {
		pthread_join(tasks[i].thread, NULL);
		assert_int_equal(tasks[i].n_wrong, 0);
	}
}

static void
a_pdf_says_what_it_is(void **state)
{
	struct str pdf = pdf_of(bills_plain, fonts);

	(void)state;
	assert_true(has(pdf, "/Title (Rechnung MUSTP-2026-000042)"));
	assert_true(has(pdf, "/Author (Musterplatz Beispiel-Apotheken OHG)"));
	assert_true(has(pdf, "/CreationDate (20260601000000Z)"));
	assert_true(has(pdf, "/Outlines"));
	assert_true(has(pdf, "/Lang (de)"));
	assert_false(has(pdf, "/ID"));
}

static void
a_pdf_is_sound(void **state)
{
	char file[64], command[128];

	(void)state;
	for (size_t i = 0; i < BILLS_N; i++) {
		struct str pdf = pdf_of(bills_makers[i], fonts);
		FILE *f;

		snprintf(file, sizeof(file), "%s/bill.pdf", folder);
		assert_non_null(f = fopen(file, "w"));
		assert_int_equal(fwrite(pdf.p, 1, pdf.n, f), pdf.n);
		assert_int_equal(fclose(f), 0);
		snprintf(command, sizeof(command), "qpdf --check %s >/dev/null", file);
		assert_int_equal(system(command), 0);
	}
	assert_int_equal(unlink(file), 0);
}

static void
north_america_prints_on_letter(void **state)
{
	struct bills *x = arena_alloc(arena, sizeof(*x));
	struct buf b = buffer();

	(void)state;
	assert_true(has(pdf_of(bills_plain, fonts), "[ 0 0 595.28 841.89 ]"));
	bills_plain(x);
	x->bill.seller.country = S("US");
	assert_int_equal(bill_pdf(&x->bill, fonts, &b), 0);
	assert_true(has(buf_str(&b), "[ 0 0 612 792 ]"));
}

static void
a_logo_name_cannot_leave_its_folder(void **state)
{
	struct bills *x = arena_alloc(arena, sizeof(*x));
	struct buf b = buffer();

	(void)state;
	bills_plain(x);
	x->bill.brand.logo = S("../../secret");
	assert_int_equal(bill_pdf(&x->bill, fonts, &b), 0); /* the brand's name stands in its place */
	assert_true(str_eq(buf_str(&b), pdf_of(bills_plain, fonts)));
}

/* ---- set-up ---- */

static int
set_up(void **state)
{
	char command[128], conf[64];

	(void)state;
	arena = arena_open();
	if (mkdtemp(folder) == NULL)
		return (-1);
	snprintf(command, sizeof(command), "tools/fonts.sh %s", folder);
	if (system(command) != 0)
		return (-1);
	snprintf(conf, sizeof(conf), "%s/fonts.conf", folder);
	return ((fonts = pdf_fonts_open(conf)) == NULL ? -1 : 0);
}

static int
tear_down(void **state)
{
	char command[64];

	(void)state;
	pdf_fonts_close(fonts);
	arena_close(arena);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return (system(command) == 0 ? 0 : -1);
}

static int
forget(void **state)
{

	(void)state;
	arena_reset(arena);
	return (0);
}

#define TEST(f) cmocka_unit_test_teardown(f, forget)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(amounts_follow_their_language),
	    TEST(yen_have_no_decimals),
	    TEST(prices_keep_what_counts),
	    TEST(dates_follow_their_language),
	    TEST(a_period_is_printed_with_its_last_day),
	    TEST(units_are_counted),
	    TEST(an_unknown_language_falls_back),
	    TEST(a_tag_in_a_name_is_text),
	    TEST(a_page_needs_no_script_and_no_inline_style),
	    TEST(language_and_direction_are_said),
	    TEST(all_that_article_226_asks_for_is_there),
	    TEST(a_credit_note_names_what_it_corrects),
	    TEST(every_line_is_a_row),
	    TEST(what_may_not_be_read_is_left_out),
	    TEST(a_full_buffer_is_an_error),
	    TEST(two_renders_are_equal_to_the_byte),
	    TEST(threads_render_the_same_bytes),
	    TEST(a_pdf_says_what_it_is),
	    TEST(a_pdf_is_sound),
	    TEST(north_america_prints_on_letter),
	    TEST(a_logo_name_cannot_leave_its_folder),
	};

	return (cmocka_run_group_tests(tests, set_up, tear_down));
}
