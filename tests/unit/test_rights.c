/* Rights put together, at random, against an evaluator of single rows that knows nothing of how sets are joined. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/products.h"
#include "core/rights.h"

#define WORLDS 20000
#define N_SEGMENTS 6
#define N_PRODUCTS 5

static uint64_t state_ = 1;
static uint64_t
random_below(uint64_t n)
{

	state_ ^= state_ << 13;
	state_ ^= state_ >> 7;
	state_ ^= state_ << 17;
	return (state_ % n);
}

/* How a row stands to who asks: each is also in the ones behind it. */
enum place { OWN, CUSTOMER, FAMILY, TENANT, SUBTREE, ANYWHERE, PLACE__MAX };

struct row {
	enum place place;
	bool shared, assigned,
	    bought; /* assigned: and then in the tenant; bought: by the asker's house, whoever sells */
	int64_t segment, product;
};

static bool
in_scope(enum scope s, const struct row *row)
{

	switch (s) {
	case SCOPE_none:
		return (false);
	case SCOPE_own:
		return (row->place <= OWN);
	case SCOPE_customer:
		return (row->place <= CUSTOMER);
	case SCOPE_family:
		return (row->place <= FAMILY);
	case SCOPE_assigned:
		return (row->assigned && row->place <= TENANT);
	case SCOPE_tenant:
		return (row->place <= TENANT);
	case SCOPE_subtree:
		return (row->place <= SUBTREE);
	case SCOPE_shared:
		return (row->shared);
	case SCOPE_offered:
		return (row->shared || row->place <= TENANT);
	case SCOPE_buyer:
		return (row->bought);
	case SCOPE_all:
		return (true);
	case SCOPE__MAX:
		break;
	}
	return (false);
}

static bool
allows(const struct rights *r, int action, const struct row *row)
{
	const struct segments *set = &r->sets[r->set[action]];
	bool in = r->set[action] == 0;

	for (size_t i = 0; !in && i < set->n; i++)
		in = set->ids[i] == row->segment;
	/* What is the own customer's is kept to no product: no say of it here, be it beside what a role hides. */
	if (row->place > FAMILY && rights_products(r, (enum action)action) != NULL)
		in = in && products_has(rights_products(r, (enum action)action), row->product);
	return (in && in_scope((enum scope)r->scope[action], row));
}

static void
some_segments(struct rights *r)
{

	r->n_sets = 2;
	for (int64_t id = 1; id <= N_SEGMENTS; id++)
		if (random_below(3) == 0)
			r->sets[1].ids[r->sets[1].n++] = id;
	for (int a = 0; a < ACT__MAX; a++)
		if (access_segmented(access_actions[a].resource))
			r->set[a] = 1;
		else if (access_customers(access_actions[a].resource))
			r->scope[a] = SCOPE_none;
}

static void
some_products(struct rights *r)
{
	struct products set = {{0}};

	for (int64_t id = 1; id <= N_PRODUCTS; id++)
		if (random_below(2) == 0)
			products_add(&set, id);
	rights_keep_products(r, &set);
}

static void
some_rights(struct rights *r)
{

	memset(r, 0, sizeof(*r));
	for (int a = 0; a < ACT__MAX; a++) {
		const enum scope s = (enum scope)random_below(SCOPE__MAX);

		r->scope[a] = access_pair((enum action)a, s) ? (uint8_t)s : SCOPE_none;
	}
	for (size_t i = 0; i < FLD_WORDS; i++) {
		r->read[i] = random_below(UINT64_MAX);
		r->write[i] = random_below(UINT64_MAX);
		r->mask[i] = random_below(UINT64_MAX);
	}
	for (int f = FLD__MAX; f < (int)FLD_WORDS * 64; f++) {
		r->read[f / 64] &= ~((uint64_t)1 << (f % 64));
		r->write[f / 64] &= ~((uint64_t)1 << (f % 64));
		r->mask[f / 64] &= ~((uint64_t)1 << (f % 64));
	}
	if (random_below(2) == 0)
		some_segments(r);
	rights_settle(r);
	if (random_below(2) == 0)
		some_products(r);
}

static struct row
some_row(void)
{

	return ((struct row){(enum place)random_below(PLACE__MAX), random_below(2) == 0, random_below(2) == 0,
	    random_below(2) == 0, 1 + (int64_t)random_below(N_SEGMENTS), 1 + (int64_t)random_below(N_PRODUCTS)});
}

