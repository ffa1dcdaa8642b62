#include "base/date.h"
#include "trade/rehearse_part.h"

#define LEVELS 5
#define ENDS 100000 /* ids of accounts at the end begin here; below are those of tenants */

static const struct bulk_table tables[TABLE__MAX] = {
#define TABLE(name, columns) [TABLE_##name] = {#name, columns, TABLE_INSERT(name, columns)},
#include "schema/rehearse/table.def"
#undef TABLE
};

/* A tenant at its place in the tree: whoever sells by two ways of names alone stands twice. */
struct place {
	struct str name;
	int64_t id, parent, level, above[LEVELS]; /* above[level] is the id itself */
};

/* An edge, whatever chains it is in. */
struct pair {
	int64_t id;
	const struct place *seller, *buyer; /* buyer NULL: the account of chain */
	size_t chain;
	const struct case_edge *edge;
	bool mixed; /* chains say different prices: the rules name the account */
};

struct load {
	const struct settlement_case *c;
	struct arena *a;
	struct bulk *out;
	struct place *places;
	struct pair *pairs;
	size_t n_places, n_pairs;
	int64_t begins; /* of what holds all the time */
	struct str wrong;
};

int64_t
rehearse_account(size_t chain)
{

	return (ENDS + (int64_t)chain);
}

/* ---- the channel ---- */

static struct place *
place_of(struct load *l, const struct place *parent, struct str name)
{
	struct place *p;

	for (size_t i = 0; i < l->n_places; i++)
		if (str_eq(l->places[i].name, name) && l->places[i].parent == (parent == NULL ? 0 : parent->id))
			return (&l->places[i]);
	p = &l->places[l->n_places++];
	*p = (struct place){.name = name, .id = (int64_t)l->n_places, .parent = parent == NULL ? 0 : parent->id};
	if (parent == NULL)
		return (p);
	p->level = parent->level + 1;
	for (int i = 1; i <= parent->level; i++)
		p->above[i] = parent->above[i];
	p->above[p->level] = p->id;
	return (p);
}

/* Whoever earns a commission: a seller of that name, or somebody below the root. */
static const struct place *
agent_of(struct load *l, struct str name)
{

	for (size_t i = 0; i < l->n_places; i++)
		if (str_eq(l->places[i].name, name))
			return (&l->places[i]);
	return (place_of(l, &l->places[0], name));
}

static bool
same_rules(const struct case_edge *x, const struct case_edge *y)
{
	size_t j;

	if (x->n_rules != y->n_rules)
		return (false);
	for (size_t i = 0; i < x->n_rules; i++) {
		for (j = 0; j < y->n_rules && y->rules[j].offering != x->rules[i].offering; j++)
			continue;
		if (j == y->n_rules || y->rules[j].method != x->rules[i].method ||
		    y->rules[j].value != x->rules[i].value)
			return (false);
	}
	return (true);
}

static void
add_pair(struct load *l, const struct place *seller, const struct place *buyer, size_t chain, size_t at)
{
	const struct case_edge *e = &l->c->chains[chain].edges[at];
	struct pair *p;

	for (size_t i = 0; buyer != NULL && i < l->n_pairs; i++) {
		p = &l->pairs[i];
		if (p->seller != seller || p->buyer != buyer)
			continue;
		p->mixed |= !same_rules(p->edge, e);
		if (p->edge->vat != e->vat)
			l->wrong =
			    arena_printf(l->a, "/chains/%.*s/%zu/vat: the same edge has another rate in another chain",
				STR_ARG(l->c->chains[chain].account), at);
		return;
	}
	p = &l->pairs[l->n_pairs++];
	*p = (struct pair){(int64_t)l->n_pairs, seller, buyer, chain, e, false};
}

/* Who is there, and who sells to whom. */
static void
lay_out(struct load *l)
{

	if (l->c->n_chains == 0)
		(void)place_of(l, NULL, S("root"));
	for (size_t i = 0; i < l->c->n_chains; i++) {
		const struct case_chain *chain = &l->c->chains[i];
		const struct place *seller = place_of(l, NULL, chain->edges[0].seller), *buyer;

		for (size_t k = 0; k < chain->n_edges; k++, seller = buyer) {
			buyer = k + 1 < chain->n_edges ? place_of(l, seller, chain->edges[k].buyer) : NULL;
			add_pair(l, seller, buyer, i, k);
		}
	}
	for (size_t i = 0; i < l->n_pairs; i++)
		for (size_t k = 0; k < l->pairs[i].edge->n_agents; k++)
			(void)agent_of(l, l->pairs[i].edge->agents[k].tenant);
}

