/* The text of statements: scope, filters, keyset and arms, built from the declaration alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/statement.h"

static struct arena *a;
static struct params params;

static int
prepare(void **state)
{

	(void)state;
	a = arena_open();
	return (statement_init());
}

static int
finish(void **state)
{

	(void)state;
	arena_close(a);
	return (0);
}

static const char *
text(struct variant v)
{
	struct buf b;

	buf_init(&b, a, 256 * 1024);
	statement_text(&v, &b, &params);
	assert_false(buf_failed(&b));
	return (arena_str(a, buf_str(&b)).p);
}

static size_t
count(const char *in, const char *what)
{
	size_t n = 0;

	for (const char *p = in; (p = strstr(p, what)) != NULL; p += strlen(what))
		n++;
	return (n);
}

#define assert_has(text, part)                             \
	do {                                               \
		const char *t_ = (text);                   \
		if (strstr(t_, part) == NULL)              \
			fail_msg("no %s in %s", part, t_); \
	} while (0)
#define assert_not(text, part)                          \
	do {                                            \
		const char *t_ = (text);                \
		if (strstr(t_, part) != NULL)           \
			fail_msg("%s in %s", part, t_); \
	} while (0)

static void
each_scope_becomes_its_rows(void **state)
{

	(void)state;
	assert_has(text((struct variant){.query = Q_document_one, .scope = SCOPE_none}), "WHERE (FALSE) AND t.id = ?");
	assert_has(text((struct variant){.query = Q_document_one, .scope = SCOPE_all}), "WHERE (TRUE) AND t.id = ?");
	assert_has(
	    text((struct variant){.query = Q_document_one, .scope = SCOPE_tenant}), "WHERE (t.tenant_id = ?) AND");
	assert_has(
	    text((struct variant){.query = Q_document_one, .scope = SCOPE_customer}), "WHERE (t.customer_id = ?) AND");
	assert_has(text((struct variant){.query = Q_user_one, .scope = SCOPE_own}), "WHERE (t.id = ?) AND t.id = ?");
	assert_has(text((struct variant){.query = Q_offering_one, .scope = SCOPE_shared}), "WHERE (t.shared = 1) AND");
	/* The row itself where the scope is of the statement's own table. */
	assert_has(text((struct variant){.query = Q_customer_one, .scope = SCOPE_customer}), "WHERE (t.id = ?) AND");
	assert_has(text((struct variant){.query = Q_tenant_one, .scope = SCOPE_tenant}), "WHERE (t.id = ?) AND");
}

static void
a_subtree_is_the_column_of_its_level(void **state)
{
	static const char *const where[] = {"WHERE (TRUE) AND", "WHERE (t.a1 = ?) AND", "WHERE (t.a2 = ?) AND",
	    "WHERE (t.a3 = ?) AND", "WHERE (t.a4 = ?) AND"};

	(void)state;
	for (uint8_t level = 0; level < 5; level++) {
		assert_has(text((struct variant){.query = Q_customer_one, .scope = SCOPE_subtree, .level = level}),
		    where[level]);
		assert_int_equal(params.n, level == 0 ? 1 : 2);
	}
	assert_has(text((struct variant){.query = Q_customer_list, .scope = SCOPE_subtree, .level = 2}),
	    "FORCE INDEX (a2_name)");
	assert_has(text((struct variant){.query = Q_customer_list, .scope = SCOPE_subtree}), "FORCE INDEX (all_name)");
	assert_has(
	    text((struct variant){.query = Q_customer_list, .scope = SCOPE_tenant}), "FORCE INDEX (tenant_name)");
	assert_has(text((struct variant){.query = Q_customer_list, .scope = SCOPE_subtree, .level = 1, .sort = 1}),
	    "FORCE INDEX (a1_number)");
}

/* The scope stands in brackets of its own, so that no filter can widen it. */
static void
filters_only_narrow(void **state)
{
	const struct declaration *d = statement_declaration(Q_document_list);
	const char *sql;

	(void)state;
	for (unsigned filters = 0; filters < 1u << d->n_filters; filters++) {
		sql = text((struct variant){.query = Q_document_list, .scope = SCOPE_all, .filters = (uint8_t)filters});
		assert_has(sql, "WHERE (TRUE)");
		assert_not(sql, ":");
		for (size_t i = 0; i < d->n_filters; i++)
			if (filters >> i & 1 && d->filters[i].index.n > 0 && d->filters[i].index.p[0] != '+')
				assert_not(sql, "FORCE INDEX (all_");
		assert_int_equal(count(sql, "?"), params.n);
	}
	assert_has(text((struct variant){.query = Q_document_list, .scope = SCOPE_all, .filters = 1}),
	    "FORCE INDEX (customer_issue_date)");
	/* The last one, state, is a further column, with or without another prefix. */
	assert_has(text((struct variant){.query = Q_document_list, .scope = SCOPE_all, .filters = 16}),
	    "FORCE INDEX (all_settled_issue_date)");
	assert_has(text((struct variant){.query = Q_document_list, .scope = SCOPE_all, .filters = 17}),
	    "FORCE INDEX (customer_settled_issue_date)");
	assert_has(text((struct variant){.query = Q_document_list, .scope = SCOPE_all, .filters = 16, .sort = 1}),
	    "FORCE INDEX (all_number)");
}

