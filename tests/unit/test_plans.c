/* Every statement, in every variant that a role can reach, is explained and run on some tens of thousands of rows.  No
 * big table is read whole, nothing is sorted that an index could hold in order, and a page costs the rows of a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/statement.h"
#include "scratch_db.h"
#include "trade/demo.h"

#define PAGE 51       /* rows of a list and one more */
#define SMALL 200     /* rows of a table that may be read whole */
#define READS_A_ROW 8 /* a list joins at most so many rows to each */
#define HASH "0123456789abcdef0123456789abcdef"

static struct arena *a;
static struct db *db;
static struct statements *statements;
static int n_variants, n_wrong;

static int64_t
number(const char *fmt, ...)
{
	struct db_stmt *st;
	const struct db_val *row;
	int64_t n = 0;
	char sql[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sql, sizeof(sql), fmt, ap);
	va_end(ap);
	if ((st = db_prepare(db, str_of(sql))) == NULL || db_run(st, NULL) == -1)
		fail_msg("%s: %s", sql, db_error_text(db));
	if (db_fetch(st, &row) == 1 && row[0].type == DB_INT)
		n = row[0].i;
	db_stmt_close(st);
	return (n);
}

#include "plans_values.h"

/* "document_list all by number [state] in segments": what is told of once. */
static const char *
describe(const struct declaration *d, const struct variant *v)
{
	struct buf b;

	buf_init(&b, a, 1000);
	buf_printf(&b, "%s %s", d->name, access_scopes[v->scope].name);
	if (v->scope == SCOPE_subtree)
		buf_printf(&b, "/%d", v->level);
	if (d->n_sorts > 0)
		buf_printf(&b, " by %.*s", STR_ARG(d->sorts[v->sort].field_name));
	for (size_t i = 0; i < d->n_filters; i++)
		if (v->filters >> i & 1)
			buf_printf(&b, " [%.*s]", STR_ARG(d->filters[i].param));
	if (v->arms > 0)
		buf_addz(&b, " in segments");
	if (v->products > 0)
		buf_addz(&b, v->products == PRODUCTS_AT_ONCE ? " of products at once" : " of products");
	return (arena_str(a, buf_str(&b)).p);
}

/* Variants that may look at more rows than they show, up to all of the scope, though in the
 * order of an index and never sorting:
 *   a list searched by the beginning of one field, but explicitly ordered by another;
 *   bills by kind, which no index holds, and by open or overdue among those that are not settled:
 *   nearly every page fills at once, and an index for each would cost every bill that is issued;
 *   usage by offering, and lines that were not taken by what they came with, likewise: an index for each scope would cost
 *   every event;
 *   sums of usage, which read the days that are asked for;
 *   a role's segments in another order than the list's own, or among the few customers of a group or an agent;
 *   more product segments than arms, of which most of the catalogue is, or beside a role's customer segments. */
static bool
is_borne(const struct declaration *d, const struct variant *v)
{

	for (size_t i = 0; i < d->n_filters; i++) {
		if (!(v->filters >> i & 1))
			continue;
		if (d->filters[i].type == FILTER_PREFIX && d->filters[i].field != d->sorts[v->sort].field)
			return (true);
		if (d->filters[i].type == FILTER_CODE ||
		    ((d->filters[i].type == FILTER_ID || d->filters[i].type == FILTER_TEXT) &&
			d->filters[i].index.n == 0))
			return (true);
	}
	if (d->n_sorts == 0 && strncmp(d->name, "usage_totals", 12) == 0)
		return (true);
	return ((v->arms > 0 && (v->sort > 0 || v->scope == SCOPE_family || v->scope == SCOPE_assigned)) ||
	    v->products == PRODUCTS_AT_ONCE);
}

__attribute__((format(printf, 3, 4))) static void
wrong(const struct declaration *d, const struct variant *v, const char *fmt, ...)
{
	static char told[200] = "";
	const char *what = describe(d, v);
	char why[300];
	va_list ap;

	n_wrong++;
	if (strcmp(told, what) == 0)
		return;
	snprintf(told, sizeof(told), "%s", what);
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	print_error("%s: %s\n", what, why);
}

static bool
has(struct str s, const char *part)
{

	return (memmem(s.p, s.n, part, strlen(part)) != NULL);
}