/* ---- rows ---- */

static void
id_or_null(struct load *l, int64_t id)
{

	if (id == 0)
		bulk_null(l->out);
	else
		bulk_int(l->out, id);
}

static void
party(struct load *l, int64_t id, struct str name)
{

	bulk_row(l->out, TABLE_party);
	bulk_int(l->out, id);
	bulk_text(l->out, name);
	bulk_z(l->out, "DE");
	bulk_end(l->out);
}

static void
brand(struct load *l, const struct place *p)
{

	bulk_row(l->out, TABLE_brand);
	bulk_int(l->out, p->id);
	bulk_int(l->out, p->id);
	bulk_int(l->out, 1);
	bulk_text(l->out, p->name.n <= 100 ? p->name : S("brand"));
	bulk_z(l->out, "plain");
	bulk_z(l->out, "#224466");
	bulk_z(l->out, "#ffffff");
	bulk_z(l->out, "en");
	bulk_z(l->out, "support@case.example");
	bulk_end(l->out);
	bulk_row(l->out, TABLE_segment);
	bulk_int(l->out, p->id);
	bulk_int(l->out, p->id);
	bulk_z(l->out, "all");
	bulk_z(l->out, "All");
	bulk_z(l->out, "rest");
	bulk_end(l->out);
}

static void
tenant(struct load *l, const struct place *p)
{

	party(l, p->id, p->name);
	bulk_row(l->out, TABLE_tenant);
	bulk_int(l->out, p->id);
	id_or_null(l, p->parent);
	bulk_int(l->out, p->level);
	for (int i = 1; i < LEVELS; i++)
		bulk_int(l->out, p->above[i]);
	bulk_z(l->out, p->level == 0 ? "provider" : "dealer");
	bulk_text(l->out, arena_printf(l->a, "t%lld", (long long)p->id));
	bulk_text(l->out, p->name);
	bulk_int(l->out, p->id);
	bulk_int(l->out, p->id);
	bulk_text(l->out, l->c->currency);
	bulk_z(l->out, "en");
	bulk_z(l->out, REHEARSE_ZONE);
	bulk_end(l->out);
	brand(l, p);
}

/* A customer with its account, both of that id, at its seller; buyer: the tenant that it is, or 0. */
static void
account(struct load *l, int64_t id, const struct place *seller, struct str name, int64_t buyer)
{
	int year, month, day;

	date_split(l->c->start, &year, &month, &day);
	bulk_row(l->out, TABLE_customer);
	bulk_int(l->out, id);
	bulk_int(l->out, seller->id);
	for (int i = 1; i < LEVELS; i++)
		bulk_int(l->out, seller->above[i]);
	bulk_int(l->out, seller->id);
	bulk_int(l->out, buyer != 0 ? buyer : id);
	bulk_text(l->out, arena_printf(l->a, "C%lld", (long long)id));
	bulk_text(l->out, name);
	bulk_z(l->out, buyer != 0 ? "reseller" : "person");
	id_or_null(l, buyer);
	bulk_z(l->out, "en");
	bulk_date(l->out, l->begins);
	bulk_end(l->out);
	bulk_row(l->out, TABLE_account);
	bulk_int(l->out, id);
	bulk_int(l->out, seller->id);
	bulk_int(l->out, id);
	bulk_int(l->out, seller->id);
	bulk_text(l->out, arena_printf(l->a, "A%lld", (long long)id));
	bulk_text(l->out, l->c->currency);
	bulk_int(l->out, day);
	bulk_end(l->out);
}

static void
tax(struct load *l, int64_t seller, int64_t offering, int64_t rate)
{

	bulk_row(l->out, TABLE_tax_rule);
	bulk_int(l->out, seller);
	id_or_null(l, offering);
	bulk_date(l->out, l->begins);
	bulk_z(l->out, rate == 0 ? "Z" : "S");
	bulk_hundredths(l->out, rate);
	bulk_end(l->out);
}

