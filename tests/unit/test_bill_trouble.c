/* Whatever is in trouble is billed on no edge, with a reason that says where, and everything else to the cent as if nothing were.
 * Runs a MariaDB of its own; started from the root of the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/statement.h"
#include "scratch_db.h"
#include "trade/bill_run.h"
#include "trade/charge.h"
#include "trade/rehearse_part.h"

#include "bill_book.h"

static int64_t
bill(void)
{
	const struct bill_run_want want = {REHEARSE_ROOT, 1, S(PERIOD_START), S(PERIOD_END), S(PERIOD_END), CHUNK, 1};
	int64_t run = bill_run_open(db, a, &want);

	assert_int_not_equal(run, -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_WAITS);
	assert_int_equal(charge_verify(db, a, run), 0);
	assert_int_not_equal(bill_run_approve(db, a, run, 0), -1);
	assert_int_equal(bill_run_go(db, a, run, always, NULL), BILL_RUN_DONE);
	return (run);
}

/* Charges and taxes of a run without ids, kept beside those that come. */
#define CHARGES                                                                                                                                  \
	"SELECT b.account_id, b.offering_id, b.subscription_id, b.starts, b.ends, b.quantity, h.position, h.seller_id, h.account_id AS billed, " \
	"h.agreement_id, h.unit, h.net, h.tax_category, h.tax_rate FROM charge h JOIN billable b ON b.id = h.billable_id"

static int
group_setup(void **state)
{

	(void)state;
	if (book_open() == -1)
		return (-1);
	/* One of them has an agreement like all others of its seller. */
	plain("UPDATE agreement SET account_id = NULL WHERE account_id = 100021");
	bill();
	plain("CREATE TABLE was AS " CHARGES);
	return (0);
}

/* Charges as before of all that is not told, on all edges, and none of what is; documents are the sums of these. */
static void
the_rest_is_as_before(const char *name)
{
	static const char *const none[] = {
	    /* what is neither rejected nor parked and has lost a charge */
	    "SELECT COUNT(*) FROM was w LEFT JOIN is_now n USING (account_id, offering_id, subscription_id, starts, position) WHERE n.net IS NULL "
	    "AND NOT EXISTS (SELECT 1 FROM reject r WHERE r.account_id = w.account_id AND r.offering_id = w.offering_id) "
	    "AND NOT EXISTS (SELECT 1 FROM bill_run_parked p WHERE p.account_id = w.account_id)",
	    /* what is told and charged none the less */
	    "SELECT COUNT(*) FROM is_now n JOIN reject r ON r.account_id = n.account_id AND r.offering_id = n.offering_id",
	    "SELECT COUNT(*) FROM is_now n JOIN bill_run_parked p ON p.account_id = n.account_id",
	    /* a charge that is another one */
	    "SELECT COUNT(*) FROM (SELECT * FROM is_now EXCEPT SELECT * FROM was) x",
	    /* documents of other sums, or other taxes, than these charges come to */
	    "SELECT COUNT(*) FROM (SELECT billed, agreement_id, SUM(net) AS net FROM is_now GROUP BY billed, agreement_id) x LEFT JOIN draft d "
	    "ON d.account_id = x.billed AND d.agreement_id = x.agreement_id LEFT JOIN document t ON t.id = d.document_id WHERE NOT (t.net <=> x.net)",
	    "SELECT COUNT(*) FROM (SELECT billed, agreement_id, tax_rate, SUM(net) AS net FROM is_now GROUP BY billed, agreement_id, tax_rate) x LEFT JOIN draft d "
	    "ON d.account_id = x.billed AND d.agreement_id = x.agreement_id LEFT JOIN document_tax t ON t.document_id = d.document_id AND t.rate = x.tax_rate "
	    "WHERE NOT (t.base <=> x.net AND t.amount <=> ROUND(x.net * x.tax_rate / 100))",
	    "SELECT (SELECT COUNT(*) FROM document) - (SELECT COUNT(*) FROM (SELECT DISTINCT billed, agreement_id FROM is_now) x)",
	    "SELECT COUNT(*) FROM bill_run_check WHERE found <> 0 AND name NOT IN ('rejects', 'parked', 'unbilled')",
	};

	plain("CREATE OR REPLACE TABLE is_now AS " CHARGES);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (number(none[i]) != 0)
			fail_msg("%s: %lld times: %s", name, (long long)number(none[i]), none[i]);
}

