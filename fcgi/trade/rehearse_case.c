#include "trade/rehearse_case.h"

#include <stdlib.h>

#include "base/money.h"
#include "trade/rehearse_node.h"

static struct settlement_case *
begin(struct reader *r, const struct node *root)
{
	struct settlement_case *c = arena_zero(r->a, 1, sizeof(*c));
	struct node currency = node_member(root, "currency"), minor = node_member(root, "minor"),
		    vat = node_member(root, "vat"), period = node_member(root, "period"),
		    start = node_member(&period, "start"), end = node_member(&period, "end"),
		    collector = node_member(root, "collector");

	c->currency = node_text(r, &currency);
	if (r->wrong.n == 0 && (c->currency.n != 3 || str_chars(c->currency) != 3))
		node_wrong(r, &currency, "it must be the three letters of ISO 4217");
	c->minor = node_whole(r, &minor, 0, 4);
	c->vat = node_percent(r, &vat, INT64_MIN);
	c->start = node_date(r, &start);
	c->end = node_date(r, &end);
	if (r->wrong.n == 0 && c->end <= c->start)
		node_wrong(r, &end, "the period ends before it begins");
	if (collector.v != NULL) {
		struct str who = node_text(r, &collector);

		c->root_collects = str_eqz(who, "root");
		if (r->wrong.n == 0 && !c->root_collects && !str_eqz(who, "seller"))
			node_wrong(r, &collector, "it must be root or seller");
	}
	return (c);
}

/* Up to where a tier reaches; null: without end. */
static void
read_tiers(struct reader *r, const struct node *price, struct case_offering *o)
{
	struct node tiers = node_member(price, "tiers"), t = {NULL}, unit, flat, up_to;
	int64_t above = 0;

	o->n_tiers = node_count(r, &tiers, JSON_ARRAY);
	if (o->n_tiers == 0)
		node_wrong(r, &tiers, "there must be one tier at least");
	o->tiers = arena_zero(r->a, o->n_tiers + 1, sizeof(*o->tiers));
	while (r->wrong.n == 0 && node_next(&tiers, &t)) {
		struct price_tier *to = &o->tiers[t.index];

		unit = node_member(&t, "unit"), flat = node_member(&t, "flat"), up_to = node_member(&t, "up_to");
		to->above = above;
		to->up_to = up_to.v == NULL ? PRICE_NO_END : node_decimal(r, &up_to);
		to->unit = node_decimal(r, &unit);
		to->flat = flat.v == NULL ? 0 : node_decimal(r, &flat);
		if (r->wrong.n == 0 && to->up_to <= above)
			node_wrong(
			    r, above == PRICE_NO_END ? &t : &up_to, "tiers go upwards, and none follows the last");
		above = to->up_to;
	}
}

static void
read_price(struct reader *r, const struct node *n, struct case_offering *o)
{
	struct node price = node_member(n, "price"), model = node_member(&price, "model"),
		    unit = node_member(&price, "unit"), size = node_member(&price, "size");
	struct str name = node_text(r, &model);
	int m = price_model_of(name);

	if (r->wrong.n == 0 && m == -1)
		node_wrong(r, &model, "\"%.*s\" is no price model", STR_ARG(name));
	if (r->wrong.n > 0)
		return;
	o->model = (enum price_model)m;
	o->size = PRICE_SCALE;
	if (o->model == MODEL_graduated || o->model == MODEL_volume) {
		read_tiers(r, &price, o);
		return;
	}
	o->tiers = arena_zero(r->a, 1, sizeof(*o->tiers));
	o->tiers[0] = (struct price_tier){.up_to = PRICE_NO_END, .unit = node_decimal(r, &unit)};
	o->n_tiers = 1;
	if (o->model == MODEL_package && (o->size = node_decimal(r, &size)) <= 0)
		node_wrong(r, &size, "a package holds more than nothing");
}

