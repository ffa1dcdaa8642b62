/* The ledger of the root with each tenant: openings are the closings before, sums are exact to the minor unit, whatever
 * comes late is of the next period, and a closing done again changes nothing.  Runs a MariaDB of its own; started from
 * the root. */
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

#define D1 "D1"

static int64_t
tenant(const char *name)
{

	return (number(arena_printf(a, "SELECT id FROM tenant WHERE name = '%s'", name).p));
}

static int
fresh(void **state)
{

	static const char *const tables[] = {"earning", "self_bill_line", "self_bill", "entry", "statement", "closing",
	    "fee_rule", "payout_line", "payout_left", "payout", "payment"};

	plain("SET SESSION foreign_key_checks = 0");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		plain(arena_printf(a, "TRUNCATE TABLE %s", tables[i]).p);
	plain("SET SESSION foreign_key_checks = 1");
	return (clean(state));
}

static void
pay(int64_t document, int64_t amount, const char *day)
{

	plain(arena_printf(a,
	    "INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id) "
	    "SELECT tenant_id, customer_id, segment_id, account_id, '%s', %lld, currency, 'transfer', id FROM document WHERE id = %lld",
	    day, (long long)amount, (long long)document)
		  .p);
	plain(arena_printf(
	    a, "UPDATE document SET paid = paid + %lld WHERE id = %lld", (long long)amount, (long long)document)
		  .p);
}

/* The nth document of that seller to an end customer of that period, and what it comes to. */
static int64_t
bill(int64_t seller, const char *period, int n, int64_t *gross)
{
	int64_t id = number(arena_printf(a,
	    "SELECT id FROM document WHERE tenant_id = %lld AND period_start = '%s' ORDER BY id LIMIT %d, 1",
	    (long long)seller, period, n)
				.p);

	*gross = of("SELECT gross FROM document WHERE id = %lld", id);
	return (id);
}

static void
close_period(const char *month, int64_t of_tenant)
{
	struct str start, end;
	int64_t closing;

	assert_int_equal(ledger_period(a, str_of(month), &start, &end), 0);
	closing = ledger_ask(db, a, of_tenant, start, end);
	assert_int_not_equal(closing, -1);
	assert_int_equal(ledger_go(db, a, closing, always, NULL), LEDGER_DONE);
	assert_int_equal(ledger_check(db, a), 0);
}

static int64_t
on(const char *what, int64_t of_tenant, const char *period)
{

	return (number(arena_printf(a,
	    "SELECT CAST(%s AS SIGNED) FROM statement WHERE tenant_id = %lld AND period_start = '%s-01' AND state = 'closed'",
	    what, (long long)of_tenant, period)
			   .p));
}

/* All entries and statements, as one number that any change of them changes. */
static int64_t
print_of_all(void)
{

	return (number(
	    "SELECT CAST((SELECT SUM(CRC32(CONCAT_WS('|', id, tenant_id, day, kind, amount, statement_id))) FROM entry) + "
	    "(SELECT SUM(CRC32(CONCAT_WS('|', id, opening, sold, channel, cost, collected, paid_out, closing, closed))) FROM statement) AS SIGNED)"));
}

/* What the channel owes all tenants is what came in less what went out. */
static void
nothing_is_lost(void)
{

	assert_int_equal(number("SELECT CAST(COALESCE(SUM(amount), 0) AS SIGNED) FROM entry WHERE kind <> 'sale'"),
	    number("SELECT CAST(COALESCE(SUM(amount), 0) AS SIGNED) FROM payment") +
		number("SELECT CAST(COALESCE(SUM(amount), 0) AS SIGNED) FROM entry WHERE kind = 'paid_out'"));
}