static void
offering(struct load *l, size_t i)
{
	const struct case_offering *o = &l->c->offerings[i];
	int64_t id = (int64_t)i + 1;

	bulk_row(l->out, TABLE_offering);
	bulk_int(l->out, id);
	bulk_int(l->out, REHEARSE_ROOT);
	bulk_int(l->out, 1);
	bulk_text(l->out, o->code);
	bulk_text(l->out, o->code);
	bulk_text(l->out, o->kind);
	bulk_text(l->out, o->unit);
	bulk_millionths(l->out, o->tiers[0].unit);
	bulk_text(l->out, l->c->currency);
	bulk_end(l->out);
	bulk_row(l->out, TABLE_offering_price);
	bulk_int(l->out, id);
	bulk_int(l->out, id);
	bulk_date(l->out, l->begins);
	bulk_text(l->out, l->c->currency);
	bulk_z(l->out, price_models[o->model]);
	bulk_millionths(l->out, o->size);
	bulk_millionths(l->out, o->included);
	bulk_end(l->out);
	for (size_t t = 0; t < o->n_tiers; t++) {
		bulk_row(l->out, TABLE_offering_tier);
		bulk_int(l->out, id);
		bulk_int(l->out, (int64_t)t + 1);
		bulk_millionths(l->out, o->tiers[t].above);
		bulk_millionths(l->out, o->tiers[t].up_to);
		bulk_millionths(l->out, o->tiers[t].unit);
		bulk_millionths(l->out, o->tiers[t].flat);
		bulk_end(l->out);
	}
}

/* The rules of an edge; of_account 0: for all. */
static void
rules(struct load *l, const struct pair *p, const struct case_edge *e, int64_t of_account)
{

	for (size_t i = 0; i < e->n_rules; i++) {
		bulk_row(l->out, TABLE_price_rule);
		bulk_int(l->out, p->id);
		id_or_null(l, of_account);
		id_or_null(l, e->rules[i].offering + 1);
		bulk_z(l->out, price_methods[e->rules[i].method]);
		bulk_millionths(l->out, e->rules[i].value);
		bulk_end(l->out);
	}
}

/* Every chain's rules of an edge, for its account alone. */
static void
mixed_rules(struct load *l, const struct pair *p)
{

	for (size_t i = 0; i < l->c->n_chains; i++) {
		const struct case_chain *chain = &l->c->chains[i];
		const struct place *seller = place_of(l, NULL, chain->edges[0].seller), *buyer;

		for (size_t k = 0; k + 1 < chain->n_edges; k++, seller = buyer) {
			buyer = place_of(l, seller, chain->edges[k].buyer);
			if (p->seller == seller && p->buyer == buyer)
				rules(l, p, &chain->edges[k], rehearse_account(i));
		}
	}
}

static void
price_list(struct load *l, const struct pair *p)
{

	bulk_row(l->out, TABLE_price_list);
	bulk_int(l->out, p->id);
	bulk_int(l->out, p->seller->id);
	bulk_text(l->out, arena_printf(l->a, "e%lld", (long long)p->id));
	bulk_z(l->out, "edge");
	bulk_text(l->out, l->c->currency);
	bulk_end(l->out);
	bulk_row(l->out, TABLE_price_version);
	bulk_int(l->out, p->id);
	bulk_int(l->out, p->id);
	bulk_date(l->out, l->begins);
	bulk_z(l->out, "published");
	bulk_end(l->out);
	if (p->mixed)
		mixed_rules(l, p);
	else
		rules(l, p, p->edge, 0);
}

static void
agents(struct load *l, const struct pair *p)
{

	for (size_t i = 0; i < p->edge->n_agents; i++) {
		bulk_row(l->out, TABLE_agreement_agent);
		bulk_int(l->out, p->id);
		bulk_int(l->out, agent_of(l, p->edge->agents[i].tenant)->id);
		bulk_millionths(l->out, p->edge->agents[i].rate);
		bulk_hundredths(l->out, p->edge->vat == CASE_NONE ? l->c->vat : p->edge->vat);
		bulk_end(l->out);
	}
}

static void
agreement(struct load *l, const struct pair *p)
{

	bulk_row(l->out, TABLE_agreement);
	bulk_int(l->out, p->id);
	bulk_int(l->out, p->seller->id);
	id_or_null(l, p->buyer == NULL ? 0 : p->buyer->id);
	bulk_int(l->out, p->buyer == NULL ? rehearse_account(p->chain) : p->buyer->id);
	bulk_date(l->out, l->begins);
	bulk_z(l->out, p->edge->agency ? "agency" : "resale");
	bulk_z(l->out, l->c->root_collects ? "on_behalf" : "none");
	bulk_z(l->out, l->c->root_collects ? "root" : "seller");
	bulk_int(l->out, p->id);
	bulk_text(l->out, l->c->currency);
	if (p->edge->vat == CASE_NONE) {
		bulk_null(l->out);
		bulk_null(l->out);
	} else {
		bulk_z(l->out, p->edge->vat == 0 ? "Z" : "S");
		bulk_hundredths(l->out, p->edge->vat);
	}
	bulk_end(l->out);
	price_list(l, p);
	agents(l, p);
}

