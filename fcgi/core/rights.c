#include "core/rights.h"

#include <string.h>

#include "core/products.h"

/* own to subtree each hold the one before, but assigned only itself; shared and buyer are beside them, offered holds
 * shared and tenant. */
bool
rights_covers(enum scope wide, enum scope narrow)
{

	if (narrow == SCOPE_none || wide == SCOPE_all || wide == narrow)
		return (true);
	if (wide == SCOPE_offered)
		return (narrow == SCOPE_shared || narrow == SCOPE_tenant);
	return (wide != SCOPE_shared && wide != SCOPE_assigned && wide != SCOPE_buyer && narrow < SCOPE_shared &&
	    narrow < wide);
}

enum scope
rights_meet_scope(enum action a, enum scope x, enum scope y)
{
	const enum scope both = rights_covers(x, y) ? y : rights_covers(y, x) ? x : SCOPE_none;

	return (access_pair(a, both) ? both : SCOPE_none);
}

/* ---- segments ---- */

bool
segments_has(const struct segments *s, int64_t id)
{

	for (size_t i = 0; i < s->n; i++)
		if (s->ids[i] == id)
			return (true);
	return (false);
}

static bool
segments_within(const struct segments *a, const struct segments *b)
{

	for (size_t i = 0; i < a->n; i++)
		if (!segments_has(b, a->ids[i]))
			return (false);
	return (true);
}

/* Where r keeps such a set, or -1 where there is no room for another. */
static int
keep_set(struct rights *r, const struct segments *s)
{

	if (r->n_sets == 0)
		r->n_sets = 1;
	for (size_t i = 1; i < r->n_sets; i++)
		if (segments_within(s, &r->sets[i]) && segments_within(&r->sets[i], s))
			return ((int)i);
	if (r->n_sets == SETS_MAX)
		return (-1);
	r->sets[r->n_sets] = *s;
	return ((int)r->n_sets++);
}

static const struct segments *
set_of(const struct rights *r, int action)
{

	return (r->set[action] == 0 ? NULL : &r->sets[r->set[action]]);
}

/* ---- product segments ---- */

/* Who buys sees all of what is theirs: these scopes are kept to no products. */
static bool
is_buyers(enum scope s)
{

	return (s == SCOPE_own || s == SCOPE_customer || s == SCOPE_family);
}

const struct products *
rights_products(const struct rights *r, enum action a)
{

	return (r->product[a] == 0 ? NULL : &r->products[r->product[a]]);
}

static bool
in_use(const struct rights *r, size_t place)
{

	for (int a = 0; a < ACT__MAX; a++)
		if (r->product[a] == place)
			return (true);
	return (false);
}

/* The action is kept to these product segments from now on; NULL: to any. */
static void
sell(struct rights *r, int action, const struct products *set)
{
	struct products now;
	size_t place = 1;

	r->product[action] = 0;
	if (set == NULL)
		return;
	now = *set; /* it may stand where another comes to */
	for (; place < PRODUCT_SETS; place++)
		if (memcmp(&r->products[place], &now, sizeof(now)) == 0 && in_use(r, place))
			break;
	for (size_t i = 1; i < PRODUCT_SETS && place == PRODUCT_SETS; i++)
		if (!in_use(r, i))
			place = i;
	if (place == PRODUCT_SETS) { /* cannot be said: nothing, rather than too much */
		r->scope[action] = SCOPE_none;
		return;
	}
	r->products[place] = now;
	r->product[action] = (uint8_t)place;
}

/* The action is kept to what both say. */
static void
sell_both(struct rights *r, int action, const struct products *limit)
{
	const struct products *had = rights_products(r, (enum action)action);
	struct products both;

	if (limit == NULL || r->scope[action] == SCOPE_none)
		return;
	both = *limit;
	if (had != NULL)
		products_meet(&both, had);
	sell(r, action, &both);
}

/* Is all of a in b?  NULL is any. */
static bool
sold_within(const struct products *a, const struct products *b)
{

	return (b == NULL || (a != NULL && products_within(a, b)));
}

