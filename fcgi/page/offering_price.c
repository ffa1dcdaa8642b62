/* List prices of an offering: each holds from a day on, until the next one.  A price that was billed by never changes. */
#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/offering_part.h"
#include "page/page.h"
#include "page/price_part.h"
#include "trade/price.h"
#include "trade/price_bands.h"

#define ROWS_MAX 10000
#define BANDS_JSON_MAX ((size_t)16 * 1024)

struct billed {
	struct str until;
};
static const struct col billed_cols[] = {COL_S_(billed, until)};

struct price {
	int64_t id;
	struct str starts, currency, model, size, included;
};
static const struct col price_cols[] = {COL_I_(price, id), COL_S_(price, starts), COL_S_(price, currency),
    COL_S_(price, model), COL_S_(price, size), COL_S_(price, included)};

/* "prices":[...], the newest first.  0, or -1. */
static int
write_prices(struct rq *rq)
{
	struct buf *b = &rq->out;
	struct price_tier_row *tiers = NULL;
	struct price *p = NULL;
	int64_t n, n_tiers;

	n = query_rows_system(rq, Q_offering_prices, COLS(price_cols), sizeof(*p), ROWS_MAX, (void **)&p);
	if (n == -1 ||
	    (n_tiers = query_rows_system(
		 rq, Q_offering_tiers, PRICE_TIER_COLS, sizeof(*tiers), ROWS_MAX, (void **)&tiers)) == -1)
		return (-1);
	json_name(b, "prices");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		int64_t end, from = price_tier_first(tiers, n_tiers, p[i].id, &end);

		buf_addz(b, i == 0 ? "{" : ",{");
		json_text(b, "starts", p[i].starts);
		json_text(b, "currency", p[i].currency);
		json_text(b, "model", p[i].model);
		price_number(b, "size", p[i].size);
		price_number(b, "included", p[i].included);
		price_tiers(b, tiers == NULL ? NULL : tiers + from, end - from);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	return (0);
}

/* {"prices":[...]}, and for who may set them the first day that the next one can begin on (null: any).  Returns the
 * status. */
static int
answer(struct rq *rq)
{
	struct billed b = {{NULL, 0}};

	buf_char(&rq->out, '{');
	if (may_read(rq->who.rights, FLD_offering_prices) && write_prices(rq) == -1)
		return (problem_status(rq->problem));
	if (may_act(rq->who.rights, ACT_offering_price)) {
		if (query_row_system(rq, Q_offering_billed_until, COLS(billed_cols), &b) == -1)
			return (problem_status(rq->problem));
		json_text(&rq->out, "billed_until", b.until);
	}
	buf_char(&rq->out, '}');
	return (200);
}

/* GET /api/v1/offerings/:id/prices */
int
offering_prices(struct rq *rq)
{
	struct offering_found s;

	return (offering_find(rq, &s) == -1 ? problem_status(rq->problem) : answer(rq));
}

/* ---- a new one ---- */

/* What a body says; of numbers, in millionths. */
struct wanted {
	struct str starts, currency;
	int model; /* -1: it does not say */
	int64_t size, included;
	struct price_band *bands;
	size_t n_bands;
};

static void
read_member(struct rq *rq, const struct json *m, struct wanted *w)
{
	const struct str at = arena_printf(rq->a, "/%.*s", STR_ARG(m->key));
	int64_t day;

	if (str_eqz(m->key, "starts") && (m->type != JSON_STRING || date_parse(m->s, &day) == -1))
		member_wrong(rq, "starts", "date", "it is not a day like 2026-06-01");
	else if (str_eqz(m->key, "starts"))
		w->starts = m->s;
	else if (str_eqz(m->key, "currency"))
		w->currency = m->type == JSON_STRING ? m->s : S("?");
	else if (str_eqz(m->key, "model") && (m->type != JSON_STRING || (w->model = price_model_of(m->s)) == -1))
		member_wrong(rq, "model", "code", "it is not one of the known values");
	else if (str_eqz(m->key, "size") && m->type != JSON_NULL)
		price_decimal(rq, at, m, PRICE_MOST, &w->size);
	else if (str_eqz(m->key, "included") && m->type != JSON_NULL)
		price_decimal(rq, at, m, PRICE_MOST, &w->included);
	else if (str_eqz(m->key, "tiers"))
		price_bands_read(rq, at, m, &w->bands, &w->n_bands);
	else if (!str_eqz(m->key, "model") && !str_eqz(m->key, "size") && !str_eqz(m->key, "included"))
		member_wrong(rq, arena_str(rq->a, m->key).p, "not_writable", "it cannot be set here");
}

