/* The papers of the channel: a self-billed document says so in each language, with base and rate; a statement says which way its
 * balance goes; equal ones are equal to the byte.  Started from the root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/date.h"
#include "paper/bill.h"
#include "paper/words.h"
#include "wire/pdf.h"

/* As test_paper.c says: what fontconfig and cairo keep only seems lost. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{

	return ("leak:libfontconfig\nleak:libcairo\n");
}

static struct arena *a;
static struct pdf_fonts *fonts;
static char folder[] = "/tmp/portico-paper-XXXXXX";

static struct bill_line line;
static struct bill_tax tax;

static struct bill
paper(struct str kind, struct str language, int64_t sign)
{
	line = (struct bill_line){.position = 1,
	    .code = S("commission"),
	    .description = S("NORDM-2026-000911"),
	    .unit_price = S("12.500000"),
	    .tax_rate = S("20.00"),
	    .period_start = 20640,
	    .base = sign * 8333,
	    .net = sign * 1042};
	tax = (struct bill_tax){S("S"), S("20.00"), sign * 1042, sign * 208};
	return ((struct bill){.id = 1,
	    .kind = kind,
	    .number = S("MUSTE-SB-2026-000001"),
	    .corrects = sign < 0 ? S("MUSTE-SB-2026-000000") : S(""),
	    .corrects_date = BILL_NO_DATE,
	    .issue_date = 20666,
	    .due_date = BILL_NO_DATE,
	    .period_start = 20635,
	    .period_end = 20666,
	    .language = language,
	    .currency = S("EUR"),
	    .decimals = 2,
	    .net = sign * 1042,
	    .tax = sign * 208,
	    .gross = sign * 1250,
	    .seller = {.name = S("Muster GmbH"), .country = S("DE"), .tax_id = S("DE000000001")},
	    .buyer = {.name = S("Specimen Ltd"), .country = S("GB"), .tax_id = S("GB000000002")},
	    .brand = {.id = 1, .name = S("Specimen"), .accent = S("#204060"), .accent_text = S("#ffffff")},
	    .lines = &line,
	    .n_lines = 1,
	    .taxes = &tax,
	    .n_taxes = 1,
	    .sums = {.commission = sign * 1250, .closing = sign * 1250}});
}

static struct str
pdf_of(const struct bill *bill)
{
	struct buf b;

	buf_init(&b, a, 1 << 22);
	assert_int_equal(bill_pdf(bill, fonts, &b), 0);
	return (buf_str(&b));
}

/* What can be read on it, the lines of each block joined. */
static char *
text_of(const struct bill *bill)
{
	struct str pdf = pdf_of(bill);
	char file[] = "/tmp/portico-paper-XXXXXX", *text = arena_zero(a, 1, 65536);
	int fd = mkstemp(file);
	FILE *p;

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, pdf.p, pdf.n), (ssize_t)pdf.n);
	close(fd);
	p = popen(arena_printf(a, "pdftotext -raw %s -", file).p, "r");
	assert_non_null(p);
	assert_int_not_equal(fread(text, 1, 65535, p), 0);
	assert_int_equal(pclose(p), 0);
	unlink(file);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '\n')
			*c = ' ';
	return (text);
}

static void
says(const char *text, struct str word)
{

	if (memmem(text, strlen(text), word.p, word.n) == NULL)
		fail_msg("%.*s is not in: %s", STR_ARG(word), text);
}

static void
a_self_billed_document_says_so_in_each_language(void **state)
{
	static const char *const languages[] = {"en", "de", "fr", "ja"};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const enum lang lang = words_lang(str_of(languages[i]));
		struct bill bill = paper(S("self_billed"), str_of(languages[i]), 1);
		const char *text = text_of(&bill);

		says(text, words_of(lang, W_self_billed));
		says(text, words_of(lang, W_self_billing));
		says(text, words_of(lang, W_self_buyer));
		says(text, S("2006/112/"));
		says(text, S("DE000000001"));
		says(text, S("GB000000002"));
		says(text, S("NORDM-2026-000911"));
		says(text, lang == LANG_en || lang == LANG_ja ? S("83.33") : S("83,33"));
		says(text, lang == LANG_en || lang == LANG_ja ? S("12.5") : S("12,5"));
	}
	/* Arabic is drawn from right to left; what is read out of it is not in the order of its text. */
	struct bill bill = paper(S("self_billed"), S("ar"), 1);

	says(text_of(&bill), S("DE000000001"));
}

static void
a_credit_has_no_sign_at_its_sum_and_names_what_it_corrects(void **state)
{
	struct bill bill = paper(S("self_credit"), S("en"), -1);
	const char *text = text_of(&bill);

	(void)state;
	says(text, words_of(LANG_en, W_self_credit));
	says(text, S("Given back with tax \u20ac12.50"));
	says(text, S("MUSTE-SB-2026-000000"));
}

static void
a_statement_says_which_way_its_balance_goes(void **state)
{
	struct bill mine = paper(S("statement"), S("en"), 1), theirs = paper(S("statement"), S("en"), -1);
	const char *text = text_of(&mine);

	(void)state;
	says(text, S("Owed to you \u20ac12.50"));
	says(text, S("Commission"));
	says(text, S("NORDM-2026-000911"));
	says(text_of(&theirs), S("Owed by you \u20ac12.50"));
}

static void
equal_papers_are_equal_to_the_byte(void **state)
{
	static const char *const kinds[] = {"self_billed", "self_credit", "statement"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct bill bill = paper(str_of(kinds[i]), S("ar"), i == 1 ? -1 : 1);

		assert_true(str_eq(pdf_of(&bill), pdf_of(&bill)));
	}
}

static int
setup(void **state)
{

	(void)state;
	a = arena_open();
	if (mkdtemp(folder) == NULL || system(arena_printf(a, "tools/fonts.sh %s", folder).p) != 0)
		return (-1);
	return ((fonts = pdf_fonts_open(arena_printf(a, "%s/fonts.conf", folder).p)) == NULL ? -1 : 0);
}

static int
teardown(void **state)
{
	int rc = system(arena_printf(a, "rm -rf %s", folder).p);

	(void)state;
	pdf_fonts_close(fonts);
	arena_close(a);
	return (rc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_self_billed_document_says_so_in_each_language),
	    cmocka_unit_test(a_credit_has_no_sign_at_its_sum_and_names_what_it_corrects),
	    cmocka_unit_test(a_statement_says_which_way_its_balance_goes),
	    cmocka_unit_test(equal_papers_are_equal_to_the_byte),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