static void
three_months_chain_whatever_is_paid_when(void **state)
{
	int64_t d1 = tenant(D1), june, july, gross, more, before;

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	june = bill(d1, "2026-06-01", 0, &gross);
	pay(june, gross / 3, "2026-07-10");
	close_period("2026-06", 0); /* bills of June are issued on the first of July: nothing moved yet */
	assert_int_equal(number("SELECT COUNT(*) FROM statement"), 0);
	close_period("2026-07", 0);
	assert_int_equal(on("collected", d1, "2026-07"), gross / 3);
	assert_int_equal(on("opening", d1, "2026-07"), 0);
	assert_int_equal(-on("cost", d1, "2026-07"),
	    of("SELECT CAST(SUM(d.gross) AS SIGNED) FROM document d JOIN customer c ON c.id = d.customer_id WHERE c.buyer_id = %lld",
		d1));
	assert_int_equal(on("sold", d1, "2026-07"),
	    of("SELECT CAST(SUM(gross) AS SIGNED) FROM document WHERE tenant_id = %lld", d1));
	assert_int_equal(on("closing", d1, "2026-07"), on("cost", d1, "2026-07") + gross / 3);
	nothing_is_lost();

	/* The rest of it in the month behind; another one late: of July, and not known before July was closed. */
	assert_int_equal(all_of(db, JULY, 1), 0);
	pay(june, gross - gross / 3, "2026-08-02");
	july = bill(d1, "2026-06-01", 1, &more);
	pay(july, more, "2026-07-31");
	before = print_of_all();
	close_period("2026-07", 0);
	assert_int_not_equal(before, print_of_all()); /* it is known by now */
	assert_int_equal(on("collected", d1, "2026-07"), gross / 3);
	before = print_of_all();
	close_period("2026-07", 0);
	assert_int_equal(before, print_of_all());
	close_period("2026-08", 0);
	assert_int_equal(on("collected", d1, "2026-08"), gross - gross / 3 + more);
	assert_int_equal(on("opening", d1, "2026-08"), on("closing", d1, "2026-07"));
	close_period("2026-09", 0);
	assert_int_equal(on("closing", d1, "2026-09"), on("closing", d1, "2026-08"));
	assert_int_equal(on("collected", d1, "2026-09"), 0);
	nothing_is_lost();
}

static void
a_distributor_bears_its_cost_and_gets_what_its_dealers_buy(void **state)
{
	int64_t above = tenant("A");

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	close_period("2026-07", 0);
	assert_int_equal(on("channel", above, "2026-07"),
	    of("SELECT CAST(SUM(gross) AS SIGNED) FROM document WHERE tenant_id = %lld", above));
	assert_int_equal(on("closing", above, "2026-07"), on("channel + cost", above, "2026-07"));
	/* All is paid: the root keeps the gross of what it sold. */
	plain(
	    "INSERT INTO payment (tenant_id, customer_id, segment_id, account_id, received, amount, currency, method, document_id) "
	    "SELECT d.tenant_id, d.customer_id, d.segment_id, d.account_id, '2026-08-01', d.gross, d.currency, 'transfer', d.id "
	    "FROM document d JOIN customer c ON c.id = d.customer_id WHERE c.buyer_id IS NULL");
	close_period("2026-08", 0);
	assert_int_equal(on("closing", REHEARSE_ROOT, "2026-08"),
	    of("SELECT CAST(SUM(gross) AS SIGNED) FROM document WHERE tenant_id = %lld", REHEARSE_ROOT));
	assert_int_equal(on("closing", above, "2026-08"),
	    number("SELECT CAST(SUM(due) AS SIGNED) FROM settlement") - on("closing", REHEARSE_ROOT, "2026-08") -
		on("closing", tenant(D1), "2026-08") - on("closing", tenant("D2"), "2026-08") -
		on("closing", tenant("B"), "2026-08") + number("SELECT CAST(SUM(amount) AS SIGNED) FROM payment"));
	nothing_is_lost();
}

static void
a_fee_is_rounded_once_and_is_the_roots(void **state)
{
	int64_t d1 = tenant(D1), gross, n;

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	/* 3 x 33.35 collected at 1.5 per cent: 1.50075 in all, and not three times 0.50. */
	for (n = 0; n < 3; n++)
		pay(bill(d1, "2026-06-01", (int)n, &gross), 3335, "2026-07-05");
	plain(arena_printf(a,
	    "INSERT INTO fee_rule (tenant_id, currency, starts, rate, fixed) VALUES (%lld, 'EUR', '2026-01-01', 1.5, 990), (%lld, 'EUR', '2026-08-01', 0, 5)",
	    (long long)d1, (long long)d1)
		  .p);
	close_period("2026-07", d1);
	assert_int_equal(on("fees", d1, "2026-07"), -(990 + 150));
	close_period("2026-07", 0);
	assert_int_equal(on("fees", REHEARSE_ROOT, "2026-07"), 990 + 150);
	close_period("2026-08", 0);
	assert_int_equal(on("fees", d1, "2026-08"), -5);
	nothing_is_lost();
}

