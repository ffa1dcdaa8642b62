/* What who sells takes as tax, on one offering or on all, from a day on.  What was billed by never changes. */
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/page.h"
#include "trade/price_rules.h"

#define PER_CENT_MAX ((int64_t)100 * PRICE_SCALE)

/* GET /api/v1/tax-rules?tenant=&cursor=  the latest first. */
int
tax_rule_list(struct rq *rq)
{

	return (query_list(rq, Q_tax_rule_list));
}

/* GET /api/v1/tax-rules/:id */
int
tax_rule_get(struct rq *rq)
{

	return (query_one(rq, Q_tax_rule_one));
}

/* What a body says.  0, and an empty text: it says nothing of that. */
struct wanted {
	int64_t offering;
	struct str starts, category, rate;
};

static bool
is_category(struct str s)
{

	return (str_eqz(s, "S") || str_eqz(s, "Z") || str_eqz(s, "E") || str_eqz(s, "AE"));
}

/* A per cent from 0 to 100 with two places at most. */
static bool
is_rate(struct str s)
{
	struct str rest;
	int64_t v;

	if (money_millionths(s, &v) == -1 || v < 0 || v > PER_CENT_MAX)
		return (false);
	str_cut(s, '.', &rest);
	return (rest.n <= 2);
}

static void
read_member(struct rq *rq, const struct json *m, struct wanted *w)
{
	const bool text = m->type == JSON_STRING;
	int64_t day;

	if (str_eqz(m->key, "offering")) {
		if (m->type != JSON_NULL && (!text || seal_id_open(rq->w->key, RES_offering, m->s, &w->offering) == -1))
			member_wrong(rq, "offering", "id", "it is not an id of that kind");
	} else if (str_eqz(m->key, "starts")) {
		if (!text || date_parse(m->s, &day) == -1)
			member_wrong(rq, "starts", "date", "it is not a day like 2026-06-01");
		w->starts = m->s;
	} else if (str_eqz(m->key, "category")) {
		if (!text || !is_category(m->s))
			member_wrong(rq, "category", "code", "it is S, Z, E or AE");
		w->category = m->s;
	} else if (str_eqz(m->key, "rate")) {
		if (!text || !is_rate(m->s))
			member_wrong(rq, "rate", "number",
			    "it must be per cent from 0 to 100, as text, with two places at most");
		w->rate = m->s;
	} else {
		member_wrong(rq, arena_str(rq->a, m->key).p, "not_writable", "it cannot be set here");
	}
}

/* 0, or -1 with 422. */
static int
read_body(struct rq *rq, struct wanted *w)
{
	int64_t rate;

	*w = (struct wanted){0, S(""), S(""), S("")};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		read_member(rq, m, w);
	if (rq->problem != P_none)
		return (-1);
	if (w->starts.n == 0)
		member_wrong(rq, "starts", "missing", "it is missing");
	if (w->category.n == 0)
		member_wrong(rq, "category", "missing", "it is missing");
	if (w->rate.n == 0)
		member_wrong(rq, "rate", "missing", "it is missing");
	else if (money_millionths(w->rate, &rate) == 0 && rate != 0 && w->category.n > 0 && !str_eqz(w->category, "S"))
		member_wrong(rq, "rate", "needless", "only category S has a rate above 0");
	return (rq->problem == P_none ? 0 : -1);
}

struct known {
	int64_t product;
};
static const struct col known_cols[] = {COL_I_(known, product)};

/* May the house name the offering, and who asks see it?  0, or -1 with the problem set. */
static int
find_offering(struct rq *rq, int64_t id)
{
	struct known k;
	int rc;

	arg_int(rq, "of", id);
	if (id == 0)
		return (0);
	arg_text(rq, "pairs", arena_printf(rq->a, "[[0,%lld]]", (long long)id));
	if ((rc = query_row_system(rq, Q_price_list_offerings, COLS(known_cols), &k)) == -1)
		return (-1);
	if (rc == 0 || !price_rules_visible(rq, 0, k.product))
		member_wrong(rq, "offering", "unknown", "you sell no such thing");
	return (rq->problem == P_none ? 0 : -1);
}

struct billed {
	struct str until;
};
static const struct col billed_cols[] = {COL_S_(billed, until)};

/* Behind the lock of the house.  0, or -1 with the problem set. */
static int
store(struct rq *rq, const struct wanted *w)
{
	struct billed b = {{NULL, 0}};

	arg_text(rq, "starts", w->starts);
	arg_text(rq, "category", w->category);
	arg_text(rq, "rate", w->rate);
	if (query_row_system(rq, Q_tax_rule_billed, COLS(billed_cols), &b) == -1)
		return (-1);
	if (b.until.n > 0) {
		problem_field(rq, P_invalid, S("/starts"), "billed",
		    "you are billed for already up to %.*s: begin on that day or later", STR_ARG(b.until));
		return (-1);
	}
	return (query_run_system(rq, Q_tax_rule_set) == -1 ? -1 : 0);
}

/* POST /api/v1/tax-rules {offering?, starts, category, rate}  of the own tenant, from a day on. */
int
tax_rule_create(struct rq *rq)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	struct wanted w;
	struct buf name;
	int64_t id;
	int status;

	if (read_body(rq, &w) == -1)
		return (problem_status(rq->problem));
	if (query_row_system(rq, Q_agreement_seller, COLS(cols), &id) != 1 || find_offering(rq, w.offering) == -1 ||
	    store(rq, &w) == -1 || query_row_system(rq, Q_tax_rule_made, COLS(cols), &id) != 1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_tax_rule, id, &name);
	rq->id_text = buf_str(&name);
	rq->audit_object = id;
	rq->audit_detail = arena_printf(rq->a, "from %.*s", STR_ARG(w.starts));
	status = tax_rule_get(rq);
	return (status == 200 ? 201 : status);
}