static int way_field[9 * FLD__MAX], way_by[9 * FLD__MAX], n_ways;

static int
group_setup(void **state)
{

	(void)state;
	for (int f = 0; f < FLD__MAX; f++)
		for (int a = 0; a < ACT__MAX; a++)
			if (access_shows((enum action)a, access_fields[f].resource))
				way_field[n_ways] = f, way_by[n_ways++] = a;
	for (int res = 0; res < RES__MAX; res++) /* or nobody would ever see it */
		assert_true(access_shows(access_shown_by((enum resource)res), (enum resource)res));
	return (0);
}

/* Is the field shown (or only its shape) on this row by these rights, that way? */
static bool
shows(const struct rights *r, int w, const struct row *row, bool shape)
{

	return (allows(r, way_by[w], row) &&
	    (shape ? may_see(r, (enum field)way_field[w]) : may_read(r, (enum field)way_field[w])));
}

static void
two_roles_give_no_more_than_one_of_them(void **state)
{
	struct rights a, b, both;
	int wider = 0;

	(void)state;
	for (int i = 0; i < WORLDS; i++) {
		some_rights(&a);
		some_rights(&b);
		both = a;
		rights_join(&both, &b);
		for (int k = 0; k < 4; k++) {
			const struct row row = some_row();

			for (int act = 0; act < ACT__MAX; act++) {
				if (!allows(&both, act, &row))
					continue;
				assert_true(allows(&a, act, &row) || allows(&b, act, &row));
				wider += !allows(&a, act, &row);
			}
			for (int w = 0; w < n_ways; w++) {
				if (shows(&both, w, &row, false))
					assert_true(shows(&a, w, &row, false) || shows(&b, w, &row, false));
				if (shows(&both, w, &row, true))
					assert_true(shows(&a, w, &row, true) || shows(&b, w, &row, true));
				if (may_write(&both, (enum field)way_field[w]))
					assert_true(may_write(&a, (enum field)way_field[w]) ||
					    may_write(&b, (enum field)way_field[w]));
			}
		}
	}
	assert_true(wider > WORLDS); /* joining does join */
}

static void
a_ceiling_lets_through_what_both_give(void **state)
{
	struct rights a, limit, both;
	int left = 0;

	(void)state;
	for (int i = 0; i < WORLDS; i++) {
		some_rights(&a);
		some_rights(&limit);
		memset(limit.set, 0, sizeof(limit.set)); /* customer segments are a tenant's own matter */
		rights_settle(&limit);
		both = a;
		rights_meet(&both, &limit);
		assert_true(rights_within(&both, &a));
		assert_true(rights_within(&both, &limit));
		for (int k = 0; k < 4; k++) {
			const struct row row = some_row();

			for (int act = 0; act < ACT__MAX; act++) {
				if (!allows(&both, act, &row))
					continue;
				assert_true(allows(&a, act, &row) && allows(&limit, act, &row));
				left++;
			}
			for (int w = 0; w < n_ways; w++) {
				if (shows(&both, w, &row, false))
					assert_true(may_read(&a, (enum field)way_field[w]) &&
					    may_read(&limit, (enum field)way_field[w]));
				if (shows(&both, w, &row, true))
					assert_true(may_see(&a, (enum field)way_field[w]) &&
					    may_see(&limit, (enum field)way_field[w]));
			}
		}
	}
	assert_true(left > WORLDS);
}

/* As core/rights_load.c puts two roles together: each meets the ceiling by itself. */
static void
a_role_that_loses_its_rows_to_a_ceiling_has_no_say(void **state)
{
	struct rights a, b, limit, both;
	int lost = 0;

	(void)state;
	for (int i = 0; i < WORLDS; i++) {
		some_rights(&a);
		some_rights(&b);
		some_rights(&limit);
		memset(limit.set, 0, sizeof(limit.set));
		rights_settle(&limit);
		rights_meet(&a, &limit);
		rights_meet(&b, &limit);
		both = a;
		rights_join(&both, &b);
		for (int f = 0; f < FLD__MAX; f++) {
			if (access_shown(a.scope, access_fields[f].resource) ==
			    access_shown(b.scope, access_fields[f].resource))
				continue;
			lost++;
			assert_int_equal(
			    may_read(&both, (enum field)f), may_read(&a, (enum field)f) || may_read(&b, (enum field)f));
			assert_int_equal(
			    may_see(&both, (enum field)f), may_see(&a, (enum field)f) || may_see(&b, (enum field)f));
		}
		for (int k = 0; k < 4; k++) {
			const struct row row = some_row();

			for (int w = 0; w < n_ways; w++)
				if (shows(&both, w, &row, false))
					assert_true(shows(&a, w, &row, false) || shows(&b, w, &row, false));
		}
	}
	assert_true(lost > WORLDS);
}

