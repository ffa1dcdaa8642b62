/* The provider's exchange rates, from a day on.  What something was billed by never changes. */
#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "trade/rate.h"

/* GET /api/v1/exchange-rates?cursor=  the latest first. */
int
exchange_rate_list(struct rq *rq)
{

	return (query_list(rq, Q_exchange_rate_list));
}

/* GET /api/v1/exchange-rates/:id */
int
exchange_rate_get(struct rq *rq)
{

	return (query_one(rq, Q_exchange_rate_one));
}

/* The rate that is made, or was there already. */
static int
answer(struct rq *rq, const struct rate *r, int64_t id, bool made)
{
	struct buf name;
	int status;

	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_exchange_rate, id, &name);
	rq->id_text = buf_str(&name);
	rq->audit_object = id;
	rq->audit_detail = arena_printf(rq->a, "%.*s in %.*s from %.*s: %.*s", STR_ARG(r->from_currency),
	    STR_ARG(r->to_currency), STR_ARG(r->day), STR_ARG(r->rate));
	status = exchange_rate_get(rq);
	return (status == 200 && made ? 201 : status);
}

/* POST /api/v1/exchange-rates {currency, worth_in, day, rate, source}  200 where it says so already. */
int
exchange_rate_create(struct rq *rq)
{
	struct rate r;
	const struct body_text texts[] = {{"currency", 3, &r.from_currency}, {"worth_in", 3, &r.to_currency},
	    {"day", 10, &r.day}, {"rate", 20, &r.rate}, {"source", 100, &r.source}};
	struct rate_wrong w;
	struct str day = S("");
	enum rate_end end;
	int64_t id = 0;

	if (body_texts(rq, texts, sizeof(texts) / sizeof(texts[0])) == -1)
		return (problem_status(rq->problem));
	if (rate_is_wrong(&r, &w)) {
		problem_field(rq, P_invalid, arena_printf(rq->a, "/%s", w.member), w.code, "%s", w.detail);
		return (problem_status(rq->problem));
	}
	end = rate_set(rq->w->db, rq->a, &r, rq->who.id, &id, &day);
	if (end == RATE_FAILED)
		return (query_failed(rq, "an exchange rate"));
	if (end == RATE_BILLED) {
		problem_field(rq, P_invalid, S("/day"), "billed",
		    "something was billed by an earlier rate on %.*s: begin behind that day", STR_ARG(day));
		return (problem_status(rq->problem));
	}
	return (answer(rq, &r, id, end == RATE_SET));
}