/* Accounts from 100000 on: those of D1, of D2 (both below A) and of B by turns; offerings 1 SEAT, 2 LINE, 3 CALL. */
#define MOST "(SELECT id FROM price_version WHERE list_id = (SELECT list_id FROM agreement WHERE account_id = 100002))"
static const struct trouble {
	const char *name, *spoil, *mend, *reason,
	    *at;          /* at: who sells where it is to blame, of rejects; NULL: they are parked */
	int64_t accounts; /* that are told */
} troubles[] = {
    {"no rule", "UPDATE price_rule SET ends = '2026-06-01' WHERE version_id = " MOST,
	"UPDATE price_rule SET ends = '9999-12-31' WHERE version_id = " MOST, "rule", "B", 1},
    {"no rule for one offering",
	"UPDATE price_rule SET offering_id = 2 WHERE offering_id IS NULL AND version_id = " MOST,
	"UPDATE price_rule SET offering_id = NULL WHERE offering_id = 2 AND version_id = " MOST, "rule", "B", 1},
    {"no list", "UPDATE agreement SET list_id = list_id + 1000 WHERE account_id = 100002",
	"UPDATE agreement SET list_id = list_id - 1000 WHERE account_id = 100002", "rule", "B", 1},
    {"no list price yet", "UPDATE offering_price SET starts = '2026-06-30' WHERE offering_id = 2",
	"UPDATE offering_price SET starts = '1000-01-01' WHERE offering_id = 2", "list_price", NULL, ACCOUNTS},
    {"a list price in another currency", "UPDATE offering_price SET currency = 'USD' WHERE offering_id = 2",
	"UPDATE offering_price SET currency = 'EUR' WHERE offering_id = 2", "rate", NULL, ACCOUNTS},
    {"an account in another currency than its agreement", "UPDATE account SET currency = 'USD' WHERE id = 100002",
	"UPDATE account SET currency = 'EUR' WHERE id = 100002", "agreement", "B", 1},
    {"an account in another currency than how its seller sells to all",
	"UPDATE account SET currency = 'JPY' WHERE id = 100021",
	"UPDATE account SET currency = 'EUR' WHERE id = 100021", "agreement", "D1", 1},
    {"a reseller's account in another currency",
	"UPDATE account SET currency = 'USD' WHERE id = (SELECT id FROM tenant WHERE name = 'D1')",
	"UPDATE account SET currency = 'EUR'", "currency", "A", ACCOUNTS / 3},
    {"a reseller's account that is closed",
	"UPDATE account SET state = 'closed' WHERE id = (SELECT id FROM tenant WHERE name = 'D1')",
	"UPDATE account SET state = 'active'", "agreement", "A", ACCOUNTS / 3},
    {"an agreement that has ended", "UPDATE agreement SET ends = '2026-06-01' WHERE account_id = 100002",
	"UPDATE agreement SET ends = '9999-12-31' WHERE account_id = 100002", "agreement", "B", 1},
    {"an agreement in the middle that has ended",
	"UPDATE agreement SET ends = '2026-06-01' WHERE buyer_id = (SELECT id FROM tenant WHERE name = 'D2')",
	"UPDATE agreement SET ends = '9999-12-31' WHERE buyer_id = (SELECT id FROM tenant WHERE name = 'D2')",
	"agreement", "A", ACCOUNTS / 3},
    {"an agreement that is yet to begin", "UPDATE agreement SET starts = '2026-07-01' WHERE account_id = 100002",
	"UPDATE agreement SET starts = '1000-01-01' WHERE account_id = 100002", "agreement", "B", 1},
    {"a seller without any tax rule",
	"UPDATE tax_rule SET starts = '9000-01-01' WHERE seller_id = (SELECT id FROM tenant WHERE name = 'D1')",
	"UPDATE tax_rule SET starts = '1000-01-01'", "tax", "D1", ACCOUNTS / 3},
    {"a tax rule of one offering alone",
	"UPDATE tax_rule SET starts = '9000-01-01' WHERE seller_id = (SELECT id FROM tenant WHERE name = 'A') AND offering_id IS NULL",
	"UPDATE tax_rule SET starts = '1000-01-01'", "tax", "A", 2 * ACCOUNTS / 3},
    {"a price below its floor",
	"UPDATE price_rule SET floor = 99 WHERE version_id = " MOST
	"; UPDATE agreement SET floor_action = 'deny' WHERE account_id = 100002",
	"UPDATE price_rule SET floor = NULL WHERE version_id = " MOST
	"; UPDATE agreement SET floor_action = 'warn' WHERE account_id = 100002",
	"floor", "B", 1},
    {"more than the tiers reach", "UPDATE offering_tier SET up_to = 60 WHERE price_id = 3 AND tier = 2",
	"UPDATE offering_tier SET up_to = 999999999999.999999 WHERE price_id = 3 AND tier = 2", "too_much", NULL, 2},
    {"an account that is closed", "UPDATE account SET state = 'closed' WHERE id = 100002",
	"UPDATE account SET state = 'active' WHERE id = 100002", "closed", NULL, 1},
    {"a seller that is closed", "UPDATE tenant SET state = 'closed' WHERE name = 'D2'",
	"UPDATE tenant SET state = 'active'", "seller_closed", NULL, ACCOUNTS / 3},
    {"a seller above that is closed", "UPDATE tenant SET state = 'closed' WHERE name = 'A'",
	"UPDATE tenant SET state = 'active'", "seller_closed", NULL, 2 * ACCOUNTS / 3},
};

