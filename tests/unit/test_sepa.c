/* What banks take: an IBAN by its check digits, names in the letters that SEPA has or not at all, and XML in which no text
 * can be more than text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/xml.h"
#include "trade/sepa.h"

static struct arena *a;

static int
group_setup(void **state)
{

	(void)state;
	a = arena_open();
	return (0);
}

static int
group_teardown(void **state)
{

	(void)state;
	arena_close(a);
	return (0);
}

static void
is(struct str s, const char *wanted)
{

	if (wanted == NULL ? s.p != NULL : s.p == NULL || !str_eqz(s, wanted))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), wanted == NULL ? "refused" : wanted);
}

static void
an_iban_is_one_by_its_check_digits(void **state)
{

	(void)state;
	is(sepa_iban(a, S("GB82 WEST 1234 5698 7654 32")), "GB82WEST12345698765432");
	is(sepa_iban(a, S("de89 3704 0044 0532 0130 00")), "DE89370400440532013000");
	is(sepa_iban(a, S("GB82 WEST 1234 5698 7654 23")), NULL); /* two digits changed places */
	is(sepa_iban(a, S("GB83 WEST 1234 5698 7654 32")), NULL);
	is(sepa_iban(a, S("DE00 0000 0000 0000 0000 00")), NULL);
	is(sepa_iban(a, S("8200 1234 5698 7654 32")), NULL);
	is(sepa_iban(a, S("GB82-WEST-1234-5698-7654-32")), NULL);
	is(sepa_iban(a, S("")), NULL);
	is(sepa_iban(a, S("GB82WEST1234569876543200000000000000")), NULL); /* longer than any */
	is(sepa_bic(a, S("xxxx DE xx")), "XXXXDEXX");
	is(sepa_bic(a, S("XXXXDEXXX")), NULL);
}

static void
a_name_is_written_in_the_letters_that_banks_have_or_refused(void **state)
{

	(void)state;
	is(sepa_text(a, S("M\xc3\xbcller & S\xc3\xb6hne"), 70), "Mueller + Soehne");
	is(sepa_text(a,
	       S("Soci\xc3\xa9t\xc3\xa9 d\xe2\x80\x99\xc5\x92uvre \xe2\x80\x93 \xc5\x81\xc3\xb3"
		 "d\xc5\xba"),
	       70),
	    "Societe d'OEuvre - Lodz");
	is(sepa_text(a, S("a<b>\"c\"_d@e"), 70), "a.b..c.-d.e");
	is(sepa_text(a, S("/Sample"), 70), ".Sample");
	is(sepa_text(a, S("0123456789"), 4), "0123");
	is(sepa_text(a, S("\xe8\xa6\x8b\xe6\x9c\xac"), 70), NULL);
	is(sepa_text(a, S("Sample \xd9\x85"), 70), NULL);
}

static void
a_text_in_xml_stays_a_text(void **state)
{
	struct buf b;
	struct xml x;

	(void)state;
	buf_init(&b, a, 1000);
	xml_begin(&x, &b);
	xml_open_with(&x, "A", "b", S("\"><C>&'"));
	xml_leaf(&x, "D", S("</D>]]>&amp;"));
	xml_close(&x);
	is(buf_str(&b),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<A b=\"&quot;&gt;&lt;C&gt;&amp;&apos;\"><D>&lt;/D&gt;]]&gt;&amp;amp;</D></A>");
	assert_int_equal(x.depth, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_iban_is_one_by_its_check_digits),
	    cmocka_unit_test(a_name_is_written_in_the_letters_that_banks_have_or_refused),
	    cmocka_unit_test(a_text_in_xml_stays_a_text),
	};

	return (cmocka_run_group_tests(tests, group_setup, group_teardown));
}
