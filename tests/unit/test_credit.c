/* All credits of a bill sum to it exactly, on every edge that they go up to, whatever pieces they come in; numbers have no
 * gap, a key does nothing twice, and what is undone leaves nothing.  Runs a MariaDB of its own; started from the root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/money.h"
#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/credit.h"
#include "trade/rehearse_part.h"

#include "bill_book.h"

static struct credit c;
static int key; /* the next one */

/* All is billed, and nothing is credited. */
static int
billed(void **state)
{
	const struct bill_run_want want = {REHEARSE_ROOT, 1, S(PERIOD_START), S(PERIOD_END), S(PERIOD_END), CHUNK, 1};
	static const char *const tables[] = {"credited_charge", "credited_line", "credit_note", "credit"};
	int64_t run;

	(void)state;
	plain("SET SESSION foreign_key_checks = 0");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		plain(arena_printf(a, "TRUNCATE TABLE %s", tables[i]).p);
	forget();
	run = bill_run_open(db, a, &want);
	assert_int_not_equal(run, -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_true(bill_run_approve(db, a, run, 0) > 0);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	return (0);
}

static int
anybody(void *ctx, int64_t document)
{

	(void)ctx, (void)document;
	return (0);
}

static struct credit_want
wanted(int64_t document, bool full)
{
	struct str k = arena_printf(a, "key-%d", ++key);

	return ((struct credit_want){
	    .document = document, .full = full, .mode = CREDIT_WHOLE, .key = k, .asked = k, .reason = S("a test")});
}

/* As the router does it: all of it, or nothing. */
static enum credit_end
issue(const struct credit_want *want)
{
	enum credit_end end;

	assert_int_equal(db_begin(db), 0);
	end = credit_issue(db, a, want, anybody, NULL, &c);
	if (end != CREDIT_DONE && end != CREDIT_AGAIN)
		db_rollback(db);
	else
		assert_int_equal(db_commit(db), 0);
	return (end);
}

__attribute__((format(printf, 1, 2))) static int64_t
count(const char *fmt, ...)
{
	struct str sql;
	va_list ap;

	va_start(ap, fmt);
	sql = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return (number(sql.p));
}

/* The bill of an end account: K00 and K01 are behind a distributor, K02 is not. */
static int64_t
bill_of(int i)
{

	return (count("SELECT d.id FROM document d JOIN customer c ON c.id = d.customer_id AND c.buyer_id IS NULL "
		      "WHERE d.kind = 'invoice' ORDER BY d.account_id LIMIT 1 OFFSET %d",
	    i));
}

#define LEFT                                                                                                         \
	"SELECT CAST(COALESCE(SUM(ABS(x.net)), 0) AS SIGNED) FROM (SELECT l.net + COALESCE((SELECT SUM(y.net) FROM " \
	"document k JOIN document_line y ON y.document_id = k.id AND y.position = l.position WHERE k.corrects_id = " \
	"l.document_id), 0) AS net FROM document_line l WHERE l.document_id = %lld) x"
#define LEFT_TAX                                                                                                           \
	"SELECT CAST(COALESCE(SUM(ABS(x.tax)), 0) AS SIGNED) FROM (SELECT t.amount + COALESCE((SELECT SUM(y.amount) FROM " \
	"document k JOIN document_tax y ON y.document_id = k.id AND y.rate = t.rate AND y.category = t.category WHERE "    \
	"k.corrects_id = t.document_id), 0) AS tax FROM document_tax t WHERE t.document_id = %lld) x"
#define LEFT_GROSS                                                                                                        \
	"SELECT CAST(d.gross + COALESCE((SELECT SUM(k.gross) FROM document k WHERE k.corrects_id = d.id), 0) AS SIGNED) " \
	"FROM document d WHERE d.id = %lld"

/* Every line, every tax and the whole come to nothing. */
static void
nothing_left(int64_t document)
{

	assert_int_equal(count(LEFT, (long long)document), 0);
	assert_int_equal(count(LEFT_TAX, (long long)document), 0);
	assert_int_equal(count(LEFT_GROSS, (long long)document), 0);
}

/* What stands on credit notes is right in itself: lines, taxes and sums; numbers are 1, 2, 3 ... of each seller. */
static void
books_are_right(void)
{

	assert_int_equal(
	    number("SELECT COUNT(*) FROM document d WHERE d.kind = 'credit_note' AND (d.net <> (SELECT "
		   "COALESCE(SUM(l.net), 0) FROM document_line l WHERE l.document_id = d.id) OR d.tax <> (SELECT "
		   "COALESCE(SUM(t.amount), 0) FROM document_tax t WHERE t.document_id = d.id) OR d.net <> (SELECT "
		   "COALESCE(SUM(t.base), 0) FROM document_tax t WHERE t.document_id = d.id))"),
	    0);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM document_tax t JOIN document d ON d.id = t.document_id WHERE d.kind = "
		   "'credit_note' AND ABS(t.amount - ROUND(t.base * t.rate / 100)) > 1"),
	    0);
	assert_int_equal(
	    number("SELECT COUNT(*) FROM (SELECT d.tenant_id, RIGHT(d.number, 6) + 0 AS n, ROW_NUMBER() OVER "
		   "(PARTITION BY d.tenant_id ORDER BY d.id) AS place FROM document d WHERE d.kind = "
		   "'credit_note') x WHERE x.n <> x.place"),
	    0);
	assert_int_equal(number("SELECT COUNT(*) FROM series s WHERE s.kind = 'credit_note' AND s.next <> 1 + (SELECT "
				"COUNT(*) FROM document d WHERE d.kind = 'credit_note' AND d.tenant_id = s.tenant_id)"),
	    0);
	assert_int_equal(number("SELECT COUNT(*) FROM document d WHERE d.kind = 'credit_note' AND d.gross > 0"), 0);
}

