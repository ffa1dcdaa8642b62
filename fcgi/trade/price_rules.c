#include "trade/price_rules.h"

#include "base/date.h"
#include "base/money.h"
#include "core/products.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/sold.h"
#include "core/worker.h"

#define PER_CENT_MAX ((int64_t)100 * PRICE_SCALE)
#define JSON_MAX ((size_t)16 * 1024 * 1024)

enum { FIXED, RRP_MINUS, RRP_PLUS, COST_PLUS, COST_PLUS_ABS, PASS_THROUGH, TIERS, METHODS };
static const struct {
	const char *name;
	bool valued;
	int64_t most;
} methods[METHODS] = {
    [FIXED] = {"fixed", true, PRICE_MOST},
    [RRP_MINUS] = {"rrp_minus_pct", true, PER_CENT_MAX},
    [RRP_PLUS] = {"rrp_plus_pct", true, 100 * PER_CENT_MAX},
    [COST_PLUS] = {"cost_plus_pct", true, 100 * PER_CENT_MAX},
    [COST_PLUS_ABS] = {"cost_plus_abs", true, PRICE_MOST},
    [PASS_THROUGH] = {"pass_through", false, 0},
    [TIERS] = {"tiers", false, 0},
};

/* ---- reading ---- */

/* Where a member is. */
struct place {
	struct rq *rq;
	size_t rule;
};

/* The pointer of a member of the rule; of the rule itself where that is empty. */
static struct str
at(const struct place *p, struct str member)
{

	return (arena_printf(p->rq->a, "/rules/%zu%s%.*s", p->rule, member.n > 0 ? "/" : "", STR_ARG(member)));
}

static void
wrong(const struct place *p, struct str member, const char *code, const char *detail)
{

	problem_field(p->rq, P_invalid, at(p, member), code, "%s", detail);
}

static void
decimal(const struct place *p, const struct json *m, int64_t *to)
{

	price_decimal(p->rq, at(p, m->key), m, PRICE_MOST, to);
}

static void
day(const struct place *p, const struct json *m, int64_t *to)
{

	if (m->type != JSON_STRING || date_parse(m->s, to) == -1)
		wrong(p, m->key, "date", "it is not a day like 2026-06-01");
}

static void
id_of(const struct place *p, const struct json *m, enum resource res, int64_t *to)
{

	if (m->type != JSON_STRING || seal_id_open(p->rq->w->key, res, m->s, to) == -1)
		wrong(p, m->key, "id", "it is not an id of that kind");
}

static void
method_of(const struct place *p, const struct json *m, int *to)
{

	for (int i = 0; i < METHODS; i++)
		if (m->type == JSON_STRING && str_eqz(m->s, methods[i].name)) {
			*to = i;
			return;
		}
	wrong(p, m->key, "code", "it is not one of the known values");
}

/* Whatever a rule can be without: null is as if it were not there. */
static void
read_member(const struct place *p, const struct json *m, struct price_rule *r, bool *valued)
{

	if (str_eqz(m->key, "method"))
		method_of(p, m, &r->method);
	else if (m->type == JSON_NULL &&
	    (str_eqz(m->key, "account") || str_eqz(m->key, "offering") || str_eqz(m->key, "product") ||
		str_eqz(m->key, "value") || str_eqz(m->key, "floor") || str_eqz(m->key, "starts") ||
		str_eqz(m->key, "ends") || str_eqz(m->key, "tiers")))
		return;
	else if (str_eqz(m->key, "account"))
		id_of(p, m, RES_account, &r->account);
	else if (str_eqz(m->key, "offering"))
		id_of(p, m, RES_offering, &r->offering);
	else if (str_eqz(m->key, "product"))
		id_of(p, m, RES_product, &r->product);
	else if (str_eqz(m->key, "value"))
		decimal(p, m, &r->value), *valued = true;
	else if (str_eqz(m->key, "floor"))
		decimal(p, m, &r->floor), r->has_floor = true;
	else if (str_eqz(m->key, "starts"))
		day(p, m, &r->starts);
	else if (str_eqz(m->key, "ends"))
		day(p, m, &r->ends);
	else if (str_eqz(m->key, "tiers"))
		price_bands_read(p->rq, at(p, m->key), m, &r->bands, &r->n_bands);
	else
		wrong(p, m->key, "unknown", "it is not known here");
}

