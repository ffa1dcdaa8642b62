/* Versions of a price list: the rules of what was published, and the draft of the next one until it is published. */
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "core/body.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/price_part.h"
#include "trade/price_rules.h"

#define ROWS_MAX 100000 /* what came in otherwise can be larger than a draft */

struct state {
	int64_t of_tenant, draft, version;
	struct str starts, newest;
};
static const struct col state_cols[] = {COL_I_(state, of_tenant), COL_I_(state, draft), COL_I_(state, version),
    COL_S_(state, starts), COL_S_(state, newest)};

/* The list of :id in scope; first: the version that is asked for, or NULL for the one that holds.  0, or -1. */
static int
look(struct rq *rq, const struct str *first, struct state *s)
{
	int rc;

	if (first == NULL)
		arg_null(rq, "starts");
	else
		arg_text(rq, "starts", *first);
	if (query_id(rq, RES_price_list) == -1 || (rc = query_row(rq, Q_price_list_state, COLS(state_cols), s)) == -1)
		return (-1);
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	return (rc == 1 ? 0 : -1);
}

/* ---- reading ---- */

struct rule {
	int64_t id, account, offering, product, sold;
	struct str account_number, customer_name, offering_name, product_name, method, value, floor, starts, ends;
};
static const struct col rule_cols[] = {COL_I_(rule, id), COL_I_(rule, account), COL_S_(rule, account_number),
    COL_S_(rule, customer_name), COL_I_(rule, offering), COL_S_(rule, offering_name), COL_I_(rule, product),
    COL_S_(rule, product_name), COL_I_(rule, sold), COL_S_(rule, method), COL_S_(rule, value), COL_S_(rule, floor),
    COL_S_(rule, starts), COL_S_(rule, ends)};

static void
write_rule(struct rq *rq, const struct rule *r, const struct price_tier_row *tiers, int64_t n)
{
	const bool valued = !str_eqz(r->method, "tiers") && !str_eqz(r->method, "pass_through");

	buf_char(&rq->out, '{');
	seal_member(rq->w->key, "account", RES_account, r->account, &rq->out);
	json_text(&rq->out, "account_number", r->account_number);
	json_text(&rq->out, "customer_name", r->customer_name);
	seal_member(rq->w->key, "offering", RES_offering, r->offering, &rq->out);
	json_text(&rq->out, "offering_name", r->offering_name);
	seal_member(rq->w->key, "product", RES_product, r->product, &rq->out);
	json_text(&rq->out, "product_name", r->product_name);
	json_text(&rq->out, "method", r->method);
	price_number(&rq->out, "value", valued ? r->value : S(""));
	price_number(&rq->out, "floor", r->floor);
	json_text(&rq->out, "starts", r->starts);
	json_text(&rq->out, "ends", r->ends);
	price_tiers(&rq->out, tiers, n);
	buf_char(&rq->out, '}');
}

/* "rules":[...], and how many of other products or accounts than who asks may see.  0, or -1. */
static int
write_rules(struct rq *rq, const struct rule *rules, int64_t n)
{
	struct price_tier_row *tiers = NULL;
	int64_t n_tiers, hidden = 0;
	bool first = true;

	n_tiers = query_rows_system(rq, Q_price_list_tiers, PRICE_TIER_COLS, sizeof(*tiers), ROWS_MAX, (void **)&tiers);
	if (n_tiers == -1)
		return (-1);
	buf_addz(&rq->out, ",\"rules\":[");
	for (int64_t i = 0; i < n; i++) {
		int64_t from, upto;

		if (!price_rules_visible(rq, rules[i].account, rules[i].sold)) {
			hidden++;
			continue;
		}
		from = price_tier_first(tiers, n_tiers, rules[i].id, &upto);
		buf_addz(&rq->out, first ? "" : ",");
		write_rule(rq, &rules[i], tiers == NULL ? NULL : tiers + from, upto - from);
		first = false;
	}
	buf_char(&rq->out, ']');
	if (hidden > 0)
		buf_printf(&rq->out, ",\"rules_hidden\":%lld", (long long)hidden);
	return (0);
}