static void
a_page_begins_behind_the_last_row(void **state)
{
	const char *sql = text((struct variant){.query = Q_document_list, .scope = SCOPE_tenant, .after = true});

	(void)state;
	assert_has(sql, "AND (t.issue_date < ? OR (t.issue_date = ? AND t.id < ?))");
	assert_has(sql, "ORDER BY t.issue_date DESC, t.id DESC LIMIT ?");
	sql = text((struct variant){.query = Q_document_list, .scope = SCOPE_tenant, .after = true, .reverse = true});
	assert_has(sql, "AND (t.issue_date > ? OR (t.issue_date = ? AND t.id > ?))");
	assert_has(sql, "ORDER BY t.issue_date ASC, t.id ASC LIMIT ?");
	sql = text((struct variant){.query = Q_customer_list, .scope = SCOPE_tenant, .after = true});
	assert_has(sql, "AND (t.name > ? OR (t.name = ? AND t.id > ?))");
	assert_not(text((struct variant){.query = Q_customer_list, .scope = SCOPE_tenant}), "t.name >");
}

/* Product segments are arms like those of customers where there are none of these, and conditions elsewhere. */
static void
product_segments_are_arms_or_one_more_condition(void **state)
{
	struct variant v = {.query = Q_subscription_list, .scope = SCOPE_tenant, .products = 4};
	const char *sql = text(v);

	(void)state;
	assert_int_equal(count(sql, "UNION ALL"), 3);
	assert_int_equal(count(sql, "t.tenant_id = ?) "), 0);
	assert_int_equal(count(sql, "(t.tenant_id = ? AND t.product_id = ?)"), 4);
	assert_int_equal(count(sql, "?"), params.n);
	assert_has(sql, "FORCE INDEX (tenant_product_starts)");
	v.filters = 1; /* of one customer */
	sql = text(v);
	assert_has(sql, "FORCE INDEX (customer_starts)");
	assert_has(sql, "t.product_id IN (?,?,?,?)");
	assert_not(sql, "UNION");
	v = (struct variant){
	    .query = Q_subscription_list, .scope = SCOPE_tenant, .arms = 2, .products = PRODUCTS_AT_ONCE};
	sql = text(v);
	assert_int_equal(count(sql, "t.segment_id = ? AND SUBSTRING(?, t.product_id, 1) = '1'"), 2);
	assert_has(sql, "FORCE INDEX (tenant_segment_starts)");
	assert_has(text((struct variant){.query = Q_offering_list, .scope = SCOPE_shared, .products = 2, .filters = 1}),
	    "FORCE INDEX (shared_product_name)");
	assert_has(text((struct variant){.query = Q_offering_one, .scope = SCOPE_shared, .products = 1}),
	    "WHERE (t.shared = 1 AND t.product_id IN (?)) AND t.id = ?");
	/* The segment itself where the statement's own rows are segments. */
	assert_has(text((struct variant){.query = Q_product_list, .scope = SCOPE_all, .products = 2}),
	    "WHERE (TRUE AND t.id IN (?,?))");
	assert_not(text((struct variant){.query = Q_subscription_list, .scope = SCOPE_tenant}), "product_id =");
}