/* The same row as who stands there sees it from above: somebody else's own rows are one's tenant's at best. */
static struct row
from_above(const struct row *row, const struct standing *standing)
{
	struct row seen = *row;

	if (row->place == ANYWHERE) /* of there, but maybe near here */
		seen.place = standing->same ? ANYWHERE : (enum place)random_below(PLACE__MAX);
	else if (row->place == TENANT && standing->same)
		seen.place = (enum place)random_below(TENANT + 1);
	else if (standing->same)
		seen.place = row->place < TENANT ? TENANT : row->place;
	else
		seen.place = standing->below ? SUBTREE : ANYWHERE;
	seen.bought = row->bought && standing->same; /* by one house, which is there */
	return (seen);
}

/* Is the row of a product that the action is kept from?  Then nobody has it by that, be it their own customer's. */
static bool
unsold(const struct rights *r, int action, const struct row *row)
{
	const struct products *set = rights_products(r, (enum action)action);

	return (set != NULL && !products_has(set, row->product));
}

static void
who_looks_as_another_sees_no_more_than_either(void **state)
{
	struct rights target, viewer, both;
	int left = 0, fields = 0;

	(void)state;
	for (int i = 0; i < WORLDS / 4; i++) {
		const bool same = random_below(2) == 0;
		const struct standing standing = {same, same || random_below(2) == 0};

		some_rights(&target);
		some_rights(&viewer);
		rights_look(&both, &target, &viewer, &standing);
		for (int k = 0; k < 4; k++) {
			const struct row row = some_row(), above = from_above(&row, &standing);

			for (int act = 0; act < ACT__MAX; act++) {
				if (!allows(&both, act, &row) || unsold(&both, act, &row))
					continue;
				assert_true(allows(&target, act, &row) && allows(&viewer, act, &above));
				left++;
			}
			for (int w = 0; w < n_ways; w++) {
				if (unsold(&both, way_by[w], &row))
					continue;
				if (shows(&both, w, &row, false)) {
					assert_true(shows(&target, w, &row, false) && shows(&viewer, w, &above, false));
					fields++;
				}
				if (shows(&both, w, &row, true))
					assert_true(shows(&target, w, &row, true) && shows(&viewer, w, &above, true));
				if (may_write(&both, (enum field)way_field[w]))
					assert_true(may_write(&target, (enum field)way_field[w]) &&
					    may_write(&viewer, (enum field)way_field[w]));
			}
		}
	}
	assert_true(left > WORLDS / 4 && fields > WORLDS / 4);
}

static void
within_means_that_no_row_and_no_field_is_more(void **state)
{
	struct rights a, b;
	int n = 0;

	(void)state;
	for (int i = 0; i < WORLDS; i++) {
		some_rights(&a);
		some_rights(&b);
		if (random_below(2) == 0)
			rights_meet(&a, &b); /* or hardly any pair would be within */
		if (!rights_within(&a, &b))
			continue;
		n++;
		for (int k = 0; k < 8; k++) {
			const struct row row = some_row();

			for (int act = 0; act < ACT__MAX; act++)
				assert_true(!allows(&a, act, &row) || allows(&b, act, &row));
		}
	}
	assert_true(n > WORLDS / 100);
}

static void
every_pair_that_comes_out_is_in_the_vocabulary(void **state)
{
	struct rights a, b;

	(void)state;
	for (int i = 0; i < WORLDS; i++) {
		some_rights(&a);
		some_rights(&b);
		if (random_below(2) == 0)
			rights_meet(&a, &b);
		else
			rights_join(&a, &b);
		for (int act = 0; act < ACT__MAX; act++)
			assert_true(
			    a.scope[act] == SCOPE_none || access_pair((enum action)act, (enum scope)a.scope[act]));
		for (int f = 0; f < FLD__MAX; f++) {
			assert_false(may_write(&a, (enum field)f) && !may_read(&a, (enum field)f));
			assert_true(!may_see(&a, (enum field)f) || may_read(&a, (enum field)f) ||
			    access_fields[f].type == T_TEXT);
		}
	}
}