/* Per edge: what is credited of a charge is its share of what is credited at the end of the chain. */
static void
edges_are_right(int64_t all)
{

	assert_int_equal(
	    number("SELECT COUNT(*) FROM credited_charge k JOIN charge h ON h.billable_id = k.billable_id AND "
		   "h.position = k.position WHERE k.of_net <> h.net"),
	    0);
	if (all)
		assert_int_equal(
		    number("SELECT COUNT(*) FROM credited_charge k WHERE k.begun + k.passed <> k.of_net"), 0);
}

static void
a_whole_bill_is_credited_on_every_edge(void **state)
{
	struct credit_want want = wanted(bill_of(0), true);

	(void)state;
	assert_int_equal(issue(&want), CREDIT_DONE);
	assert_int_equal(c.n, 3);
	nothing_left(want.document);
	assert_int_equal(number("SELECT COUNT(*) FROM document WHERE kind = 'credit_note'"), 3);
	/* Above, just the things of this account. */
	assert_int_equal(number("SELECT COUNT(*) FROM credited_charge k WHERE k.begun + k.passed <> k.of_net"), 0);
	assert_int_equal(
	    number("SELECT CAST(SUM(-d.net) AS SIGNED) - (SELECT CAST(SUM(h.net) AS SIGNED) FROM charge h JOIN "
		   "credited_charge k ON k.billable_id = h.billable_id AND k.position = h.position) FROM "
		   "document d WHERE d.kind = 'credit_note'"),
	    0);
	books_are_right();
	want = wanted(want.document, true);
	assert_int_equal(issue(&want), CREDIT_NOTHING);
	books_are_right();
}

static uint64_t luck = 20261129;

static int64_t
below(int64_t n)
{

	luck = luck * 6364136223846793005u + 1442695040888963407u;
	return ((int64_t)((luck >> 33) % (uint64_t)n));
}

