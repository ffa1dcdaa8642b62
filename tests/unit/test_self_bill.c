/* Self-billed documents: case 04 to the cent, what is given back is a credit, nothing is written for who may not have it and
 * nothing of it is lost, and numbers have no gaps whoever closes at once.  Runs a MariaDB of its own; started from the root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/ledger.h"
#include "trade/rehearse_part.h"

#include "bill_months.h"

#define CASE "tests/money/cases/04-agency-commission-part-paid.json"

static int64_t bravo, alpha;

static int64_t
tenant(const char *name)
{

	return (number(arena_printf(a, "SELECT id FROM tenant WHERE name = '%s'", name).p));
}

/* A new row of its party, as an edit makes it. */
static void
tax_id(int64_t of_tenant, const char *id, const char *until)
{

	plain(arena_printf(a,
	    "INSERT INTO party (name, country, tax_id, tax_id_until) SELECT name, country, '%s', %s FROM party WHERE id = (SELECT party_id FROM tenant WHERE id = %lld)",
	    id, until, (long long)of_tenant)
		  .p);
	plain(arena_printf(
	    a, "UPDATE tenant SET party_id = (SELECT MAX(id) FROM party) WHERE id = %lld", (long long)of_tenant)
		  .p);
}

static void
agreed_until(const char *day)
{

	plain(arena_printf(a, "UPDATE agreement SET self_billing_until = %s", day).p);
}

/* The one bill of the case, and nothing of the ledger. */
static int
fresh(void **state)
{
	static const char *const tables[] = {
	    "earning", "self_bill_line", "self_bill", "entry", "statement", "closing", "payment"};

	(void)state;
	plain("SET SESSION foreign_key_checks = 0");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		plain(arena_printf(a, "TRUNCATE TABLE %s", tables[i]).p);
	plain("SET SESSION foreign_key_checks = 1");
	plain(
	    "DELETE m FROM agreement_agent m JOIN agreement g ON g.id = m.agreement_id WHERE g.starts > '2026-07-01'");
	plain("DELETE FROM agreement WHERE starts > '2026-07-01'");
	plain("UPDATE agreement SET ends = '9999-12-31'");
	plain("DELETE FROM series WHERE kind IN ('self_billed', 'self_credit')");
	tax_id(bravo, "DE111111111", "NULL");
	tax_id(alpha, "DE222222222", "NULL");
	agreed_until("'2027-12-31'");
	return (0);
}

static int
setup(void **state)
{
	static char text[65536];
	struct settlement_case *c;
	struct str wrong;
	FILE *f = fopen(CASE, "r");
	size_t n = f == NULL ? 0 : fread(text, 1, sizeof(text), f);

	(void)state;
	a = arena_open();
	if (f != NULL)
		fclose(f);
	if (n == 0 || no_outliers() == -1 || statement_init() == -1 || scratch_start() == -1 ||
	    (db = scratch_fresh("agents")) == NULL || (c = rehearse_case(a, (struct str){text, n}, &wrong)) == NULL ||
	    rehearse_load(db, a, c, &wrong) == -1 || all_of(db, JUNE, 1) == -1)
		return (-1);
	bravo = tenant("Bravo");
	alpha = tenant("Alpha");
	return (0);
}

static void
pay(int64_t amount, const char *day)
{

	plain(arena_printf(a,
	    "INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id) "
	    "SELECT tenant_id, customer_id, segment_id, account_id, '%s', %lld, currency, 'transfer', id FROM document",
	    day, (long long)amount)
		  .p);
}

static int64_t
asked(const char *month, int64_t of_tenant)
{
	struct str start, end;
	int64_t closing;

	assert_int_equal(ledger_period(a, str_of(month), &start, &end), 0);
	closing = ledger_ask(db, a, of_tenant, start, end);
	assert_int_not_equal(closing, -1);
	return (closing);
}

static void
close_period(const char *month)
{

	assert_int_equal(ledger_go(db, a, asked(month, 0), always, NULL), LEDGER_DONE);
	assert_int_equal(ledger_check(db, a), 0);
}