/* Do the members of a rule fit each other? */
static void
judge(const struct place *p, const struct price_rule *r, bool valued)
{

	if (r->method == -1)
		wrong(p, S("method"), "missing", "it is missing");
	if (r->offering != 0 && r->product != 0)
		wrong(p, S("product"), "both", "a rule is for an offering, for a product segment, or for all");
	if (r->method != -1 && methods[r->method].valued && !valued)
		wrong(p, S("value"), "missing", "it is missing");
	if (r->method != -1 && !methods[r->method].valued && valued)
		wrong(p, S("value"), "needless", "that way of pricing has none");
	if (r->method != -1 && methods[r->method].valued && r->value > methods[r->method].most)
		wrong(p, S("value"), "number", "it is more than that way of pricing takes");
	if (r->method == TIERS && r->n_bands == 0)
		wrong(p, S("tiers"), "missing", "it is missing");
	if (r->method != TIERS && r->n_bands > 0)
		wrong(p, S("tiers"), "needless", "that way of pricing has none");
	if (r->starts >= r->ends)
		wrong(p, S("ends"), "order", "it must be behind the first day");
}

static void
read_rule(const struct place *p, const struct json *object, struct price_rule *r)
{
	const size_t told = p->rq->n_errors;
	bool valued = false;

	*r = (struct price_rule){.method = -1, .starts = date_of(1000, 1, 1), .ends = date_of(9999, 12, 31)};
	if (object->type != JSON_OBJECT) {
		wrong(p, S(""), "type", "it must be an object");
		return;
	}
	for (const struct json *m = object->first; m != NULL; m = m->next)
		read_member(p, m, r, &valued);
	if (p->rq->n_errors == told) /* what could not be read is told already */
		judge(p, r, valued);
}

/* Two rules for the same on one day would leave to chance which of them counts. */
static void
judge_twice(struct rq *rq, const struct price_rule *r, size_t n)
{

	for (size_t i = 1; i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (r[i].account == r[j].account && r[i].offering == r[j].offering &&
			    r[i].product == r[j].product && r[i].starts < r[j].ends && r[j].starts < r[i].ends) {
				wrong(&(struct place){rq, i}, S(""), "twice",
				    "another rule is for the same, on the same days");
				break;
			}
}

int
price_rules_read(struct rq *rq, const struct json *list, struct price_rule **rules, size_t *n)
{
	size_t count = 0;

	*n = 0;
	for (const struct json *e = list->type == JSON_ARRAY ? list->first : NULL; e != NULL; e = e->next)
		count++;
	if (list->type != JSON_ARRAY || count > PRICE_RULES_MAX) {
		problem_field(rq, P_invalid, S("/rules"), "length", "%s", "it must be a list of at most 1000 rules");
		return (-1);
	}
	*rules = arena_zero(rq->a, count + 1, sizeof(**rules));
	for (const struct json *e = list->first; e != NULL; e = e->next, ++*n)
		read_rule(&(struct place){rq, *n}, e, &(*rules)[*n]);
	if (rq->problem == P_none)
		judge_twice(rq, *rules, *n);
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- what the seller may name ---- */

const struct products *
price_rules_shown(const struct rq *rq)
{
	static const struct products nothing = {{0}};

	if (!may_act(rq->who.rights, ACT_offering_read))
		return (&nothing);
	return (rights_products(rq->who.rights, ACT_offering_read));
}

void
price_rules_arg_shown(struct rq *rq)
{
	const struct products *set = price_rules_shown(rq);

	if (set == NULL)
		arg_null(rq, "shown");
	else
		arg_text(rq, "shown", sold_text(rq, set));
}

bool
price_rules_visible(const struct rq *rq, int64_t account, int64_t product)
{
	const struct products *set = price_rules_shown(rq);
	const enum scope accounts = (enum scope)rq->who.rights->scope[ACT_account_read];

	if (account != 0 && !rights_covers(accounts, SCOPE_tenant))
		return (false);
	return (product == 0 || set == NULL || products_has(set, product));
}

struct known {
	int64_t n, product;
};
static const struct col known_cols[] = {COL_I_(known, n), COL_I_(known, product)};

/* Which rules' ids q knows: known[n].  0, or -1 with the problem set. */
static int
look_up(struct rq *rq, enum query q, const struct price_rule *rules, size_t n, int64_t (*id)(const struct price_rule *),
    bool *known)
{
	struct known *rows = NULL;
	bool first = true;
	int64_t found;
	struct buf b;

	buf_init(&b, rq->a, JSON_MAX);
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++)
		if (id(&rules[i]) != 0) {
			buf_printf(&b, "%s[%zu,%lld]", first ? "" : ",", i, (long long)id(&rules[i]));
			first = false;
		}
	buf_char(&b, ']');
	if (first)
		return (0);
	arg_text(rq, "pairs", buf_str(&b));
	found = query_rows_system(rq, q, COLS(known_cols), sizeof(*rows), PRICE_RULES_MAX, (void **)&rows);
	for (int64_t i = 0; i < found; i++)
		known[rows[i].n] = price_rules_visible(
		    rq, q == Q_price_list_accounts ? 1 : 0, q == Q_price_list_accounts ? 0 : rows[i].product);
	return (found == -1 ? -1 : 0);
}

static int64_t
offering_of(const struct price_rule *r)
{

	return (r->offering);
}

static int64_t
account_of(const struct price_rule *r)
{

	return (r->account);
}

int
price_rules_known(struct rq *rq, const struct price_rule *rules, size_t n)
{
	bool *offering = arena_zero(rq->a, n + 1, sizeof(*offering)),
	     *account = arena_zero(rq->a, n + 1, sizeof(*account));
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));
	struct place p = {rq, 0};

	if (look_up(rq, Q_price_list_offerings, rules, n, offering_of, offering) == -1 ||
	    look_up(rq, Q_price_list_accounts, rules, n, account_of, account) == -1)
		return (-1);
	if (product_tree_load(rq->w->db, rq->a, t) == -1) {
		query_failed(rq, "product_tree");
		return (-1);
	}
	for (; p.rule < n; p.rule++) {
		if (rules[p.rule].offering != 0 && !offering[p.rule])
			wrong(&p, S("offering"), "unknown", "you sell no such thing");
		if (rules[p.rule].product != 0 &&
		    (!products_has(&t->all, rules[p.rule].product) ||
			!price_rules_visible(rq, 0, rules[p.rule].product)))
			wrong(&p, S("product"), "unknown", "you have no such product segment");
		if (rules[p.rule].account != 0 && !account[p.rule])
			wrong(&p, S("account"), "unknown", "none of your own end customers has such an account");
	}
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- storing ---- */