void
rights_keep_products(struct rights *r, const struct products *set)
{

	for (int a = 0; a < ACT__MAX; a++)
		if (access_sells((enum action)a))
			sell_both(r, a, set);
	rights_settle(r);
}

/* What was sold once stays on the bill. */
static bool
is_bill(enum resource res)
{

	return (res == RES_document || res == RES_incoming || res == RES_draft);
}

void
rights_keep_shared(struct rights *r, const struct products *set)
{

	for (int a = 0; a < ACT__MAX; a++)
		if (access_sells((enum action)a) && !is_bill(access_actions[a].resource))
			sell_both(r, a, set);
	rights_settle(r);
}

void
rights_products_as(struct rights *r, const struct rights *there)
{

	for (int a = 0; a < ACT__MAX; a++)
		sell(r, a, rights_products(there, (enum action)a));
	rights_settle(r);
}

/* ---- what two roles give ---- */

/* Gives *to the action with the scope and, where there are such, the segments. */
static void
give(struct rights *to, int action, uint8_t scope, const struct segments *set, const struct products *sold)
{
	const int place = set == NULL ? 0 : keep_set(to, set);

	to->scope[action] = place == -1 ? SCOPE_none : scope;
	to->set[action] = place == -1 ? 0 : (uint8_t)place;
	sell(to, action, sold);
}

/* Both give it with the same scope, of the same products: the customers of either. */
static void
join_customers(struct rights *to, int action, const struct segments *more)
{
	struct segments both;

	if (to->set[action] == 0)
		return;
	if (more == NULL) {
		to->set[action] = 0;
		return;
	}
	both = to->sets[to->set[action]];
	for (size_t i = 0; i < more->n; i++) {
		if (segments_has(&both, more->ids[i]))
			continue;
		if (both.n == SEGMENTS_MAX) { /* cannot be said: nothing, rather than too much */
			to->scope[action] = SCOPE_none;
			return;
		}
		both.ids[both.n++] = more->ids[i];
	}
	give(to, action, to->scope[action], &both, rights_products(to, (enum action)action));
}

/* Of the same customers: the products of either. */
static void
join_products(struct rights *to, int action, const struct products *more)
{
	struct products both = *more;

	products_join(&both, rights_products(to, (enum action)action));
	sell(to, action, &both);
}

/* Both give it with the same scope.  Where neither has all of the other and they differ in customers as well as in
 * products, what both give is no set of customers with a set of products: the first one stays. */
static void
give_either(struct rights *to, int action, const struct segments *set, const struct products *sold)
{
	const struct segments *old_set = set_of(to, action);
	const struct products *old_sold = rights_products(to, (enum action)action);
	const bool fewer = old_set == NULL || (set != NULL && segments_within(set, old_set));
	const bool more = set == NULL || (old_set != NULL && segments_within(old_set, set));
	const bool sells_less = sold_within(sold, old_sold), sells_more = sold_within(old_sold, sold);

	if (fewer && sells_less)
		return;
	if (more && sells_more)
		give(to, action, to->scope[action], set, sold);
	else if (sells_less && sells_more)
		join_customers(to, action, set);
	else if (fewer && more)
		join_products(to, action, sold);
}

/* ---- sets of rights ---- */

/* Does the action show one the same rows as the other? */
static bool
same_rows(const struct rights *a, const struct rights *b, enum action read)
{
	const struct segments *x = set_of(a, read), *y = set_of(b, read);
	const struct products *p = rights_products(a, read), *q = rights_products(b, read);

	return (sold_within(p, q) && sold_within(q, p) && a->scope[read] == b->scope[read] &&
	    (x == NULL) == (y == NULL) && (x == NULL || (segments_within(x, y) && segments_within(y, x))));
}

/* Do both show rows of the resource, and not the same ones? */
static bool
differ(const struct rights *a, const struct rights *b, enum resource res)
{

	if (!access_shown(a->scope, res) || !access_shown(b->scope, res))
		return (false);
	for (int read = 0; read < ACT__MAX; read++)
		if (access_shows((enum action)read, res) && !same_rows(a, b, (enum action)read))
			return (true);
	return (false);
}