/* A column of the newest self-billed document of an agent. */
static int64_t
newest(int64_t agent, const char *what)
{

	return (number(arena_printf(a,
	    "SELECT CAST(%s AS SIGNED) FROM self_bill b JOIN self_bill_line l ON l.self_bill_id = b.id WHERE b.tenant_id = %lld ORDER BY b.id DESC LIMIT 1",
	    what, (long long)agent)
			   .p));
}

static int64_t
documents(void)
{

	return (number("SELECT COUNT(*) FROM self_bill"));
}

/* What is owed to an agent and on no document. */
static int64_t
withheld(int64_t agent, const char *why)
{

	return (number(arena_printf(a,
	    "SELECT CAST(COALESCE(SUM(net + tax), 0) AS SIGNED) FROM earning WHERE tenant_id = %lld AND self_bill_id IS NULL AND refused <=> %s",
	    (long long)agent, why)
			   .p));
}

static int64_t
commission(int64_t agent)
{

	return (number(arena_printf(a,
	    "SELECT CAST(COALESCE(SUM(amount), 0) AS SIGNED) FROM entry WHERE tenant_id = %lld AND kind = 'commission'",
	    (long long)agent)
			   .p));
}

static void
case_04_is_documents_to_the_cent(void **state)
{

	(void)state;
	pay(10000, "2026-07-10");
	close_period("2026-07");
	assert_int_equal(documents(), 2);
	assert_int_equal(newest(bravo, "b.net"), 1000);
	assert_int_equal(newest(bravo, "b.tax"), 200);
	assert_int_equal(newest(bravo, "b.gross"), 1200);
	assert_int_equal(newest(alpha, "b.net"), 417);
	assert_int_equal(newest(alpha, "b.tax"), 83);
	assert_int_equal(newest(alpha, "b.gross"), 500);
	assert_int_equal(newest(alpha, "l.base"), 8333);
	assert_int_equal(newest(alpha, "l.rate * 100"), 500);
	assert_int_equal(
	    newest(alpha, "b.kind = 'self_billed' AND b.number LIKE CONCAT('%-SB-', YEAR(b.issue_date), '-000001')"),
	    1);
	assert_int_equal(newest(bravo, "b.buyer_id"), REHEARSE_ROOT);
	/* The rest of it: both together are the commission on all of it, and the second begins where the first ended. */
	pay(3963, "2026-08-02");
	close_period("2026-08");
	assert_int_equal(newest(bravo, "b.net"), 1396 - 1000);
	assert_int_equal(newest(bravo, "b.tax"), 279 - 200);
	assert_int_equal(newest(bravo, "l.base"), 11636 - 8333);
	assert_int_equal(newest(bravo, "b.number LIKE '%-000002'"), 1);
	assert_int_equal(commission(bravo), 1396 + 279);
	assert_int_equal(
	    of("SELECT CAST(SUM(gross) AS SIGNED) FROM self_bill WHERE tenant_id = %lld", alpha), commission(alpha));
}

static void
what_is_given_back_is_a_credit_that_names_the_one_before(void **state)
{
	int64_t first;

	(void)state;
	pay(10000, "2026-07-10");
	close_period("2026-07");
	first = newest(bravo, "b.id");
	pay(-10000, "2026-08-05");
	close_period("2026-08");
	assert_int_equal(newest(bravo, "b.gross"), -1200);
	assert_int_equal(newest(bravo, "b.net"), -1000);
	assert_int_equal(
	    newest(bravo, "b.kind = 'self_credit' AND b.number LIKE CONCAT('%-SC-', YEAR(b.issue_date), '-000001')"),
	    1);
	assert_int_equal(newest(bravo, "b.corrects_id"), first);
	assert_int_equal(newest(bravo, "l.corrects_id"), first);
	assert_int_equal(newest(bravo, "l.base"), -8333);
	assert_int_equal(commission(bravo), 0);
	/* What was earned and given back before it was on a document is nothing, and needs none. */
	pay(5000, "2026-09-05");
	pay(-5000, "2026-10-05");
	close_period("2026-10");
	assert_int_equal(documents(), 4);
}

