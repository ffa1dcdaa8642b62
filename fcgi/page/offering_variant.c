/* As which offering the usage of another counts by what its events say of themselves: each from a day on, until the next of
 * the same.  What came in counts as it did when it came. */
#include "base/date.h"
#include "core/body.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/offering_part.h"
#include "page/page.h"
#include "trade/usage.h"

#define ROWS_MAX 10000

struct row {
	int64_t counts_as;
	struct str class, time_of_day, zone, starts, name;
};
static const struct col row_cols[] = {COL_I_(row, counts_as), COL_S_(row, class), COL_S_(row, time_of_day),
    COL_S_(row, zone), COL_S_(row, starts), COL_S_(row, name)};

/* {"variants":[{"class":"data","time_of_day":null,"zone":null,"starts":"2026-06-01","counts_as":"off_...","name":"..."}]},
 * in the order in which they are asked.  Returns the status. */
static int
answer(struct rq *rq)
{
	struct buf *b = &rq->out;
	struct row *v = NULL;
	int64_t n = 0;

	if (may_read(rq->who.rights, FLD_offering_variants)) {
		n = query_rows_system(rq, Q_offering_variants, COLS(row_cols), sizeof(*v), ROWS_MAX, (void **)&v);
		if (n == -1)
			return (problem_status(rq->problem));
	}
	buf_addz(b, "{\"variants\":[");
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{" : ",{");
		json_text(b, "class", v[i].class);
		json_text(b, "time_of_day", v[i].time_of_day);
		json_text(b, "zone", v[i].zone);
		json_text(b, "starts", v[i].starts);
		seal_member(rq->w->key, "counts_as", RES_offering, v[i].counts_as, b);
		json_text(b, "name", v[i].name);
		buf_char(b, '}');
	}
	buf_addz(b, "]}");
	return (200);
}

/* GET /api/v1/offerings/:id/variants */
int
offering_variants(struct rq *rq)
{
	struct offering_found s;

	return (offering_find(rq, &s) == -1 ? problem_status(rq->problem) : answer(rq));
}

/* ---- a new one ---- */

/* 0, or -1 with 422. */
static int
read_body(struct rq *rq, const struct offering_found *s)
{
	struct str starts, as, said[3];
	const struct body_text texts[] = {{"starts", 10, &starts}, {"counts_as", SEAL_TEXT, &as},
	    {"class", 20, &said[0]}, {"time_of_day", 20, &said[1]}, {"zone", 20, &said[2]}};
	int64_t day, id = 0;
	bool some = false;

	if (body_texts_some(rq, texts, sizeof(texts) / sizeof(texts[0]), 2) == -1)
		return (-1);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		if (said[i].n > 0 && !usage_attribute(said[i]))
			member_wrong(
			    rq, texts[2 + i].name, "code", "it needs 1 to 20 of A to Z, a to z, 0 to 9, - and _");
		arg_text(rq, texts[2 + i].name, said[i]);
		some = some || said[i].n > 0;
	}
	if (!some)
		member_wrong(rq, "class", "missing", "it needs a class, a time of day or a zone");
	if (!str_eqz(s->kind, "usage"))
		member_wrong(rq, "counts_as", "kind", "only usage says more of itself");
	if (date_parse(starts, &day) == -1)
		member_wrong(rq, "starts", "date", "it is not a day like 2026-06-01");
	if (seal_id_open(rq->w->key, RES_offering, as, &id) == -1)
		member_wrong(rq, "counts_as", "id", "it is not an id of that kind");
	arg_text(rq, "starts", starts);
	arg_int(rq, "counts_as", id);
	arg_int(rq, "product", s->segment_of);
	if (rq->problem == P_none)
		rq->audit_detail = arena_printf(rq->a, "variant from %.*s", STR_ARG(starts));
	return (rq->problem == P_none ? 0 : -1);
}

static const struct col id_cols[] = {{"_id", COL_INT, 0}};

/* May it be, as it is and from that day on?  0, or -1. */
static int
judge(struct rq *rq)
{
	int64_t id;
	int rc;

	if ((rc = query_row_system(rq, Q_offering_counts_as, COLS(id_cols), &id)) == -1)
		return (-1);
	if (rc == 0)
		member_wrong(rq, "counts_as", "unlike",
		    "it must be usage of the same segment, unit and currency, for all whom the other is for");
	return (offering_unused(rq));
}

/* POST /api/v1/offerings/:id/variants {class?, time_of_day?, zone?, starts, counts_as}  for events from that day on that say
 * all that is given.  Who names the offering itself ends it.  Answers all. */
int
offering_variant(struct rq *rq)
{
	struct offering_found s;

	if (query_id(rq, RES_offering) == -1 || query_lock(rq, RES_offering) == -1 || offering_find(rq, &s) == -1 ||
	    read_body(rq, &s) == -1 || judge(rq) == -1)
		return (problem_status(rq->problem));
	if (query_run_system(rq, Q_offering_variant_set) == -1 || query_run_one_system(rq, Q_offering_varies) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = s.id;
	return (answer(rq));
}