static void
each_segment_is_an_arm_of_its_own(void **state)
{
	const char *sql;

	(void)state;
	for (uint8_t arms = 1; arms <= SEGMENTS_MAX; arms = (uint8_t)(arms * 2)) {
		size_t segments = 0;

		sql = text((struct variant){.query = Q_customer_list,
		    .scope = SCOPE_subtree,
		    .level = 1,
		    .arms = arms,
		    .filters = 7,
		    .after = true});
		assert_int_equal(count(sql, "UNION ALL"), arms - 1u);
		assert_int_equal(count(sql, "t.a1 = ?"), arms);
		assert_int_equal(count(sql, "t.segment_id = ?"), arms);
		assert_int_equal(count(sql, "LIMIT ?"), arms == 1 ? 1 : arms + 2u);
		assert_int_equal(count(sql, "?"), params.n);
		for (size_t i = 0; i < params.n; i++)
			if (params.p[i].kind == PARAM_SEGMENT)
				assert_int_equal(params.p[i].index, segments++);
		assert_int_equal(segments, arms);
		sql = text((struct variant){.query = Q_customer_one, .scope = SCOPE_tenant, .arms = arms});
		assert_has(sql, "AND t.segment_id IN (?");
		assert_not(sql, "UNION");
		assert_int_equal(params.n, arms + 2u);
	}
	sql = text((struct variant){.query = Q_customer_list, .scope = SCOPE_subtree, .level = 1, .arms = 4});
	assert_has(sql, "FORCE INDEX (a1_segment_name)");
	assert_has(sql, ") ORDER BY _key ASC, id ASC LIMIT ?");
	/* In another order than its first they are one more condition. */
	sql =
	    text((struct variant){.query = Q_customer_list, .scope = SCOPE_subtree, .level = 1, .arms = 4, .sort = 1});
	assert_has(sql, "FORCE INDEX (a1_number)");
	assert_has(sql, "t.segment_id IN (?,?,?,?)");
	assert_not(sql, "UNION");
	assert_has(text((struct variant){.query = Q_customer_list, .scope = SCOPE_all, .arms = 2, .filters = 4}),
	    "FORCE INDEX (tenant_segment_name)");
	/* Without segments there is no arm and no word of them. */
	assert_not(text((struct variant){.query = Q_customer_list, .scope = SCOPE_tenant}), "segment_id =");
}

static void
names_become_parameters_in_order(void **state)
{

	(void)state;
	text((struct variant){.query = Q_user_edit, .scope = SCOPE_own});
	assert_int_equal(params.n, 4);
	assert_true(str_eqz(params.p[0].name, "name"));
	assert_true(str_eqz(params.p[1].name, "language"));
	assert_true(str_eqz(params.p[2].name, "user"));
	assert_true(str_eqz(params.p[3].name, "id"));
}

/* All there are: 16 arms of every filter behind a key is the longest. */
static void
every_variant_fits(void **state)
{
	size_t longest = 0;

	(void)state;
	for (int q = 0; q < QUERY__MAX; q++) {
		const struct declaration *d = statement_declaration((enum query)q);
		bool scoped = d->guard == GUARD_scope || d->guard == GUARD_arms;

		for (unsigned bits = 0; bits < 1u << d->n_filters; bits++)
			for (uint8_t scope = 0; scope < (scoped ? SCOPE__MAX : 1); scope++)
				for (int arms = d->guard == GUARD_arms ? SEGMENTS_MAX : 0; arms >= 0;
				     arms -= SEGMENTS_MAX) {
					const char *sql = text((struct variant){.query = (uint16_t)q,
					    .scope = scope,
					    .level = 1,
					    .filters = (uint8_t)bits,
					    .arms = (uint8_t)arms,
					    .after = d->n_sorts > 0});

					assert_int_equal(count(sql, "?"), params.n);
					longest = params.n > longest ? params.n : longest;
					arena_reset(a);
				}
	}
	assert_in_range(longest, 1, PARAMS_MAX - 1);
}

static void
every_declaration_is_guarded(void **state)
{

	(void)state;
	for (int q = 0; q < QUERY__MAX; q++) {
		const struct declaration *d = statement_declaration((enum query)q);
		const char *sql = arena_str(a, d->text).p;

		if (d->guard == GUARD_scope || d->guard == GUARD_arms)
			assert_has(sql, ":where");
		else
			assert_not(sql, ":where");
		/* Rows without a scope must hang on something that had one. */
		if (d->guard == GUARD_open && strstr(sql, ":id") == NULL && strstr(sql, ":seller") == NULL)
			fail_msg("%s is open and hangs on nothing", d->name);
		for (size_t i = 0; i < d->n_sorts; i++)
			assert_int_equal(access_fields[d->sorts[i].field].resource, d->resource);
		for (size_t i = 0; i < d->n_filters; i++)
			assert_int_equal(access_fields[d->filters[i].field].resource, d->resource);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_scope_becomes_its_rows),
	    cmocka_unit_test(a_subtree_is_the_column_of_its_level),
	    cmocka_unit_test(filters_only_narrow),
	    cmocka_unit_test(a_page_begins_behind_the_last_row),
	    cmocka_unit_test(each_segment_is_an_arm_of_its_own),
	    cmocka_unit_test(product_segments_are_arms_or_one_more_condition),
	    cmocka_unit_test(names_become_parameters_in_order),
	    cmocka_unit_test(every_variant_fits),
	    cmocka_unit_test(every_declaration_is_guarded),
	};

	return (cmocka_run_group_tests(tests, prepare, finish));
}
