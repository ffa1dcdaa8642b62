/* The demo keeps the rules that it is there to show.  Runs a MariaDB of its own in a
 * folder that is removed at the end; started from the root of the project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/statement.h"
#include "trade/demo.h"
#include "trade/demo_part.h"

#include "scratch_db.h"

#define MONTH "2026-05-01"

static int
group_setup(void **state)
{

	(void)state;
	return (statement_init() == -1 || scratch_start() == -1 ? -1 : 0);
}

static int
group_teardown(void **state)
{

	(void)state;
	scratch_stop();
	return (0);
}

/* A database with the schema and nothing in it. */
static struct db *
fresh(const char *name)
{
	struct db *db = scratch_fresh(name);

	assert_non_null(db);
	return (db);
}

static int64_t
number(struct db *db, const char *sql)
{
	struct db_stmt *st = db_prepare(db, str_of(sql));
	const struct db_val *row;
	int64_t n;

	if (st == NULL)
		fail_msg("%s: %s", sql, db_error_text(db));
	assert_int_equal(db_run(st, NULL), 0);
	assert_int_equal(db_fetch(st, &row), 1);
	assert_int_equal(row[0].type, DB_INT);
	n = row[0].i;
	db_stmt_close(st);
	return (n);
}

static void
plain(struct db *db, const char *sql)
{

	if (db_plain(db, str_of(sql)) == -1)
		fail_msg("%s: %s", sql, db_error_text(db));
}

static int
generate(struct db *db, uint64_t seed)
{
	struct demo_opts opts = {
	    .resellers = 20, .customers = 500, .months = 3, .seed = seed, .progress = false, .first_of_month = MONTH};

	return (demo_load(db, &opts));
}

/* ---- without a database ---- */

static void
same_seed_same_numbers(void **state)
{
	struct demo_rng a = demo_rng_of(7, 1, 2), b = demo_rng_of(7, 1, 2), c = demo_rng_of(7, 2, 1);

	(void)state;
	assert_int_equal(demo_rng_next(&a), demo_rng_next(&b));
	assert_int_not_equal(demo_rng_next(&a), demo_rng_next(&c));
	for (int i = 0; i < 1000; i++)
		assert_in_range(demo_rng_below(&a, 7), 0, 6);
}

static void
half_a_cent_goes_away_from_zero(void **state)
{
	struct demo_tenant t = {.country = COUNTRY_DE, .decimals = 2, .price = {[OFFER_TELE] = 35000}};
	struct demo_plan p = {.i = 0};
	struct demo_doc *doc = calloc(1, sizeof(*doc));

	(void)state;
	assert_non_null(doc);
	demo_doc_line(doc, &t, &p, OFFER_TELE, 31000000, 0); /* 1.085 */
	demo_doc_line(doc, &t, &p, OFFER_TELE, 29000000, 0); /* 1.015 */
	assert_int_equal(doc->lines[0].net, 109);
	assert_int_equal(doc->lines[1].net, 102);
	demo_doc_total(doc);
	assert_int_equal(doc->tax, 40); /* 19 % of 2.11, on the sum: 0.4009 */
	demo_doc_negate(doc);
	assert_int_equal(doc->lines[0].net, -109);
	assert_int_equal(doc->gross, -251);
	free(doc);
}

static void
every_marker_is_its_own(void **state)
{
	static const char *const codes[] = {
#define TENANT(slug, code, ...) code,
#include "schema/demo/channel.def"
	};
	static const char *const slugs[] = {
#define TENANT(slug, ...) slug,
#include "schema/demo/channel.def"
	};
	char marker[16];

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		for (size_t j = 0; j < sizeof(codes) / sizeof(codes[0]); j++) {
			snprintf(marker, sizeof(marker), "%s-", codes[i]);
			assert_null(strcasestr(slugs[j], marker));
			if (i != j)
				assert_string_not_equal(codes[i], codes[j]);
		}
}

/* ---- with one ---- */