static void
read_offering(struct reader *r, const struct node *n, struct case_offering *o)
{
	static const char *const kinds[] = {"recurring", "usage", "one_time"};
	struct node code = node_member(n, "code"), kind = node_member(n, "kind"), unit = node_member(n, "unit"),
		    included = node_member(n, "included"), vat = node_member(n, "vat");
	size_t k = 0;

	o->code = node_text(r, &code);
	if (r->wrong.n == 0 && (o->code.n > 40 || str_chars(o->code) != o->code.n))
		node_wrong(r, &code, "a code has up to 40 characters of ASCII");
	o->kind = node_text(r, &kind);
	while (k < 3 && !str_eqz(o->kind, kinds[k]))
		k++;
	if (k == 3)
		node_wrong(r, &kind, "it must be recurring, usage or one_time");
	o->unit = unit.v == NULL ? S("unit") : node_text(r, &unit);
	if (o->unit.n > 20 || str_chars(o->unit) != o->unit.n)
		o->unit = S("unit");
	o->included = included.v == NULL ? 0 : node_decimal(r, &included);
	if (o->included < 0)
		node_wrong(r, &included, "it is nothing or more");
	o->vat = node_percent(r, &vat, CASE_NONE);
	read_price(r, n, o);
}

static void
read_offerings(struct reader *r, const struct node *root, struct settlement_case *c)
{
	struct node list = node_member(root, "offerings"), n = {NULL};

	if (list.v == NULL)
		node_wrong(r, &list, "it is missing");
	c->offerings = arena_zero(r->a, node_count(r, &list, JSON_ARRAY) + 1, sizeof(*c->offerings));
	while (r->wrong.n == 0 && node_next(&list, &n)) {
		struct case_offering *o = &c->offerings[c->n_offerings];

		read_offering(r, &n, o);
		for (size_t i = 0; i < c->n_offerings; i++)
			if (str_eq(c->offerings[i].code, o->code))
				node_wrong(r, &n, "%.*s stands twice", STR_ARG(o->code));
		c->n_offerings++;
	}
}

/* The number of an offering by its code. */
static size_t
offering_of(struct reader *r, const struct settlement_case *c, const struct node *n)
{
	struct str code = node_text(r, n);

	for (size_t i = 0; i < c->n_offerings; i++)
		if (str_eq(c->offerings[i].code, code))
			return (i);
	node_wrong(r, n, "there is no offering %.*s", STR_ARG(code));
	return (0);
}

static void
read_rule(struct reader *r, const struct settlement_case *c, const struct node *n, struct case_edge *e)
{
	struct node match = node_member(n, "match"), method = node_member(n, "method"), value = node_member(n, "value");
	struct str what = node_text(r, &match), name = node_text(r, &method);
	struct case_rule *rule = &e->rules[e->n_rules];
	int m = price_method_of(name);

	if (r->wrong.n == 0 && (m == -1 || m == BY_tiers))
		node_wrong(r, &method, "\"%.*s\" is no method", STR_ARG(name));
	if (r->wrong.n > 0)
		return;
	rule->offering = str_eqz(what, "*") ? CASE_NONE : (int64_t)offering_of(r, c, &match);
	rule->method = (enum price_method)m;
	rule->value = rule->method == BY_pass_through ? 0 : node_decimal(r, &value);
	for (size_t i = 0; i < e->n_rules; i++)
		if (e->rules[i].offering == rule->offering)
			node_wrong(r, &match, "there is a rule for it already");
	e->n_rules++;
}

static void
read_agent(struct reader *r, const struct node *n, struct case_edge *e)
{
	struct node tenant = node_member(n, "tenant"), rate = node_member(n, "commission_pct");
	struct case_agent *agent = &e->agents[e->n_agents++];

	agent->tenant = node_text(r, &tenant);
	agent->rate = node_decimal(r, &rate);
	if (r->wrong.n == 0 && (agent->rate < 0 || agent->rate > (int64_t)100 * PRICE_SCALE))
		node_wrong(r, &rate, "it lies from 0 to 100");
}