/* A piece of some kind of what is left. */
static struct credit_want
piece(int64_t document, bool full, struct credit_want_line *line)
{
	struct credit_want want = wanted(document, full);
	int64_t left = count(LEFT_GROSS, (long long)document), n;

	*line = (struct credit_want_line){.position = 1 +
		below(count("SELECT COUNT(*) FROM document_line WHERE document_id = %lld", (long long)document))};
	n = number(arena_printf(a,
	    "SELECT CAST(l.net + COALESCE((SELECT SUM(y.net) FROM document k JOIN document_line y ON y.document_id = k.id AND "
	    "y.position = l.position WHERE k.corrects_id = l.document_id), 0) AS SIGNED) FROM document_line l WHERE "
	    "l.document_id = %lld AND l.position = %lld",
	    (long long)document, (long long)line->position)
		       .p);
	if (below(3) == 0 && n > 0) {
		line->net = (1 + below(n)) * 10000;
		want.mode = CREDIT_LINES;
		want.lines = line;
		want.n_lines = 1;
	} else if (left > 0) {
		want.mode = CREDIT_AMOUNT;
		want.amount = (1 + below(left / 3 + 1)) * 10000;
	}
	return (want);
}

static void
in_pieces(int i)
{
	const int64_t document = bill_of(i);
	struct credit_want want;
	struct credit_want_line line;
	enum credit_end end = CREDIT_DONE;
	int n;

	for (n = 0; n < 200 && count(LEFT_GROSS, (long long)document) > 0; n++) {
		want = n == 12 ? wanted(document, true) : piece(document, true, &line);
		end = issue(&want);
		assert_int_equal(end, CREDIT_DONE);
		if (want.mode == CREDIT_AMOUNT)
			assert_int_equal(c.bills[0].total, want.amount / 10000);
		books_are_right();
	}
	nothing_left(document);
}

static void
pieces_sum_to_the_bill_on_every_edge(void **state)
{

	(void)state;
	for (int i = 0; i < 6; i++)
		in_pieces(i);
	edges_are_right(1);
}

static void
quantities_are_credited_down_to_the_last(void **state)
{
	const int64_t document = bill_of(11); /* 12 seats for a part of the month */
	const int64_t position =
	    count("SELECT position FROM document_line WHERE document_id = %lld AND code = 'SEAT'", (long long)document);
	const struct credit_want_line one = {.position = position, .quantity = PRICE_SCALE};
	struct credit_want want;

	(void)state;
	for (int i = 0; i < 12; i++) {
		want = wanted(document, true);
		want.mode = CREDIT_LINES;
		want.lines = &one;
		want.n_lines = 1;
		assert_int_equal(issue(&want), CREDIT_DONE);
	}
	assert_int_equal(
	    count("SELECT l.net - c.net FROM document_line l JOIN credited_line c ON c.document_id = l.document_id AND "
		  "c.position = l.position WHERE l.document_id = %lld AND l.code = 'SEAT'",
		(long long)document),
	    0);
	/* Above it says seats too, and no price of somebody else. */
	assert_int_equal(
	    number("SELECT COUNT(*) FROM document d JOIN document_line l ON l.document_id = d.id WHERE d.kind = "
		   "'credit_note' AND (l.quantity <> -1 OR l.code <> 'SEAT')"),
	    0);
	want.key = S("another");
	assert_int_equal(issue(&want), CREDIT_MORE);
	assert_int_equal(c.at, position);
	edges_are_right(1);
	books_are_right();
}