static void
a_day(struct buf *b, int64_t days)
{

	buf_addz(b, ",\"");
	date_plain(b, days);
	buf_char(b, '"');
}

/* As price_list_rules_add and price_list_tiers_add read them. */
static void
write_rule(struct buf *rules, struct buf *tiers, const struct price_rule *r)
{

	buf_printf(rules, "%s[%lld,%lld,%lld,\"%s\"", rules->n > 1 ? "," : "", (long long)r->account,
	    (long long)r->offering, (long long)r->product, methods[r->method].name);
	price_millionths(rules, r->value);
	if (r->has_floor)
		price_millionths(rules, r->floor);
	else
		buf_addz(rules, ",null");
	a_day(rules, r->starts);
	a_day(rules, r->ends);
	buf_char(rules, ']');
	for (size_t i = 0; i < r->n_bands; i++) {
		buf_printf(tiers, "%s[%lld,%lld,%lld", tiers->n > 1 ? "," : "", (long long)r->account,
		    (long long)r->offering, (long long)r->product);
		a_day(tiers, r->starts);
		buf_char(tiers, ',');
		price_band_write(tiers, i + 1, &r->bands[i]);
		buf_char(tiers, ']');
	}
}

int
price_rules_store(struct rq *rq, const struct price_rule *rules, size_t n)
{
	struct buf b, tiers;

	buf_init(&b, rq->a, JSON_MAX);
	buf_init(&tiers, rq->a, JSON_MAX);
	buf_char(&b, '[');
	buf_char(&tiers, '[');
	for (size_t i = 0; i < n; i++)
		write_rule(&b, &tiers, &rules[i]);
	buf_char(&b, ']');
	buf_char(&tiers, ']');
	if (buf_failed(&b) || buf_failed(&tiers)) {
		problem(rq, P_too_large, "%s", "there are too many rules");
		return (-1);
	}
	arg_text(rq, "rules", buf_str(&b));
	arg_text(rq, "tiers", buf_str(&tiers));
	return (n > 0 &&
		    (query_run_system(rq, Q_price_list_rules_add) == -1 ||
			query_run_system(rq, Q_price_list_tiers_add) == -1)
		? -1
		: 0);
}