/* All rules of a version, seen or not: the count, or -1. */
static int64_t
load_rules(struct rq *rq, int64_t version, struct rule **rules)
{

	*rules = NULL;
	arg_int(rq, "version", version);
	return (query_rows_system(rq, Q_price_list_rules, COLS(rule_cols), sizeof(**rules), ROWS_MAX, (void **)rules));
}

/* {"starts","state","rules"} of a version; 0: there is none, so it has no rules.  Returns the status. */
static int
answer(struct rq *rq, int64_t version, struct str starts, bool draft)
{
	struct rule *rules;
	int64_t n = load_rules(rq, version, &rules);

	if (n == -1)
		return (problem_status(rq->problem));
	buf_printf(&rq->out, "{\"state\":%s", version == 0 ? "null" : draft ? "\"draft\"" : "\"published\"");
	json_text(&rq->out, "starts", draft ? S("") : starts);
	if (may_read(rq->who.rights, FLD_price_list_rules) && write_rules(rq, rules, n) == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* GET /api/v1/price-lists/:id/rules?starts=  of the version that begins on that day; without a day, of the one that
 * holds today, be it none. */
int
price_list_rules(struct rq *rq)
{
	const struct str starts = rq_param(rq, "starts");
	struct state s;
	int64_t day;

	for (size_t i = 0; i < rq->n_params; i++)
		if (!str_eqz(rq->params[i].name, "starts"))
			problem_field(
			    rq, P_unknown_parameter, rq->params[i].name, "unknown", "%s", "it is not known here");
	if (starts.p != NULL && date_parse(starts, &day) == -1)
		problem_field(rq, P_bad_parameter, S("starts"), "bad_value", "%s", "it is not a day like 2026-06-01");
	if (rq->problem != P_none || look(rq, starts.p == NULL ? NULL : &starts, &s) == -1)
		return (problem_status(rq->problem));
	if (s.version == 0 && starts.p != NULL)
		return (problem(rq, P_not_found, "%s", ""));
	return (answer(rq, s.version, s.starts, false));
}

/* GET /api/v1/price-lists/:id/draft */
int
price_list_draft(struct rq *rq)
{
	struct state s;

	if (look(rq, NULL, &s) == -1)
		return (problem_status(rq->problem));
	return (s.draft == 0 ? problem(rq, P_not_found, "%s", "") : answer(rq, s.draft, S(""), true));
}

/* ---- writing ---- */

static int
lock(struct rq *rq)
{
	int64_t id;

	if (query_id(rq, RES_price_list) == -1 || query_lock(rq, RES_price_list) == -1 ||
	    seal_id_open(rq->w->key, RES_price_list, rq->id_text, &id) == -1)
		return (-1);
	rq->audit_object = id;
	return (0);
}

/* As look, to change it: behind the lock of the list.  0, or -1. */
static int
hold(struct rq *rq, struct state *s)
{

	return (lock(rq) == -1 || look(rq, NULL, s) == -1 ? -1 : price_list_own(rq, s->of_tenant));
}

/* POST /api/v1/price-lists/:id/draft {}  with the rules of the newest version; answers the draft. */
int
price_list_begin(struct rq *rq)
{
	struct state s;

	if (hold(rq, &s) == -1 || body_texts(rq, NULL, 0) == -1)
		return (problem_status(rq->problem));
	if (s.draft != 0)
		return (problem(rq, P_conflict, "a draft is being written; change that one"));
	if (query_run_system(rq, Q_price_list_draft_add) == -1 || query_run_system(rq, Q_price_list_draft_copy) == -1 ||
	    query_run_system(rq, Q_price_list_draft_copy_tiers) == -1)
		return (problem_status(rq->problem));
	rq->audit_detail = S("begins a draft");
	return (price_list_draft(rq));
}

/* What who asks sees of the draft goes, to make room for what is sent; what they do not see stays.  0, or -1. */
static int
drop_seen(struct rq *rq, int64_t draft)
{
	struct rule *rules;
	int64_t n = load_rules(rq, draft, &rules);
	bool first = true;
	struct buf b;

	buf_init(&b, rq->a, (size_t)32 * ROWS_MAX);
	buf_char(&b, '[');
	for (int64_t i = 0; i < n; i++)
		if (price_rules_visible(rq, rules[i].account, rules[i].sold)) {
			buf_printf(&b, "%s[%lld]", first ? "" : ",", (long long)rules[i].id);
			first = false;
		}
	buf_char(&b, ']');
	if (n == -1 || first)
		return (n == -1 ? -1 : 0);
	arg_text(rq, "pairs", buf_str(&b));
	return (
	    query_run_system(rq, Q_price_list_tiers_drop) == -1 || query_run_system(rq, Q_price_list_rules_drop) == -1
		? -1
		: 0);
}

/* PATCH /api/v1/price-lists/:id/draft {rules: [...]}  all of them anew; the router has held If-Match against the draft. */
int
price_list_write(struct rq *rq)
{
	struct price_rule *rules = NULL;
	const struct json *list = NULL;
	struct state s;
	size_t n = 0;

	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		if (str_eqz(m->key, "rules") && may_write(rq->who.rights, FLD_price_list_rules))
			list = m;
		else
			problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "not_writable",
			    "%s", "it cannot be set here");
	if (list == NULL)
		problem_field(rq, P_invalid, S("/rules"), "missing", "%s", "it is missing");
	if (rq->problem != P_none || hold(rq, &s) == -1 || price_rules_read(rq, list, &rules, &n) == -1 ||
	    price_rules_known(rq, rules, n) == -1 || drop_seen(rq, s.draft) == -1 ||
	    price_rules_store(rq, rules, n) == -1)
		return (problem_status(rq->problem));
	rq->audit_detail = arena_printf(rq->a, "%zu rules", n);
	return (price_list_draft(rq));
}

/* What there is to say against that first day; or NULL. */
static const char *
day_refused(const struct state *s, struct str day)
{
	char today[20];

	date_now_sql(today);
	if (memcmp(day.p, today, 10) < 0)
		return ("that day is over");
	if (s->newest.n == 10 && memcmp(day.p, s->newest.p, 10) <= 0)
		return ("the newest version begins on that day or later");
	return (NULL);
}

/* POST /api/v1/price-lists/:id/publish {starts}  the draft holds from that day on, and never changes again. */
int
price_list_publish(struct rq *rq)
{
	struct str day = {NULL, 0};
	const struct body_text texts[] = {{"starts", 10, &day}};
	struct rule *rules;
	const char *why;
	struct state s;
	int64_t days, n;

	if (hold(rq, &s) == -1 || body_texts(rq, texts, 1) == -1)
		return (problem_status(rq->problem));
	if (date_parse(day, &days) == -1)
		problem_field(rq, P_invalid, S("/starts"), "date", "%s", "it is not a day like 2026-06-01");
	if (rq->problem != P_none)
		return (problem_status(rq->problem));
	if ((why = day_refused(&s, day)) != NULL) {
		problem_field(rq, P_invalid, S("/starts"), "order", "%s", why);
		return (problem_status(rq->problem));
	}
	if (s.draft == 0)
		return (problem(rq, P_conflict, "there is no draft"));
	if ((n = load_rules(rq, s.draft, &rules)) == 0)
		return (problem(rq, P_conflict, "the draft has no rules, so nothing would have a price"));
	arg_text(rq, "starts", day);
	if (n == -1 || (n = query_run_system(rq, Q_price_list_publish)) == -1)
		return (problem_status(rq->problem));
	rq->audit_detail = arena_printf(rq->a, "from %.*s", STR_ARG(day));
	return (n == 1 ? price_list_get(rq) : problem(rq, P_conflict, "it was published meanwhile"));
}