static void
read_edge(struct reader *r, const struct settlement_case *c, const struct node *n, struct case_edge *e)
{
	struct node seller = node_member(n, "seller"), buyer = node_member(n, "buyer"),
		    prices = node_member(n, "prices"), agents = node_member(n, "agents"), vat = node_member(n, "vat"),
		    model = node_member(n, "legal_model"), i = {NULL};

	e->seller = node_text(r, &seller);
	e->buyer = node_text(r, &buyer);
	e->vat = node_percent(r, &vat, CASE_NONE);
	if (model.v != NULL) {
		struct str name = node_text(r, &model);

		e->agency = str_eqz(name, "agency");
		if (r->wrong.n == 0 && !e->agency && !str_eqz(name, "resale"))
			node_wrong(r, &model, "it must be resale or agency");
	}
	e->rules = arena_zero(r->a, node_count(r, &prices, JSON_ARRAY) + 1, sizeof(*e->rules));
	while (r->wrong.n == 0 && node_next(&prices, &i))
		read_rule(r, c, &i, e);
	i.v = NULL;
	e->agents = arena_zero(r->a, node_count(r, &agents, JSON_ARRAY) + 1, sizeof(*e->agents));
	while (r->wrong.n == 0 && node_next(&agents, &i))
		read_agent(r, &i, e);
}

static void
read_chain(struct reader *r, const struct settlement_case *c, const struct node *n, struct case_chain *chain)
{
	struct node i = {NULL}, who;
	size_t count = node_count(r, n, JSON_ARRAY);
	struct str next = c->n_chains > 0 ? c->chains[0].edges[0].seller : S("");

	chain->account = n->key;
	if (n->key.n == 0 || n->key.n > 200 || count == 0 || count > CASE_EDGES)
		node_wrong(r, n, "a chain has a name and 1 to %d edges", CASE_EDGES);
	while (r->wrong.n == 0 && node_next(n, &i)) {
		struct case_edge *e = &chain->edges[chain->n_edges++];

		read_edge(r, c, &i, e);
		who = node_member(&i, "seller");
		if (next.n > 0 && !str_eq(e->seller, next))
			node_wrong(r, &who, "here %.*s must sell", STR_ARG(next));
		next = e->buyer;
	}
	who = node_member(&i, "buyer");
	if (r->wrong.n == 0 && !str_eq(next, chain->account))
		node_wrong(r, n, "the last edge must end at %.*s", STR_ARG(chain->account));
}

static void
read_chains(struct reader *r, const struct node *root, struct settlement_case *c)
{
	struct node list = node_member(root, "chains"), n = {NULL};

	if (list.v == NULL)
		node_wrong(r, &list, "it is missing");
	c->chains = arena_zero(r->a, node_count(r, &list, JSON_OBJECT) + 1, sizeof(*c->chains));
	while (r->wrong.n == 0 && node_next(&list, &n)) {
		read_chain(r, c, &n, &c->chains[c->n_chains]);
		c->n_chains++;
	}
}

static size_t
account_of(struct reader *r, const struct settlement_case *c, const struct node *n)
{
	struct str name = node_text(r, n);

	for (size_t i = 0; i < c->n_chains; i++)
		if (str_eq(c->chains[i].account, name))
			return (i);
	node_wrong(r, n, "%.*s has no chain", STR_ARG(name));
	return (0);
}

static int
by_day(const void *a, const void *b)
{
	const struct case_stretch *x = a, *y = b;

	return (x->on < y->on ? -1 : x->on > y->on);
}