static const struct place *
seller_of(struct load *l, size_t chain)
{

	for (size_t i = 0; i < l->n_pairs; i++)
		if (l->pairs[i].buyer == NULL && l->pairs[i].chain == chain)
			return (l->pairs[i].seller);
	return (&l->places[0]);
}

static void
subscription(struct load *l, size_t i)
{
	const struct case_subscription *s = &l->c->subscriptions[i];
	int64_t seller = seller_of(l, s->account)->id, end;

	bulk_row(l->out, TABLE_subscription);
	bulk_int(l->out, (int64_t)i + 1);
	bulk_int(l->out, seller);
	bulk_int(l->out, rehearse_account(s->account));
	bulk_int(l->out, seller);
	bulk_int(l->out, rehearse_account(s->account));
	bulk_int(l->out, (int64_t)s->offering + 1);
	bulk_int(l->out, 1);
	bulk_millionths(l->out, s->stretches[s->n_stretches - 1].quantity);
	bulk_millionths(l->out, 0);
	bulk_text(l->out, l->c->currency);
	bulk_date(l->out, s->from);
	if (s->to == INT64_MAX)
		bulk_null(l->out);
	else
		bulk_date(l->out, s->to);
	bulk_end(l->out);
	for (size_t k = 0; s->n_stretches > 1 && k < s->n_stretches; k++) {
		end = k + 1 < s->n_stretches ? s->stretches[k + 1].on : date_of(9999, 12, 31);
		bulk_row(l->out, TABLE_subscription_quantity);
		bulk_int(l->out, (int64_t)i + 1);
		bulk_date(l->out, s->stretches[k].on);
		bulk_date(l->out, end);
		bulk_millionths(l->out, s->stretches[k].quantity);
		bulk_end(l->out);
	}
}

/* 0, or -1 (logged). */
static int
write_all(struct load *l)
{
	const struct settlement_case *c = l->c;
	int64_t *sellers = arena_alloc(l->a, (c->n_chains + 1) * sizeof(*sellers));

	for (size_t i = 0; i < l->n_places; i++) {
		tenant(l, &l->places[i]);
		tax(l, l->places[i].id, 0, c->vat);
		for (size_t o = 0; o < c->n_offerings; o++)
			if (c->offerings[o].vat != CASE_NONE)
				tax(l, l->places[i].id, (int64_t)o + 1, c->offerings[o].vat);
	}
	for (size_t i = 0; i < c->n_offerings; i++)
		offering(l, i);
	for (size_t i = 0; i < l->n_pairs; i++) {
		const struct pair *p = &l->pairs[i];

		if (p->buyer != NULL)
			account(l, p->buyer->id, p->seller, p->buyer->name, p->buyer->id);
		else {
			party(l, rehearse_account(p->chain), c->chains[p->chain].account);
			account(l, rehearse_account(p->chain), p->seller, c->chains[p->chain].account, 0);
		}
		agreement(l, p);
	}
	for (size_t i = 0; i < c->n_subscriptions; i++)
		subscription(l, i);
	for (size_t i = 0; i < c->n_chains; i++)
		sellers[i] = seller_of(l, i)->id;
	return (rehearse_usage(l->out, l->a, c, sellers));
}

int
rehearse_load(struct db *db, struct arena *a, const struct settlement_case *c, struct str *wrong)
{
	size_t most = 1, n_agents = 0;
	struct load l = {.c = c, .a = a, .begins = date_of(1000, 1, 1), .wrong = S("")};
	int rc;

	for (size_t i = 0; i < c->n_chains; i++)
		for (size_t k = 0; k < c->chains[i].n_edges; k++, most++)
			n_agents += c->chains[i].edges[k].n_agents;
	l.places = arena_zero(a, most + n_agents, sizeof(*l.places));
	l.pairs = arena_zero(a, most, sizeof(*l.pairs));
	lay_out(&l);
	*wrong = l.wrong;
	if (l.wrong.n > 0)
		return (-1);
	l.out = bulk_open(db, a, tables, TABLE__MAX, NULL, NULL);
	rc = write_all(&l);
	return (bulk_close(l.out) == -1 ? -1 : rc);
}