static void
standing_has_the_ugly(struct db *db)
{
	assert_int_equal(
	    number(db, "SELECT MAX(n) FROM (SELECT COUNT(*) n FROM document_line GROUP BY document_id) l"), 300);
	assert_true(number(db, "SELECT COUNT(*) FROM document WHERE gross = 0 AND kind = 'invoice'") > 0);
	assert_true(
	    number(db, "SELECT COUNT(*) FROM document WHERE kind = 'credit_note' AND corrects_id IS NOT NULL") > 0);
	assert_true(number(db,
			"SELECT COUNT(*) FROM document_line l JOIN document d ON d.id = l.document_id "
			"WHERE d.currency = 'EUR' AND quantity * unit_price * 1000 % 10 = 5") > 100);
	assert_true(number(db, "SELECT COUNT(*) FROM customer WHERE CHAR_LENGTH(name) = 100") >= 6);
	assert_true(
	    number(db, "SELECT COUNT(*) FROM customer WHERE name LIKE '%<b>%''%\"%' OR name LIKE '%<b>\"%''%'") >= 6);
	assert_true(number(db, "SELECT COUNT(*) FROM document_tax WHERE category = 'AE' AND amount = 0") > 0);
	assert_true(
	    number(db, "SELECT COUNT(*) FROM (SELECT 1 FROM document_tax GROUP BY document_id HAVING COUNT(*) > 1) m") >
	    100);
	assert_true(number(db, "SELECT COUNT(*) FROM customer WHERE parent_id IS NOT NULL") > 0);
	assert_true(number(db, "SELECT COUNT(*) FROM customer WHERE state = 'closed'") > 0);
	assert_int_equal(number(db, "SELECT COUNT(*) FROM tenant WHERE state = 'closed'"), 1);
	assert_true(number(db, "SELECT COUNT(*) FROM user WHERE state = 'closed'") > 0);
	/* One asks and another agrees. */
	assert_int_equal(number(db,
			     "SELECT COUNT(*) FROM user u JOIN role r ON r.id = u.role_id "
			     "WHERE r.code = 'provider_admin' AND u.state = 'active'"),
	    2);
	assert_int_equal(number(db, "SELECT MAX(level) + 1 FROM tenant"), 4);
	assert_int_equal(number(db, "SELECT COUNT(DISTINCT currency) FROM account"), 3);
	assert_int_equal(number(db, "SELECT COUNT(DISTINCT language) FROM customer"), 5);
	assert_int_equal(number(db, "SELECT COUNT(*) FROM brand WHERE version = 2"), 1);
	assert_int_equal(number(db,
			     "SELECT COUNT(DISTINCT d.brand_id) FROM document d JOIN tenant t ON t.id = d.tenant_id "
			     "WHERE t.slug = 'musterplatz'"),
	    2);
	assert_true(number(db, "SELECT COUNT(*) FROM document WHERE paid > 0 AND paid < gross") > 0);
	assert_true(number(db, "SELECT COUNT(*) FROM document WHERE paid < gross AND due_date < CURRENT_DATE") > 0);
	assert_int_equal(number(db, "SELECT COUNT(*) FROM payment WHERE received > CURRENT_DATE"), 0);
}

static void
the_standing_demo_keeps_its_rules(void **state)
{
	struct db *db = fresh("standing");
	int64_t rows;

	(void)state;
	assert_int_equal(demo_standing(db, false, false), 0);
	assert_int_equal(demo_check(db), 0);
	standing_has_the_ugly(db);
	rows = number(db, "SELECT COUNT(*) FROM document");
	assert_int_equal(demo_standing(db, false, false), 0); /* again: nothing happens */
	assert_int_equal(number(db, "SELECT COUNT(*) FROM document"), rows);
	assert_int_equal(generate(db, 1), -1); /* another one: refused */
	db_close(db);
}