static void
nothing_is_written_behind_the_end_of_the_agreement(void **state)
{

	(void)state;
	agreed_until("'2026-07-30'");
	pay(10000, "2026-07-10");
	close_period("2026-07");
	assert_int_equal(documents(), 0);
	assert_int_equal(withheld(bravo, "'agreement_lapsed'"), 1200);
	assert_int_equal(commission(bravo), 1200);
	close_period("2026-07");
	assert_int_equal(documents(), 0);
	/* The next agreement of the same seller takes the place of the one that it was earned under, from its first day on. */
	plain("UPDATE agreement SET ends = '2026-08-01'");
	plain("INSERT INTO agreement (seller_id, account_id, starts, legal_model, currency, self_billing_until) "
	      "SELECT seller_id, account_id, '2026-08-01', 'agency', currency, '2026-08-31' FROM agreement");
	plain(
	    "INSERT INTO agreement_agent SELECT (SELECT MAX(id) FROM agreement), tenant_id, rate, tax_rate FROM agreement_agent");
	pay(3963, "2026-08-02");
	close_period("2026-08");
	assert_int_equal(documents(), 2);
	assert_int_equal(newest(bravo, "b.net"), 1396);
	assert_int_equal(newest(bravo, "b.gross"), commission(bravo));
	assert_int_equal(withheld(bravo, "NULL"), 0);
	/* On its last day it is good; without one nobody agreed to it. */
	agreed_until("NULL");
	pay(-13963, "2026-09-02");
	close_period("2026-09");
	assert_int_equal(withheld(bravo, "'agreement_missing'"), -1675);
	assert_int_equal(documents(), 2);
}

static void
nothing_is_written_without_a_tax_id_and_all_of_it_once_there_is_one(void **state)
{

	(void)state;
	tax_id(bravo, " ", "NULL");
	tax_id(alpha, "DE222222222", "'2026-07-30'");
	pay(10000, "2026-07-10");
	close_period("2026-07");
	assert_int_equal(documents(), 0);
	assert_int_equal(withheld(bravo, "'tax_id_missing'"), 1200);
	assert_int_equal(withheld(alpha, "'tax_id_lapsed'"), 500);
	tax_id(alpha, "DE222222222", "'2026-07-31'");
	close_period("2026-07"); /* once more, and for who was mended alone */
	assert_int_equal(documents(), 1);
	assert_int_equal(newest(alpha, "b.gross"), 500);
	tax_id(bravo, "DE333333333", "NULL");
	close_period("2026-08");
	assert_int_equal(documents(), 2);
	assert_int_equal(newest(bravo, "b.gross"), 1200);
	assert_int_equal(newest(bravo, "MONTH(b.period_start)"), 8);
	assert_int_equal(newest(bravo, "b.seller_party_id"), of("SELECT party_id FROM tenant WHERE id = %lld", bravo));
	assert_int_equal(withheld(bravo, "NULL"), 0);
}

static int64_t
print_of_all(void)
{

	return (number(
	    "SELECT CAST((SELECT SUM(CRC32(CONCAT_WS('|', id, number, gross))) FROM self_bill) + (SELECT SUM(next) FROM series) + "
	    "(SELECT SUM(CRC32(CONCAT_WS('|', self_bill_id, position, net))) FROM self_bill_line) + (SELECT SUM(self_bill_id) FROM earning) AS SIGNED)"));
}

static void
closing_it_twice_changes_nothing_and_issued_is_frozen(void **state)
{
	int64_t before;

	(void)state;
	pay(10000, "2026-07-10");
	close_period("2026-07");
	before = print_of_all();
	close_period("2026-07");
	close_period("2026-08");
	assert_int_equal(print_of_all(), before);
	assert_int_equal(db_plain(db, S("UPDATE self_bill SET net = net + 1, gross = gross + 1 LIMIT 1")), -1);
	assert_int_equal(db_plain(db, S("UPDATE self_bill SET corrects_id = id LIMIT 1")), -1);
	assert_int_equal(db_plain(db, S("DELETE FROM self_bill_line LIMIT 1")), -1);
	assert_int_equal(db_plain(db, S("DELETE FROM self_bill LIMIT 1")), -1);
	assert_int_equal(db_plain(db, S("UPDATE earning SET net = net + 1 LIMIT 1")), -1);
	assert_int_equal(db_plain(db, S("UPDATE earning SET self_bill_id = NULL LIMIT 1")), -1);
	assert_int_equal(print_of_all(), before);
	plain("UPDATE self_bill SET pdf_sha256 = UNHEX(SHA2('x', 256))");
	assert_int_equal(db_plain(db, S("UPDATE self_bill SET pdf_sha256 = UNHEX(SHA2('y', 256)) LIMIT 1")), -1);
}