static void
product_segments_are_joined_met_and_never_keep_a_customer(void **state)
{
	struct rights a, b;
	struct products one = {{0}}, two = {{0}}, both;

	(void)state;
	products_add(&one, 3);
	products_add(&one, 7);
	products_add(&two, 7);
	products_add(&two, 300);
	access_rights(ROLE_dealer_owner, &a);
	b = a;
	rights_keep_products(&a, &one);
	assert_true(rights_within(&a, &b));
	assert_false(rights_within(&b, &a));
	for (int act = 0; act < ACT__MAX; act++)
		assert_int_equal(rights_products(&a, (enum action)act) != NULL,
		    access_sells((enum action)act) && a.scope[act] != SCOPE_none);
	rights_keep_products(&b, &two);
	assert_false(rights_within(&a, &b));
	rights_join(&a, &b);
	both = *rights_products(&a, ACT_offering_read);
	assert_int_equal(products_count(&both), 3);
	assert_int_equal(products_at(&both, 2), 300);
	assert_int_equal(products_at(&both, 3), 0);
	rights_keep_products(&a, &one);
	rights_meet(&a, &b);
	assert_int_equal(products_count(rights_products(&a, ACT_document_read)), 1);
	assert_true(products_has(rights_products(&a, ACT_subscription_read), 7));
	assert_false(products_has(&both, 0) || products_has(&both, PRODUCTS_MAX) || products_has(&both, -1));
	/* Who pays a bill sees all of it. */
	access_rights(ROLE_customer_owner, &b);
	rights_keep_products(&b, &one);
	assert_null(rights_products(&b, ACT_document_read));
	assert_null(rights_products(&b, ACT_subscription_read));
}

/* Different customers of different products of two roles are no set of customers with a set of products. */
static void
what_two_roles_have_apart_is_not_multiplied(void **state)
{
	const struct segments first = {.ids = {1}, .n = 1}, second = {.ids = {2}, .n = 1};
	struct products one = {{0}}, two = {{0}};
	struct rights a, b;

	(void)state;
	products_add(&one, 3);
	products_add(&two, 4);
	access_rights(ROLE_dealer_owner, &a);
	b = a;
	rights_keep(&a, &first);
	rights_keep_products(&a, &one);
	rights_keep(&b, &second);
	rights_keep_products(&b, &two);
	rights_join(&a, &b);
	assert_int_equal(a.sets[a.set[ACT_subscription_read]].n, 1);
	assert_int_equal(products_count(rights_products(&a, ACT_subscription_read)), 1);
	assert_int_equal(products_count(rights_products(&a, ACT_offering_read)), 2); /* they are nobody's customers */
	assert_int_equal(a.sets[a.set[ACT_payment_read]].n, 2);
}

static void
resellers_without_a_ceiling_have_the_built_in_roles_and_no_more(void **state)
{
	struct rights most, one;

	(void)state;
	rights_ceiling(&most);
	for (int a = 0; a < ACT__MAX; a++)
		assert_int_not_equal(most.scope[a], SCOPE_all);
	for (int role = 0; role < ROLE__MAX; role++) {
		struct rights limited;

		access_rights((enum role)role, &one);
		limited = one;
		rights_meet(&limited, &most);
		if (access_roles[role].portal != PORTAL_admin)
			assert_memory_equal(&limited, &one, sizeof(one));
		else
			assert_false(rights_within(&one, &most));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(two_roles_give_no_more_than_one_of_them),
	    cmocka_unit_test(a_ceiling_lets_through_what_both_give),
	    cmocka_unit_test(a_role_that_loses_its_rows_to_a_ceiling_has_no_say),
	    cmocka_unit_test(who_looks_as_another_sees_no_more_than_either),
	    cmocka_unit_test(within_means_that_no_row_and_no_field_is_more),
	    cmocka_unit_test(every_pair_that_comes_out_is_in_the_vocabulary),
	    cmocka_unit_test(product_segments_are_joined_met_and_never_keep_a_customer),
	    cmocka_unit_test(what_two_roles_have_apart_is_not_multiplied),
	    cmocka_unit_test(resellers_without_a_ceiling_have_the_built_in_roles_and_no_more),
	};

	return (cmocka_run_group_tests(tests, group_setup, NULL));
}