static void
a_broken_row_is_found(void **state)
{
	static const char *const harm[] = {
	    "UPDATE document SET paid = paid + 1 WHERE id = 3",
	    "UPDATE series SET next = next + 1 ORDER BY tenant_id DESC LIMIT 1",
	    "UPDATE customer SET a1 = a1 + 1 WHERE id = 5",
	    "DELETE FROM segment ORDER BY id DESC LIMIT 3",
	    "INSERT INTO document_line SELECT document_id, account_id, 999, code, description, period_start, period_end, "
	    "quantity, unit, unit_price, net + 1, tax_category, tax_rate, discount, discount_name FROM document_line LIMIT 1",
	};

	struct db *db = fresh("harm");

	(void)state;
	assert_int_equal(generate(db, 5), 0);
	assert_int_equal(demo_check(db), 0);
	plain(db, "SET SESSION foreign_key_checks = 0");
	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		plain(db, "BEGIN");
		plain(db, harm[i]);
		if (db_changed(db) < 1 || demo_check(db) < 1)
			fail_msg("not found: %s", harm[i]);
		plain(db, "ROLLBACK");
	}
	assert_int_equal(demo_check(db), 0);
	db_close(db);
}

/* All but the password, which has a salt, and the times of the load. */
static uint64_t
fingerprint(struct db *db)
{
	uint64_t sum = 0;
	char sql[1024];

	for (int i = 0; i < TABLE__MAX; i++) {
		const char *columns = i == TABLE_user
		    ? "id, tenant_id, customer_id, role_id, email, name, language, state"
		    : demo_tables[i].columns;

		snprintf(sql, sizeof(sql),
		    "SELECT CAST(COALESCE(BIT_XOR(CRC32(CONCAT_WS('|', %s))), 0) AS SIGNED) FROM %s", columns,
		    demo_tables[i].name);
		sum = sum * 31 + (uint64_t)number(db, sql);
	}
	return (sum);
}

static void
the_same_seed_gives_the_same_rows(void **state)
{
	struct db *a = fresh("seed_a"), *b = fresh("seed_b"), *c = fresh("seed_c");

	(void)state;
	assert_int_equal(generate(a, 11), 0);
	assert_int_equal(generate(b, 11), 0);
	assert_int_equal(generate(c, 12), 0);
	assert_int_equal(number(a, "SELECT COUNT(*) FROM customer"), 500);
	assert_int_equal(number(a, "SELECT COUNT(*) FROM tenant"), 21);
	assert_int_equal(fingerprint(a), fingerprint(b));
	assert_int_not_equal(fingerprint(a), fingerprint(c));
	db_close(a);
	db_close(b);
	db_close(c);
}

static void
an_interrupted_load_is_begun_again(void **state)
{
	struct db *db = fresh("half"), *whole = fresh("whole");

	(void)state;
	assert_int_equal(generate(whole, 3), 0);
	assert_int_equal(generate(db, 4), 0);
	plain(db, "UPDATE demo_state SET state = 'loading'");
	assert_int_equal(generate(db, 3), 0);
	assert_int_equal(demo_check(db), 0);
	assert_int_equal(fingerprint(db), fingerprint(whole));
	assert_int_equal(number(db, "SELECT COUNT(*) FROM lease"), 0);
	db_close(db);
	db_close(whole);
}

static void
a_channel_of_somebody_else_is_left_alone(void **state)
{
	struct db *db = fresh("elsewhere");

	(void)state;
	assert_int_equal(generate(db, 3), 0);
	plain(db, "DELETE FROM demo_state");
	assert_int_equal(demo_standing(db, false, false), -1);
	assert_int_equal(generate(db, 3), -1);
	assert_int_equal(number(db, "SELECT COUNT(*) FROM customer"), 500);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(same_seed_same_numbers),
	    cmocka_unit_test(half_a_cent_goes_away_from_zero),
	    cmocka_unit_test(every_marker_is_its_own),
	    cmocka_unit_test(the_standing_demo_keeps_its_rules),
	    cmocka_unit_test(a_broken_row_is_found),
	    cmocka_unit_test(the_same_seed_gives_the_same_rows),
	    cmocka_unit_test(an_interrupted_load_is_begun_again),
	    cmocka_unit_test(a_channel_of_somebody_else_is_left_alone),
	};

	return (cmocka_run_group_tests(tests, group_setup, group_teardown));
}