static void
an_agent_earns_on_what_was_received_and_gives_it_back(void **state)
{
	int64_t d1 = tenant(D1), agent = tenant("B"), id, gross, net;

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	id = bill(d1, "2026-06-01", 0, &gross);
	net = of("SELECT net FROM document WHERE id = %lld", id);
	plain(arena_printf(a,
	    "INSERT INTO agreement_agent (agreement_id, tenant_id, rate, tax_rate) SELECT agreement_id, %lld, 10, 20 FROM draft WHERE document_id = %lld",
	    (long long)agent, (long long)id)
		  .p);
	pay(id, gross - 1, "2026-07-05");
	pay(id, 1, "2026-07-06");
	close_period("2026-07", 0);
	assert_int_equal(on("commission", agent, "2026-07"), (net + 5) / 10 + ((net + 5) / 10 + 2) / 5);
	assert_int_equal(on("commission", d1, "2026-07"), -on("commission", agent, "2026-07"));
	pay(id, -gross, "2026-08-05"); /* charged back */
	close_period("2026-08", 0);
	assert_int_equal(on("commission", agent, "2026-08"), -on("commission", agent, "2026-07"));
	plain("DELETE FROM agreement_agent");
	nothing_is_lost();
}

static int
refused(const char *sql)
{

	return (db_plain(db, str_of(sql)));
}

static void
what_is_closed_never_changes(void **state)
{

	(void)state;
	assert_int_equal(all_of(db, JUNE, 1), 0);
	close_period("2026-07", 0);
	assert_int_equal(refused("UPDATE statement SET sold = sold + 1 LIMIT 1"), -1);
	assert_int_equal(refused("DELETE FROM statement LIMIT 1"), -1);
	assert_int_equal(refused("UPDATE entry SET amount = amount + 1 LIMIT 1"), -1);
	assert_int_equal(refused("UPDATE entry SET statement_id = NULL LIMIT 1"), -1);
	assert_int_equal(refused("DELETE FROM entry LIMIT 1"), -1);
	plain("INSERT INTO entry (tenant_id, currency, day, kind, amount) VALUES (1, 'EUR', '2026-07-01', 'sale', 1)");
	assert_int_equal(
	    refused("UPDATE entry SET statement_id = (SELECT MIN(id) FROM statement) WHERE statement_id IS NULL"), -1);
}

/* So many steps, then it is cut. */
static bool
some(void *ctx)
{

	return ((*(int *)ctx)-- > 0);
}

static void
a_closing_that_is_cut_anywhere_goes_on(void **state)
{
	int64_t closing, whole = 0, gross, id;
	struct str start, end;

	for (int steps = 0; steps < 24; steps += steps < 6 ? 2 : 5) {
		fresh(state);
		assert_int_equal(all_of(db, JUNE, 1), 0);
		id = bill(tenant(D1), "2026-06-01", 0, &gross);
		pay(id, gross, "2026-07-05");
		assert_int_equal(ledger_period(a, S("2026-07"), &start, &end), 0);
		closing = ledger_ask(db, a, 0, start, end);
		for (int left = steps, i = 0; i < 40 && ledger_go(db, a, closing, some, &left) == LEDGER_STOPPED; i++)
			left = steps + i + 1;
		assert_int_equal(ledger_check(db, a), 0);
		assert_int_equal(number("SELECT COUNT(*) FROM statement WHERE state = 'open'"), 0);
		id = number("SELECT CAST(SUM(ABS(closing)) AS SIGNED) FROM statement");
		assert_true(whole == 0 || whole == id);
		whole = id;
		nothing_is_lost();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(three_months_chain_whatever_is_paid_when, fresh),
	    cmocka_unit_test_setup(a_distributor_bears_its_cost_and_gets_what_its_dealers_buy, fresh),
	    cmocka_unit_test_setup(a_fee_is_rounded_once_and_is_the_roots, fresh),
	    cmocka_unit_test_setup(an_agent_earns_on_what_was_received_and_gives_it_back, fresh),
	    cmocka_unit_test_setup(what_is_closed_never_changes, fresh),
	    cmocka_unit_test_setup(a_closing_that_is_cut_anywhere_goes_on, fresh),
	};

	return (cmocka_run_group_tests(tests, group_setup, book_teardown));
}