static void
read_subscription(struct reader *r, const struct settlement_case *c, const struct node *n, struct case_subscription *s)
{
	struct node account = node_member(n, "account"), offering = node_member(n, "offering"),
		    quantity = node_member(n, "quantity"), from = node_member(n, "from"), to = node_member(n, "to"),
		    changes = node_member(n, "changes"), i = {NULL};

	s->account = account_of(r, c, &account);
	s->offering = offering_of(r, c, &offering);
	s->from = node_date(r, &from);
	s->to = to.v == NULL ? INT64_MAX : node_date(r, &to);
	s->stretches = arena_zero(r->a, node_count(r, &changes, JSON_ARRAY) + 2, sizeof(*s->stretches));
	s->stretches[s->n_stretches++] = (struct case_stretch){s->from, node_decimal(r, &quantity)};
	if (s->stretches[0].quantity < 0)
		node_wrong(r, &quantity, "it is nothing or more");
	while (r->wrong.n == 0 && node_next(&changes, &i)) {
		struct node on = node_member(&i, "on"), new = node_member(&i, "quantity");
		struct case_stretch *x = &s->stretches[s->n_stretches++];

		*x = (struct case_stretch){node_date(r, &on), node_decimal(r, &new)};
		if (r->wrong.n == 0 && x->quantity < 0)
			node_wrong(r, &new, "it is nothing or more");
		if (r->wrong.n == 0 && x->on <= s->from)
			node_wrong(r, &on, "a change comes behind the begin");
		for (size_t k = 0; k + 1 < s->n_stretches; k++)
			if (s->stretches[k].on == x->on)
				node_wrong(r, &on, "there is a change on that day already");
	}
	qsort(s->stretches, s->n_stretches, sizeof(*s->stretches), by_day);
}

static void
read_subscriptions(struct reader *r, const struct node *root, struct settlement_case *c)
{
	struct node list = node_member(root, "subscriptions"), n = {NULL};

	c->subscriptions = arena_zero(r->a, node_count(r, &list, JSON_ARRAY) + 1, sizeof(*c->subscriptions));
	while (r->wrong.n == 0 && node_next(&list, &n))
		read_subscription(r, c, &n, &c->subscriptions[c->n_subscriptions++]);
}

static void
read_usage(struct reader *r, const struct node *root, struct settlement_case *c)
{
	struct node list = node_member(root, "usage"), n = {NULL};

	c->usage = arena_zero(r->a, node_count(r, &list, JSON_ARRAY) + 1, sizeof(*c->usage));
	while (r->wrong.n == 0 && node_next(&list, &n)) {
		struct node account = node_member(&n, "account"), offering = node_member(&n, "offering"),
			    quantity = node_member(&n, "quantity"), at = node_member(&n, "at");
		struct case_usage *u = &c->usage[c->n_usage++];

		*u = (struct case_usage){account_of(r, c, &account), offering_of(r, c, &offering),
		    node_decimal(r, &quantity), node_moment(r, &at)};
		if (r->wrong.n == 0 && u->quantity < 0)
			node_wrong(r, &quantity, "it is nothing or more");
	}
}

static void
read_payments(struct reader *r, const struct node *root, struct settlement_case *c)
{
	static const int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
	struct node list = node_member(root, "payments"), n = {NULL};

	c->payments = arena_zero(r->a, node_count(r, &list, JSON_ARRAY) + 1, sizeof(*c->payments));
	while (r->wrong.n == 0 && node_next(&list, &n)) {
		struct node from = node_member(&n, "from"), amount = node_member(&n, "amount"),
			    at = node_member(&n, "at");
		struct case_payment *p = &c->payments[c->n_payments++];
		int64_t unit = tens[6 - c->minor];

		*p = (struct case_payment){account_of(r, c, &from), node_decimal(r, &amount), node_day(r, &at)};
		if (r->wrong.n == 0 && (p->amount < 0 || p->amount % unit != 0))
			node_wrong(r, &amount, "it is nothing or more and has up to %d decimals", (int)c->minor);
		p->amount /= unit;
	}
}

struct settlement_case *
rehearse_case(struct arena *a, struct str text, struct str *wrong)
{
	struct reader r = {.a = a, .wrong = S("")};
	const char *syntax;
	struct node root = {.v = json_parse(a, text, &syntax), .up = NULL};
	struct settlement_case *c;

	if (root.v == NULL || root.v->type != JSON_OBJECT) {
		*wrong = arena_printf(a, "/: %s", root.v == NULL ? syntax : "it must be an object");
		return (NULL);
	}
	c = begin(&r, &root);
	read_offerings(&r, &root, c);
	read_chains(&r, &root, c);
	read_subscriptions(&r, &root, c);
	read_usage(&r, &root, c);
	read_payments(&r, &root, c);
	*wrong = r.wrong;
	return (r.wrong.n == 0 ? c : NULL);
}
