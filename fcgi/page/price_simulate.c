/* What a draft would change, before it is published. */
#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/price_part.h"
#include "trade/price_rules.h"
#include "trade/simulate.h"

static void
write_row(struct rq *rq, const struct simulated *r)
{
	struct buf *b = &rq->out;

	buf_char(b, '{');
	seal_member(rq->w->key, "seller", RES_tenant, r->seller, &rq->out);
	json_text(b, "seller_name", r->seller_name);
	seal_member(rq->w->key, "buyer", RES_tenant, r->buyer, &rq->out);
	json_text(b, "buyer_name", r->buyer_name);
	seal_member(rq->w->key, "account", RES_account, r->account, &rq->out);
	json_text(b, "account_number", r->account_number);
	seal_member(rq->w->key, "offering", RES_offering, r->offering, &rq->out);
	json_text(b, "offering_name", r->offering_name);
	json_text(b, "currency", r->currency);
	price_number(b, "above", r->above);
	price_number(b, "old", r->old);
	price_number(b, "new", r->new_);
	price_number(b, "old_cost", r->old_cost);
	price_number(b, "new_cost", r->new_cost);
	price_number(b, "old_margin", r->old_margin);
	price_number(b, "new_margin", r->new_margin);
	price_number(b, "floor", r->floor);
	json_text(b, "below_floor", r->below_floor);
	json_text(b, "trouble", r->trouble);
	if (r->cost_rate.n > 0) {
		json_text(b, "cost_currency", r->cost_currency);
		price_number(b, "cost_rate", r->cost_rate);
		json_text(b, "rate_day", r->rate_day);
		json_text(b, "rate_source", r->rate_source);
	}
	buf_char(b, '}');
}

/* GET /api/v1/price-lists/:id/simulation?starts=  {day, chains, more, moved: [...]}: on the edges of who sells by the list;
 * for the provider, who sees all, on those below them too. */
int
price_list_simulate(struct rq *rq)
{
	static const struct col cols[] = {{"_draft", COL_INT, 0}};
	const struct str starts = rq_param(rq, "starts");
	int64_t draft, id, day;
	struct simulation s;
	bool first = true;
	int rc;

	arg_null(rq, "starts");
	if (starts.p != NULL && date_parse(starts, &day) == -1)
		problem_field(rq, P_bad_parameter, S("starts"), "bad_value", "%s", "it is not a day like 2026-06-01");
	if (rq->problem != P_none || query_id(rq, RES_price_list) == -1 ||
	    seal_id_open(rq->w->key, RES_price_list, rq->id_text, &id) == -1 ||
	    (rc = query_row(rq, Q_price_list_state, COLS(cols), &draft)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	rc = simulate(rq->w->db, rq->a, id, starts, rq->who.rights->scope[rq->action] == SCOPE_all, &s);
	if (rc != 1)
		return (rc == -1 ? query_failed(rq, "simulate") : problem(rq, P_not_found, "there is no draft"));
	buf_printf(&rq->out, "{\"day\":\"%.*s\",\"chains\":%lld,\"more\":%s", STR_ARG(s.day), (long long)s.chains,
	    s.more ? "true" : "false");
	buf_addz(&rq->out, ",\"moved\":[");
	for (size_t i = 0; i < s.n && may_read(rq->who.rights, FLD_price_list_moved); i++)
		if (price_rules_visible(rq, s.rows[i].account, s.rows[i].product)) {
			buf_addz(&rq->out, first ? "" : ",");
			write_row(rq, &s.rows[i]);
			first = false;
		}
	buf_addz(&rq->out, "]}");
	return (200);
}