/* A field of both is the better of the two.  But where the two show different rows, a field is shown
 * only as both show it, for it cannot be told row by row. */
static void
join_fields(struct rights *to, const struct rights *more)
{
	bool other[RES__MAX];

	for (int res = 0; res < RES__MAX; res++)
		other[res] = differ(to, more, (enum resource)res);
	for (int f = 0; f < FLD__MAX; f++) {
		const uint64_t bit = (uint64_t)1 << (f % 64);
		const bool read = may_read(to, (enum field)f), read_more = may_read(more, (enum field)f);
		const bool see = may_see(to, (enum field)f), see_more = may_see(more, (enum field)f);
		const bool apart = other[access_fields[f].resource];
		const size_t i = (size_t)f / 64;
		const uint64_t write = apart ? to->write[i] & more->write[i] : to->write[i] | more->write[i];

		to->read[i] = (to->read[i] & ~bit) | ((apart ? read && read_more : read || read_more) ? bit : 0);
		to->mask[i] = (to->mask[i] & ~bit) | ((apart ? see && see_more : see || see_more) ? bit : 0);
		to->write[i] = (to->write[i] & ~bit) | (write & bit);
	}
}

void
rights_join(struct rights *to, const struct rights *more)
{

	join_fields(to, more);
	for (int a = 0; a < ACT__MAX; a++) {
		const enum scope old = to->scope[a], new = more->scope[a];

		if (new == SCOPE_none || (old != SCOPE_none && old != new && !rights_covers(new, old)))
			continue;
		if (old == new)
			give_either(to, a, set_of(more, a), rights_products(more, (enum action)a));
		else
			give(to, a, (uint8_t) new, set_of(more, a), rights_products(more, (enum action)a));
	}
	rights_settle(to);
}

void
rights_meet(struct rights *to, const struct rights *limit)
{

	for (int a = 0; a < ACT__MAX; a++) {
		to->scope[a] = rights_meet_scope((enum action)a, to->scope[a], limit->scope[a]);
		sell_both(to, a, rights_products(limit, (enum action)a));
	}
	for (size_t i = 0; i < FLD_WORDS; i++) {
		to->mask[i] = (to->mask[i] | to->read[i]) & (limit->mask[i] | limit->read[i]);
		to->read[i] &= limit->read[i];
		to->write[i] &= limit->write[i];
	}
	rights_settle(to);
}

void
rights_settle(struct rights *r)
{
	bool shown[RES__MAX];

	for (int a = 0; a < ACT__MAX; a++) {
		if (r->scope[a] == SCOPE_none)
			r->set[a] = 0;
		if (r->scope[a] == SCOPE_none || is_buyers((enum scope)r->scope[a]))
			r->product[a] = 0;
	}
	for (int res = 0; res < RES__MAX; res++)
		shown[res] = access_shown(r->scope, (enum resource)res);
	for (int f = 0; f < FLD__MAX; f++) {
		const struct access_field *field = &access_fields[f];
		const uint64_t bit = (uint64_t)1 << (f % 64);

		if (!shown[field->resource]) {
			r->read[f / 64] &= ~bit;
			r->mask[f / 64] &= ~bit;
		}
		if (!may_read(r, (enum field)f) || field->set_by < 0 || r->scope[field->set_by] == SCOPE_none)
			r->write[f / 64] &= ~bit;
		if (may_read(r, (enum field)f) || field->type != T_TEXT)
			r->mask[f / 64] &= ~bit;
	}
}

void
rights_keep(struct rights *r, const struct segments *set)
{

	r->sets[1] = *set;
	r->n_sets = 2;
	for (int a = 0; a < ACT__MAX; a++) {
		const enum resource res = access_actions[a].resource;

		if (access_segmented(res) && set->n > 0)
			r->set[a] = 1;
		else if (access_customers(res) && r->scope[a] != SCOPE_own)
			r->scope[a] = SCOPE_none;
	}
}

void
rights_elsewhere(struct rights *r)
{

	for (int a = 0; a < ACT__MAX; a++)
		if ((r->scope[a] >= SCOPE_customer && r->scope[a] <= SCOPE_subtree) || r->scope[a] == SCOPE_offered ||
		    r->scope[a] == SCOPE_buyer)
			r->scope[a] = SCOPE_none;
	rights_settle(r);
}