static void
its_own_edge_alone(void **state)
{
	struct credit_want want = wanted(bill_of(1), false);

	(void)state;
	want.mode = CREDIT_AMOUNT;
	want.amount = 5 * PRICE_SCALE;
	assert_int_equal(issue(&want), CREDIT_DONE);
	assert_int_equal(c.n, 1);
	assert_int_equal(number("SELECT COUNT(*) FROM document WHERE kind = 'credit_note'"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM credited_charge"), 0);
	/* The rest goes up, and just its share does. */
	want = wanted(want.document, true);
	assert_int_equal(issue(&want), CREDIT_DONE);
	nothing_left(want.document);
	assert_true(number("SELECT CAST(SUM(begun) AS SIGNED) FROM credited_charge") <
	    count("SELECT net FROM document WHERE id = %lld", (long long)want.document));
	books_are_right();
}

/* A bill to a reseller: many things on a line; what its seller credits of its own counts for what comes from below. */
static void
a_roll_up_goes_up_too_and_nothing_is_credited_twice(void **state)
{
	const int64_t above =
	    number("SELECT d.document_id FROM draft d JOIN agreement g ON g.id = d.agreement_id JOIN tenant n ON "
		   "n.id = d.seller_id WHERE g.buyer_id IS NOT NULL AND n.level = 1 ORDER BY d.id LIMIT 1");
	struct credit_want want = wanted(above, true);

	(void)state;
	want.mode = CREDIT_AMOUNT;
	want.amount = 100 * PRICE_SCALE + 10000;
	assert_int_equal(issue(&want), CREDIT_DONE);
	assert_int_equal(c.n, 2);
	for (int i = 0; i < ACCOUNTS; i++) {
		want = wanted(bill_of(i), true);
		assert_int_equal(issue(&want), CREDIT_DONE);
		nothing_left(want.document);
	}
	for (int64_t i = 0; i < number("SELECT COUNT(*) FROM draft"); i++)
		nothing_left(count("SELECT document_id FROM draft ORDER BY id LIMIT 1 OFFSET %lld", (long long)i));
	edges_are_right(1);
	books_are_right();
}

static void
a_key_does_nothing_twice(void **state)
{
	struct credit_want want = wanted(bill_of(2), true);
	int64_t first;

	(void)state;
	want.mode = CREDIT_AMOUNT;
	want.amount = PRICE_SCALE;
	assert_int_equal(issue(&want), CREDIT_DONE);
	first = c.made;
	assert_int_equal(issue(&want), CREDIT_AGAIN);
	assert_int_equal(c.made, first);
	assert_int_equal(number("SELECT COUNT(*) FROM credit"), 1);
	want.asked = S("something else");
	assert_int_equal(issue(&want), CREDIT_KEY);
	books_are_right();
}

static void
what_is_undone_leaves_nothing(void **state)
{
	const struct credit_want want = wanted(bill_of(0), true);
	const int64_t series = number("SELECT CAST(COALESCE(SUM(next), 0) AS SIGNED) FROM series");

	(void)state;
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(credit_issue(db, a, &want, anybody, NULL, &c), CREDIT_DONE);
	db_rollback(db);
	assert_int_equal(number("SELECT COUNT(*) FROM credit"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM document WHERE kind = 'credit_note'"), 0);
	assert_int_equal(number("SELECT CAST(SUM(ABS(credited)) AS SIGNED) FROM document"), 0);
	assert_int_equal(number("SELECT CAST(COALESCE(SUM(next), 0) AS SIGNED) FROM series"), series);
	assert_int_equal(credit_preview(db, a, &want, &c), CREDIT_DONE);
	assert_int_equal(number("SELECT COUNT(*) FROM credit"), 0);
	assert_int_equal(issue(&want), CREDIT_DONE);
	books_are_right();
}

static void
less_is_open_and_what_was_paid_stays_in_favour(void **state)
{
	struct credit_want want = wanted(bill_of(0), false);
	const int64_t gross = count("SELECT gross FROM document WHERE id = %lld", (long long)want.document);

	(void)state;
	plain(arena_printf(a, "UPDATE document SET paid = gross - 100 WHERE id = %lld", (long long)want.document).p);
	want.mode = CREDIT_AMOUNT;
	want.amount = 3 * PRICE_SCALE;
	assert_int_equal(issue(&want), CREDIT_DONE);
	assert_int_equal(count("SELECT settled FROM document WHERE id = %lld", (long long)want.document), 1);
	assert_int_equal(count("SELECT credited FROM document WHERE id = %lld", (long long)want.document), 100);
	assert_int_equal(
	    count("SELECT gross - paid - credited FROM document WHERE corrects_id = %lld", (long long)want.document),
	    -200);
	assert_int_equal(count("SELECT gross FROM document WHERE id = %lld", (long long)want.document), gross);
}

/* What is credited in a period is in its settlement, and the chain proof holds with it. */
static void
settlements_know_credits_of_their_period(void **state)
{
	const char *const sold = "SELECT CAST(SUM(sold) AS SIGNED) FROM settlement";
	struct credit_want want = wanted(bill_of(0), true);
	const int64_t before = number(sold), run = number("SELECT id FROM bill_run");

	(void)state;
	assert_int_equal(issue(&want), CREDIT_DONE);
	assert_int_equal(bill_run_settle(db, run), 0);
	assert_int_equal(number(sold), before); /* it was issued after the period */
	plain("UPDATE credit_note SET issued = '2026-06-20'");
	want = wanted(bill_of(2), false);
	assert_int_equal(issue(&want), CREDIT_DONE);
	plain("UPDATE credit_note SET issued = '2026-06-30'");
	assert_int_equal(bill_run_settle(db, run), 0);
	assert_int_equal(
	    number(sold) - before, number("SELECT CAST(SUM(net) AS SIGNED) FROM document WHERE kind = 'credit_note'"));
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run_check WHERE name LIKE 'proof%' AND found <> 0"), 0);
	assert_int_equal(number("SELECT COUNT(*) FROM bill_run_check WHERE name LIKE 'proof%'"), 3);
}

static void
what_cannot_be_is_refused(void **state)
{
	struct credit_want want = wanted(bill_of(0), true);

	(void)state;
	want.mode = CREDIT_AMOUNT;
	want.amount = PRICE_SCALE / 1000;
	assert_int_equal(issue(&want), CREDIT_PLACES);
	want.amount = 100000000 * (int64_t)PRICE_SCALE;
	assert_int_equal(issue(&want), CREDIT_MORE);
	want.mode = CREDIT_WHOLE;
	plain("UPDATE tenant SET state = 'closed' WHERE level = 1");
	assert_int_equal(issue(&want), CREDIT_CLOSED);
	plain("UPDATE tenant SET state = 'active'");
	plain(
	    "UPDATE draft d JOIN agreement g ON g.id = d.agreement_id SET d.document_id = NULL WHERE g.buyer_id IS NOT NULL");
	assert_int_equal(issue(&want), CREDIT_EARLY);
	plain("UPDATE draft SET document_id = NULL");
	assert_int_equal(issue(&want), CREDIT_ALONE);
	want.full = false;
	assert_int_equal(issue(&want), CREDIT_DONE);
	want = wanted(c.bills[0].note, false);
	assert_int_equal(issue(&want), CREDIT_KIND);
	assert_int_equal(number("SELECT COUNT(*) FROM document WHERE kind = 'credit_note'"), 1);
	books_are_right();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_whole_bill_is_credited_on_every_edge, billed),
	    cmocka_unit_test_setup(pieces_sum_to_the_bill_on_every_edge, billed),
	    cmocka_unit_test_setup(quantities_are_credited_down_to_the_last, billed),
	    cmocka_unit_test_setup(its_own_edge_alone, billed),
	    cmocka_unit_test_setup(a_roll_up_goes_up_too_and_nothing_is_credited_twice, billed),
	    cmocka_unit_test_setup(a_key_does_nothing_twice, billed),
	    cmocka_unit_test_setup(what_is_undone_leaves_nothing, billed),
	    cmocka_unit_test_setup(less_is_open_and_what_was_paid_stays_in_favour, billed),
	    cmocka_unit_test_setup(settlements_know_credits_of_their_period, billed),
	    cmocka_unit_test_setup(what_cannot_be_is_refused, billed),
	};

	return (cmocka_run_group_tests(tests, book_setup, book_teardown));
}