/* Do its parts fit each other and the offering?  A run takes the latest price, whatever its currency, so a price in another
 * one would leave nothing that could be billed. */
static void
judge(struct rq *rq, const struct offering_found *s, const struct wanted *w)
{

	if (w->starts.n == 0)
		member_wrong(rq, "starts", "missing", "it is missing");
	if (w->currency.n == 0)
		member_wrong(rq, "currency", "missing", "it is missing");
	else if (!str_eq(w->currency, s->currency_of))
		member_wrong(rq, "currency", "currency", "the offering is sold in another currency");
	if (w->model == -1)
		member_wrong(rq, "model", "missing", "it is missing");
	if (w->n_bands == 0)
		member_wrong(rq, "tiers", "missing", "it is missing");
	if (w->model == MODEL_per_unit && w->n_bands > 1)
		member_wrong(rq, "tiers", "needless", "with several it is graduated or volume");
	if (w->model == MODEL_package ? w->size <= 0 : w->size != PRICE_SCALE)
		member_wrong(rq, "size", w->model == MODEL_package ? "number" : "needless",
		    w->model == MODEL_package ? "a package holds more than nothing" : "only a package has one");
	if (w->included != 0 && !str_eqz(s->kind, "usage"))
		member_wrong(rq, "included", "needless", "only of usage something is included");
}

/* 0, or -1 with 422. */
static int
read_body(struct rq *rq, const struct offering_found *s, struct wanted *w)
{

	*w = (struct wanted){.model = -1, .size = PRICE_SCALE};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		read_member(rq, m, w);
	if (rq->problem == P_none)
		judge(rq, s, w);
	return (rq->problem == P_none ? 0 : -1);
}

/* "12.500000" as a parameter. */
static void
arg_millionths(struct rq *rq, const char *name, int64_t v)
{

	arg_text(
	    rq, name, arena_printf(rq->a, "%lld.%06lld", (long long)(v / PRICE_SCALE), (long long)(v % PRICE_SCALE)));
}

static int
store(struct rq *rq, const struct wanted *w)
{
	struct buf b;

	buf_init(&b, rq->a, BANDS_JSON_MAX);
	for (size_t i = 0; i < w->n_bands; i++) {
		buf_addz(&b, i == 0 ? "[[" : ",[");
		price_band_write(&b, i + 1, &w->bands[i]);
		buf_char(&b, ']');
	}
	buf_char(&b, ']');
	arg_text(rq, "tiers", buf_str(&b));
	arg_text(rq, "model", str_of(price_models[w->model]));
	arg_millionths(rq, "size", w->size);
	arg_millionths(rq, "included", w->included);
	return (query_run_system(rq, Q_offering_tiers_drop) == -1 ||
		    query_run_system(rq, Q_offering_price_drop) == -1 ||
		    query_run_one_system(rq, Q_offering_price_add) == -1 ||
		    query_run_system(rq, Q_offering_tiers_add) == -1
		? -1
		: 0);
}

/* POST /api/v1/offerings/:id/prices {starts, currency, model, size?, included?, tiers}  holds from that day on; takes the
 * place of one that would have begun on the same day.  Answers all prices. */
int
offering_price(struct rq *rq)
{
	struct billed b = {{NULL, 0}};
	struct wanted w;
	struct offering_found s;

	if (query_id(rq, RES_offering) == -1 || query_lock(rq, RES_offering) == -1 || offering_find(rq, &s) == -1 ||
	    read_body(rq, &s, &w) == -1)
		return (problem_status(rq->problem));
	arg_text(rq, "starts", w.starts);
	arg_text(rq, "currency", w.currency);
	if (query_row_system(rq, Q_offering_billed, COLS(billed_cols), &b) == -1)
		return (problem_status(rq->problem));
	if (b.until.n > 0)
		problem_field(rq, P_invalid, S("/starts"), "billed",
		    "it is billed already up to %.*s: begin on that day or later", STR_ARG(b.until));
	if (rq->problem != P_none || store(rq, &w) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = s.id;
	rq->audit_detail = arena_printf(rq->a, "from %.*s", STR_ARG(w.starts));
	return (answer(rq));
}