/* So many steps, then it is cut. */
static bool
some(void *ctx)
{

	return ((*(int *)ctx)-- > 0);
}

static void
a_closing_that_is_cut_anywhere_writes_each_once(void **state)
{
	int64_t closing;

	for (int steps = 0; steps < 12; steps++) {
		fresh(state);
		pay(10000, "2026-07-10");
		closing = asked("2026-07", 0);
		for (int left = steps, i = 0; i < 40 && ledger_go(db, a, closing, some, &left) == LEDGER_STOPPED; i++)
			left = steps + i + 1;
		assert_int_equal(number("SELECT COUNT(*) FROM closing WHERE state = 'waiting'"), 0);
		assert_int_equal(ledger_check(db, a), 0);
		assert_int_equal(documents(), 2);
		assert_int_equal(newest(bravo, "b.gross"), 1200);
	}
}

/* In a process of its own; each closes for itself. */
static pid_t
closes(int64_t closing)
{
	pid_t child = fork();

	if (child == 0) {
		struct db *own = scratch_open("agents");
		struct arena *mine = arena_open();
		enum ledger_end end = LEDGER_FAILED;

		if (own != NULL && db_connect(own) == 0)
			end = ledger_go(own, mine, closing, always, NULL);
		_exit(end == LEDGER_DONE ? 0 : 1);
	}
	return (child);
}

static void
two_closings_at_once_leave_no_gap_in_the_numbers(void **state)
{
	static const char *const months[] = {"2026-07", "2026-08", "2026-09", "2026-10"};
	int status;

	(void)state;
	for (int m = 0; m < 4; m++) {
		const int64_t of_all = asked(months[m], 0), of_one = asked(months[m], bravo);
		pid_t children[4];

		pay(3000, arena_printf(a, "%s-10", months[m]).p);
		for (int i = 0; i < 4; i++)
			children[i] = closes(i % 2 == 0 ? of_all : of_one);
		for (int i = 0; i < 4; i++) {
			assert_int_equal(waitpid(children[i], &status, 0), children[i]);
			assert_int_equal(status, 0);
		}
		assert_int_equal(ledger_check(db, a), 0);
		assert_int_equal(documents(), 2 * (m + 1));
	}
	assert_int_equal(
	    number("SELECT COUNT(*) FROM self_bill WHERE period_start >= '2026-07-01' AND sequence = 1"), 8);
	assert_int_equal(newest(bravo, "b.number LIKE '%-000004'"), 1);
	assert_int_equal(newest(alpha, "b.number LIKE '%-000004'"), 1);
	assert_int_equal(number("SELECT COUNT(DISTINCT number) FROM self_bill"), 8);
	assert_int_equal(
	    of("SELECT CAST(SUM(gross) AS SIGNED) FROM self_bill WHERE tenant_id = %lld", bravo), commission(bravo));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(case_04_is_documents_to_the_cent, fresh),
	    cmocka_unit_test_setup(what_is_given_back_is_a_credit_that_names_the_one_before, fresh),
	    cmocka_unit_test_setup(nothing_is_written_behind_the_end_of_the_agreement, fresh),
	    cmocka_unit_test_setup(nothing_is_written_without_a_tax_id_and_all_of_it_once_there_is_one, fresh),
	    cmocka_unit_test_setup(closing_it_twice_changes_nothing_and_issued_is_frozen, fresh),
	    cmocka_unit_test_setup(a_closing_that_is_cut_anywhere_writes_each_once, fresh),
	    cmocka_unit_test_setup(two_closings_at_once_leave_no_gap_in_the_numbers, fresh),
	};

	return (cmocka_run_group_tests(tests, setup, book_teardown));
}