/* id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra */
static void
explain(const struct declaration *d, const struct variant *v, struct str sql, const struct db_val *values)
{
	struct db_stmt *st = db_prepare(db, arena_printf(a, "EXPLAIN %.*s", STR_ARG(sql)));
	const struct db_val *row;

	if (st == NULL || db_run(st, values) == -1) {
		wrong(d, v, "cannot be explained: %s", db_error_text(db));
		return;
	}
	while (db_fetch(st, &row) == 1) {
		struct str kind = row[1].s, type = row[3].s, extra = row[9].s;

		if (row[2].type == DB_NULL) /* no table: the server knows that nothing can be found */
			continue;
		if (str_eqz(kind, "UNION RESULT") || row[2].s.p[0] == '<') /* at most 16 pages of keys */
			continue;
		if (row[8].type == DB_INT && row[8].i > SMALL && str_eqz(type, "ALL"))
			wrong(d, v, "reads all of %.*s, %lld rows", STR_ARG(row[2].s), (long long)row[8].i);
		/* A handful of rows is sorted sooner than read in order; the server knows. */
		if (row[8].type == DB_INT && row[8].i > SMALL && (has(extra, "filesort") || has(extra, "temporary")))
			wrong(d, v, "%.*s: %.*s", STR_ARG(row[2].s), STR_ARG(extra));
	}
	db_stmt_close(st);
}

static int64_t
reads(void)
{

	return (number("SELECT CAST(SUM(VARIABLE_VALUE) AS SIGNED) FROM information_schema.SESSION_STATUS "
		       "WHERE VARIABLE_NAME LIKE 'HANDLER_READ%%'"));
}

/* Runs it; how many rows the server looked at, over what asking for that costs itself. */
static int64_t
cost(struct db_stmt *st, const struct db_val *values, int64_t *rows)
{
	static int64_t own = -1;
	const struct db_val *row;

	if (own == -1) {
		assert_int_equal(db_plain(db, S("FLUSH STATUS")), 0);
		own = reads();
	}
	*rows = 0;
	assert_int_equal(db_plain(db, S("FLUSH STATUS")), 0);
	if (db_run(st, values) == -1)
		return (-1);
	if (db_n_cols(st) > 0)
		while (db_fetch(st, &row) == 1)
			++*rows;
	return (reads() - own);
}

static void
try_one(const struct declaration *d, const struct variant *v, size_t code)
{
	struct params params;
	struct prepared *p;
	struct db_val values[PARAMS_MAX];
	struct buf sql;
	int64_t n, rows, arms = v->arms > 0 ? v->arms : v->products, most = (arms > 1 ? arms : 1) * PAGE * READS_A_ROW;

	n_variants++;
	if ((p = statements_get(statements, db, a, v)) == NULL) {
		wrong(d, v, "cannot be prepared: %s", db_error_text(db));
		return;
	}
	buf_init(&sql, a, 256 * 1024);
	statement_text(v, &sql, &params);
	fill(d, v, &params, code, values);
	explain(d, v, buf_str(&sql), values);
	if (is_borne(d, v))
		return;
	n = cost(p->st, values, &rows);
	if (n == -1)
		wrong(d, v, "cannot be run: %s", db_error_text(db));
	else if (n > most)
		wrong(d, v, "looks at %lld rows for %lld", (long long)n, (long long)rows);
}

/* Does any role reach this scope with an action of that resource, and see all these filters? */
static bool
reached(const struct declaration *d, enum scope scope, unsigned filters)
{

	for (int role = 0; role < ROLE__MAX; role++) {
		struct rights r;
		bool sees = true;

		access_rights((enum role)role, &r);
		for (size_t i = 0; i < d->n_filters; i++)
			sees = sees && (!(filters >> i & 1) || may_read(&r, d->filters[i].field));
		for (int act = 0; act < ACT__MAX; act++)
			if (sees && access_actions[act].resource == d->resource && r.scope[act] == scope)
				return (true);
	}
	return (false);
}

/* Each order and place of a list, each set of filters. */
static void
try_lists(const struct declaration *d, struct variant v)
{

	for (unsigned bits = 0; bits < 1u << d->n_filters; bits++) {
		size_t codes = 1;

		if (!reached(d, (enum scope)v.scope, bits))
			continue;
		if (d->n_filters > 5 && __builtin_popcount(bits) > 3) /* of many filters, three at once */
			continue;
		for (size_t i = 0; i < d->n_filters; i++)
			if (bits >> i & 1 && d->filters[i].n_codes > codes)
				codes = d->filters[i].n_codes;
		for (size_t s = 0; s < (d->n_sorts > 0 ? d->n_sorts : 1); s++)
			for (int way = 0; way < (d->n_sorts > 0 ? 4 : 1); way++)
				for (size_t code = 0; code < codes; code++) {
					v.filters = (uint8_t)bits;
					v.sort = (uint8_t)s;
					v.reverse = way & 1;
					v.after = way >> 1;
					try_one(d, &v, code);
				}
		arena_reset(a);
	}
}

/* Without and with product segments, as a request would ask for them. */
static void
try_products(const struct declaration *d, struct variant v)
{

	try_lists(d, v);
	if (!access_sold(d->resource) || v.scope == SCOPE_own || v.scope == SCOPE_customer)
		return;
	for (int n = 1; n <= SEGMENTS_MAX && v.arms == 0; n *= 2) {
		v.products = (uint8_t)n;
		try_lists(d, v);
	}
	v.products = PRODUCTS_AT_ONCE;
	try_lists(d, v);
}

