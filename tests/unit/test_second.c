/* The second opinion: random things of every price model, method, chain and currency go through an ordinary bill run, whose
 * prices and charges are those of price.h in C and, from what was put in, those of Python's decimal
 * (tests/money/second).  PORTICO_CASES: how many, SEED: which.  Runs a MariaDB of its own; started from the root of
 * the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/charge.h"
#include "trade/period.h"
#include "trade/price.h"
#include "trade/rehearse_part.h"

#include "proof.h"
#include "scratch_sql.h"

#define AT_ONCE 100000 /* cases of one database, whose period is one */
#define LEAST 2000     /* in fewer not all kinds need be */
#define MORE 13 / 10   /* are made: some are without a price, or closed */

static int
group_setup(void **state)
{

	(void)state;
	a = arena_open();
	return (statement_init() == -1 ? -1 : scratch_start());
}

static int
group_teardown(void **state)
{

	(void)state;
	db_close(db);
	arena_close(a);
	scratch_stop();
	return (0);
}

/* Random cases in a database of their own, billed to the end: the run's id. */
static int64_t
bill(long seed, long cases)
{
	static const int cycles[] = {31, 1, 30, 15, 29, 28};
	const int cycle = cycles[seed % 6];
	struct bill_run_want want = {.tenant = REHEARSE_ROOT, .cycle_day = cycle, .chunk = 2000};
	int64_t start, end, run;

	period_of(cycle, date_of(2026 + (int)(seed % 8), 1 + (int)(seed * 7 % 12), 15), &start, &end);
	want.period_start = date_text(a, start);
	want.period_end = want.issue_date = date_text(a, end);
	db_close(db);
	assert_non_null(db = scratch_fresh("cases"));
	assert_int_equal(
	    scratch_shell(
		"python3 tests/money/second/cases.py %s %ld %ld %d %.*s %.*s && mariadb --no-defaults -S %s -u root cases <%s/load.sql && "
		"rm %s/*.tsv",
		scratch_folder, seed, cases * MORE, cycle, STR_ARG(want.period_start), STR_ARG(want.period_end),
		scratch_socket, scratch_folder, scratch_folder),
	    0);
	run = bill_run_open(db, a, &want);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_int_equal(charge_verify(db, a, run), 0);
	assert_int_not_equal(bill_run_approve(db, a, run, 0), -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	return (run);
}

/* The number behind the word in what the judge said; 0 where there is none. */
static long
counted(const char *said, const char *word)
{
	const char *at = strstr(said, word);

	return (at == NULL ? 0 : strtol(at + strlen(word), NULL, 10));
}

/* How many things the judge held for right, with what it says of the others in said; *bad: how many it does not. */
static long
judged(int64_t run, long *bad, char *said, size_t size)
{
	FILE *judge = popen(
	    arena_printf(a, "python3 tests/money/second/judge.py %s cases %lld", scratch_socket, (long long)run).p,
	    "r");
	size_t n = fread(said, 1, size - 1, judge);
	const char *sum;
	long cases = 0;

	said[n] = '\0';
	pclose(judge);
	*bad = -1;
	if ((sum = strstr(said, "cases ")) != NULL)
		cases = strtol(sum + 6, NULL, 10);
	if (sum != NULL && (sum = strstr(sum, " bad ")) != NULL)
		*bad = strtol(sum + 5, NULL, 10);
	return (cases);
}

static void
prices_and_charges_are_those_of_c_and_of_decimal(void **state)
{
	static const struct {
		const char *sql;
		int64_t all;
	} kinds[] = {
	    {"SELECT COUNT(DISTINCT c.model) FROM charge h JOIN chain_price c ON c.id = h.chain_id", MODEL__MAX},
	    {"SELECT COUNT(DISTINCT r.method) FROM charge h JOIN price_rule r ON r.id = h.rule_id", BY__MAX},
	    {"SELECT COUNT(DISTINCT o.kind) FROM billable b JOIN offering o ON o.id = b.offering_id", 3},
	    {"SELECT COUNT(DISTINCT h.position) FROM charge h", 5},
	    {"SELECT COUNT(DISTINCT e.decimals) FROM chain_edge e", 3},
	    /* Converted from a list, and from an edge above; without a rate; and margins that were converted. */
	    {"SELECT COUNT(DISTINCT r.method IN ('rrp_minus_pct', 'rrp_plus_pct')) FROM charge h JOIN chain_edge e ON e.chain_id = h.chain_id AND e.position = h.position "
	     "JOIN price_rule r ON r.id = e.rule_id WHERE e.rate IS NOT NULL",
		2},
	    {"SELECT COUNT(DISTINCT j.reason) FROM reject j WHERE j.reason = 'rate'", 1},
	    {"SELECT COUNT(*) > 0 FROM settlement_conversion", 1},
	    /* Taken off by per cent and by amount, of end accounts and of resellers; and missing to minimums, of accounts and of agreements. */
	    {"SELECT COUNT(DISTINCT d.resold, d.percent IS NULL) FROM charge h JOIN discount d ON d.id = h.discount_id",
		4},
	    {"SELECT COUNT(DISTINCT m.resold, m.account_id IS NULL) FROM minimum_use u JOIN minimum m ON m.id = u.minimum_id WHERE u.trouble IS NULL",
		4},
	};
	static char said[65536];
	const long wanted = proof_often("PORTICO_CASES", 2000), first = proof_often("SEED", 1);
	int64_t most[sizeof(kinds) / sizeof(kinds[0])] = {0};
	long cases = 0, left, bad, discounts = 0, minimums = 0;

	(void)state;
	for (long seed = first; cases < wanted; seed++) {
		left = wanted - cases < LEAST ? LEAST : wanted - cases;
		cases += judged(bill(seed, left < AT_ONCE ? left : AT_ONCE), &bad, said, sizeof(said));
		discounts += counted(said, " discounts ");
		minimums += counted(said, " minimums ");
		proof_note("price", cases, bad);
		proof_note("discounts", discounts, 0);
		proof_note("minimums", minimums, 0);
		if (bad != 0)
			fail_msg("seed %ld: %s", seed, said);
		if (number("SELECT COUNT(*) FROM bill_run_check WHERE name LIKE 'proof%' AND found <> 0") != 0)
			fail_msg("seed %ld: the chain proof does not close", seed);
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			most[i] = number(kinds[i].sql) > most[i] ? number(kinds[i].sql) : most[i];
		arena_reset(a);
	}
	/* In a house by chance not all; in some house all must come up, or nothing is proved of them. */
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (most[i] != kinds[i].all)
			fail_msg("%s", kinds[i].sql);
}

/* A judge that sees nothing proves nothing. */
static void
the_judge_sees_one_wrong_digit(void **state)
{
	static const struct {
		const char *spoil, *mend;
	} digits[] = {
	    {"UPDATE charge SET amount = amount + 1 ORDER BY billable_id DESC LIMIT 1",
		"UPDATE charge SET amount = amount - 1 ORDER BY billable_id DESC LIMIT 1"},
	    {"UPDATE charge SET unit = unit + 0.000001 ORDER BY billable_id DESC LIMIT 1",
		"UPDATE charge SET unit = unit - 0.000001 ORDER BY billable_id DESC LIMIT 1"},
	    {"UPDATE charge SET tax_rate = tax_rate + 0.01 ORDER BY billable_id DESC LIMIT 1",
		"UPDATE charge SET tax_rate = tax_rate - 0.01 ORDER BY billable_id DESC LIMIT 1"},
	    {"UPDATE billable SET days = days + 1 ORDER BY id DESC LIMIT 1",
		"UPDATE billable SET days = days - 1 ORDER BY id DESC LIMIT 1"},
	    {"UPDATE billable SET id = -id ORDER BY id DESC LIMIT 1", "UPDATE billable SET id = -id WHERE id < 0"},
	    {"UPDATE charge SET discount = discount - 1 WHERE discount > 1 ORDER BY billable_id LIMIT 1",
		"UPDATE charge SET discount = discount + 1 WHERE discount > 0 ORDER BY billable_id LIMIT 1"},
	    {"UPDATE charge SET amount = amount + 1 WHERE rule_id = 0 AND account_id < 100000 ORDER BY billable_id LIMIT 1",
		"UPDATE charge SET amount = amount - 1 WHERE rule_id = 0 AND account_id < 100000 ORDER BY billable_id LIMIT 1"},
	    {"UPDATE minimum_use SET charged = charged + 1 ORDER BY account_id DESC LIMIT 1",
		"UPDATE minimum_use SET charged = charged - 1 ORDER BY account_id DESC LIMIT 1"},
	    {"UPDATE reject SET position = position + 9 ORDER BY account_id LIMIT 1",
		"UPDATE reject SET position = position - 9 WHERE position > 8"},
	};
	static char said[65536];
	int64_t run = bill(1, 300);
	long bad;

	(void)state;
	plain("SET SESSION foreign_key_checks = 0");
	plain("DROP TRIGGER charge_discounted"); /* nobody else changes a charge */
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
		plain(digits[i].spoil);
		(void)judged(run, &bad, said, sizeof(said));
		if (bad < 1)
			fail_msg("%s: it is not seen: %s", digits[i].spoil, said);
		plain(digits[i].mend);
	}
	(void)judged(run, &bad, said, sizeof(said));
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(prices_and_charges_are_those_of_c_and_of_decimal),
	    cmocka_unit_test(the_judge_sees_one_wrong_digit),
	};

	return (cmocka_run_group_tests(tests, group_setup, group_teardown));
}