bool
rights_reach(enum scope above, enum scope there, const struct standing *standing)
{

	switch (above) {
	case SCOPE_all:
		return (true);
	case SCOPE_subtree:
		return (standing->below && there <= SCOPE_subtree);
	case SCOPE_tenant:
		return (standing->same && there <= SCOPE_tenant);
	case SCOPE_offered:
		return (there == SCOPE_shared || (standing->same && (there == SCOPE_offered || there == SCOPE_tenant)));
	case SCOPE_shared:
		return (there == SCOPE_shared);
	case SCOPE_buyer:
		return (standing->same && there == SCOPE_buyer);
	case SCOPE_assigned: /* to somebody else */
	case SCOPE_family:
	case SCOPE_customer: /* somebody else is another customer's, or another user of it with rows of its own */
	case SCOPE_own:
	case SCOPE_none:
	case SCOPE__MAX:
		break;
	}
	return (there == SCOPE_none);
}

/* The target's scope where the viewer's holds it; of one tenant that which both hold; else none. */
static enum scope
look_scope(enum action a, enum scope target, enum scope viewer, const struct standing *standing)
{

	if (rights_reach(viewer, target, standing))
		return (target);
	if (!standing->same || viewer <= SCOPE_assigned)
		return (SCOPE_none);
	return (rights_meet_scope(a, target, viewer));
}

/* The customers of both; *room is where they are put together.  NULL: any. */
static const struct segments *
look_segments(const struct segments *target, const struct segments *viewer, struct segments *room)
{

	if (target == NULL || viewer == NULL)
		return (target == NULL ? viewer : target);
	room->n = 0;
	for (size_t i = 0; i < target->n; i++)
		if (segments_has(viewer, target->ids[i]))
			room->ids[room->n++] = target->ids[i];
	return (room);
}

void
rights_look(
    struct rights *out, const struct rights *target, const struct rights *viewer, const struct standing *standing)
{
	const struct segments *set;
	struct segments room;

	memset(out, 0, sizeof(*out));
	for (int a = 0; a < ACT__MAX; a++) {
		const enum scope s =
		    look_scope((enum action)a, (enum scope)target->scope[a], (enum scope)viewer->scope[a], standing);
		const struct products *sold = rights_products(viewer, (enum action)a);

		/* A customer's own rows are kept to no products, so who is kept to some does not look at them. */
		if (s == SCOPE_none || (sold != NULL && is_buyers(s)))
			continue;
		set = look_segments(set_of(target, a), set_of(viewer, a), &room);
		if (set != NULL && set->n == 0)
			continue;
		give(out, a, (uint8_t)s, set, rights_products(target, (enum action)a));
		sell_both(out, a, sold);
	}
	for (size_t i = 0; i < FLD_WORDS; i++) {
		out->read[i] = target->read[i] & viewer->read[i];
		out->write[i] = target->write[i] & viewer->write[i];
		out->mask[i] = (target->mask[i] | target->read[i]) & (viewer->mask[i] | viewer->read[i]);
	}
	rights_settle(out);
}

bool
rights_within(const struct rights *a, const struct rights *b)
{

	for (int i = 0; i < ACT__MAX; i++) {
		if (!rights_covers(b->scope[i], a->scope[i]))
			return (false);
		if (a->scope[i] != SCOPE_none && b->set[i] != 0 &&
		    (a->set[i] == 0 || !segments_within(set_of(a, i), set_of(b, i))))
			return (false);
		if (a->scope[i] != SCOPE_none && !is_buyers((enum scope)a->scope[i]) &&
		    !sold_within(rights_products(a, (enum action)i), rights_products(b, (enum action)i)))
			return (false);
	}
	for (size_t i = 0; i < FLD_WORDS; i++)
		if ((a->read[i] & ~b->read[i]) != 0 || (a->write[i] & ~b->write[i]) != 0 ||
		    (a->mask[i] & ~(b->read[i] | b->mask[i])) != 0)
			return (false);
	return (true);
}