static void
try_scopes(enum query q)
{
	const struct declaration *d = statement_declaration(q);

	for (int scope = SCOPE_none + 1; scope < SCOPE__MAX; scope++) {
		if (!reached(d, (enum scope)scope, 0))
			continue;
		for (int level = 1; level < (scope == SCOPE_subtree ? 5 : 2); level++)
			for (int arms = 0; arms <= (d->guard == GUARD_arms ? SEGMENTS_MAX : 0);
			     arms = arms == 0 ? 1 : 2 * arms)
				try_products(d,
				    (struct variant){.query = (uint16_t)q,
					.scope = (uint8_t)scope,
					.level = (uint8_t)level,
					.arms = (uint8_t)arms});
	}
}

static void
no_variant_with_a_scope_reads_more_than_it_shows(void **state)
{

	(void)state;
	n_variants = n_wrong = 0;
	for (int q = 0; q < QUERY__MAX; q++) {
		enum guard guard = statement_declaration((enum query)q)->guard;

		if (guard == GUARD_scope || guard == GUARD_arms)
			try_scopes((enum query)q);
	}
	print_message("%d variants, %d wrong\n", n_variants, n_wrong);
	assert_in_range(n_variants, 500, 1000000);
	assert_int_equal(n_wrong, 0);
}

/* Statements that are for all rows of their table: at start, when the tree changes, for the command line. */
static bool
is_for_all_rows(enum query q)
{
	static const enum query all[] = {
	    Q_tenant_tree, Q_brand_publish, Q_host_publish, Q_user_demo, Q_tenant_root, Q_audit_walk, Q_audit_unsealed};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] == q)
			return (true);
	return (false);
}

/* What reads no table by itself has no plan. */
static bool
has_plan(struct str sql)
{

	return (!str_starts(sql, S("INSERT")) && !str_starts(sql, S("SET")) && !str_starts(sql, S("SAVEPOINT")) &&
	    !str_starts(sql, S("ROLLBACK")));
}

static void
no_statement_of_the_system_reads_a_table_whole(void **state)
{

	(void)state;
	n_variants = n_wrong = 0;
	for (int q = 0; q < QUERY__MAX; q++) {
		const struct declaration *d = statement_declaration((enum query)q);
		struct variant v = {.query = (uint16_t)q};
		struct db_val values[PARAMS_MAX];
		struct params params;
		struct db_stmt *st;
		struct buf sql;

		if (d->guard == GUARD_scope || d->guard == GUARD_arms)
			continue;
		n_variants++;
		buf_init(&sql, a, 64 * 1024);
		statement_text(&v, &sql, &params);
		fill(d, &v, &params, 0, values);
		if ((st = db_prepare(db, buf_str(&sql))) == NULL) {
			wrong(d, &v, "cannot be prepared: %s", db_error_text(db));
			continue;
		}
		db_stmt_close(st);
		if (!is_for_all_rows((enum query)q) && has_plan(buf_str(&sql)))
			explain(d, &v, buf_str(&sql), values);
		arena_reset(a);
	}
	print_message("%d statements, %d wrong\n", n_variants, n_wrong);
	assert_int_equal(n_wrong, 0);
}

static int
group_setup(void **state)
{
	struct demo_opts opts = {
	    .resellers = 30, .customers = 20000, .months = 2, .seed = 7, .first_of_month = "2026-05-01"};

	(void)state;
	a = arena_open();
	if (statement_init() == -1 || scratch_start() == -1 || (db = scratch_fresh("plans")) == NULL ||
	    demo_load(db, &opts) == -1)
		return (-1);
	/* `portico migrate` makes its own table before all others. */
	if (scratch_shell(
		"{ sed -n '/^CREATE TABLE/,$p' schema/migrate/setup/database.sql; cat tests/unit/plans.sql; } | "
		"mariadb --no-defaults -S %s -u root plans",
		scratch_socket) == -1)
		return (-1);
	if (db_plain(db,
		S("ANALYZE TABLE customer, account, document, payment, subscription, offering, user, tenant, audit, audit_seal, opening, usage_event, usage_reject, usage_batch, price_list, price_version, price_rule, agreement, offering_price, offering_tier, tax_rule, exchange_rate")) ==
	    -1)
		return (-1);
	statements = statements_open();
	pick();
	return (0);
}

static int
group_teardown(void **state)
{

	(void)state;
	if (statements != NULL)
		statements_close(statements);
	if (db != NULL)
		db_close(db);
	scratch_stop();
	arena_close(a);
	return (0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_variant_with_a_scope_reads_more_than_it_shows),
	    cmocka_unit_test(no_statement_of_the_system_reads_a_table_whole),
	};

	return (cmocka_run_group_tests(tests, group_setup, group_teardown));
}