/* One statement, or two behind each other. */
static void
both(const char *sql)
{
	const char *semicolon = strchr(sql, ';');

	plain("SET SESSION foreign_key_checks = 0");
	if (semicolon == NULL) {
		plain(sql);
	} else {
		plain(arena_printf(a, "%.*s", (int)(semicolon - sql), sql).p);
		plain(semicolon + 1);
	}
	plain("SET SESSION foreign_key_checks = 1");
}

static void
what_is_in_trouble_is_told_and_the_rest_is_billed_as_before(void **state)
{
	const struct trouble *t;

	(void)state;
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++) {
		t = &troubles[i];
		forget();
		both(t->spoil);
		bill();
		both(t->mend);
		the_rest_is_as_before(t->name);
		if (number(arena_printf(a,
			"SELECT COUNT(DISTINCT account_id) FROM (SELECT account_id, reason FROM reject UNION ALL SELECT account_id, reason FROM bill_run_parked) x "
			"WHERE reason = '%s'",
			t->reason)
			       .p) != t->accounts)
			fail_msg("%s: not %lld accounts are told to be in trouble by %s", t->name,
			    (long long)t->accounts, t->reason);
		assert_int_equal(
		    number(arena_printf(a,
			"SELECT COUNT(*) FROM (SELECT reason FROM reject UNION ALL SELECT reason FROM bill_run_parked) x WHERE reason <> '%s'",
			t->reason)
			       .p),
		    0);
		if (t->at != NULL)
			assert_int_equal(
			    number(arena_printf(a,
				"SELECT COUNT(*) FROM reject r JOIN account c ON c.id = r.account_id JOIN tenant n ON n.id = c.tenant_id JOIN tenant s ON s.id = "
				"ELT(r.position + 1, 1, n.a1, n.a2, n.a3, n.a4) WHERE s.name <> '%s'",
				t->at)
				       .p),
			    0);
	}
	/* And once all is mended, all of it is billed as it was. */
	forget();
	bill();
	the_rest_is_as_before("mended");
	assert_int_equal(number("SELECT COUNT(*) FROM is_now") == number("SELECT COUNT(*) FROM was"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_in_trouble_is_told_and_the_rest_is_billed_as_before),
	};

	return (cmocka_run_group_tests(tests, group_setup, book_teardown));
}
