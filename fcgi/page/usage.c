/* Usage: what was metered. */
#include "trade/usage.h"

#include "base/date.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"

#define DAYS_MOST 93     /* of a sum over one customer */
#define DAYS_MOST_ALL 31 /* over many, which may be millions of events */
#define SOURCE "default" /* of lines that name none, where the address does not either */

/* GET /api/v1/usage?customer=&account=&offering=&state=&from=&to=&cursor=  the newest day first; to: the day after. */
int
usage_list(struct rq *rq)
{

	return (query_list(rq, Q_usage_list));
}

/* GET /api/v1/usage/batches?cursor=  the newest first. */
int
usage_batch_list(struct rq *rq)
{

	return (query_list(rq, Q_usage_batch_list));
}

/* POST /api/v1/usage?source=  NDJSON or CSV: {source, event, account, offering, quantity, at, class, time_of_day, zone}.
 * One set of its lines; each is answered by a line. */
int
usage_create(struct rq *rq)
{
	struct line_set *set = rq->set;
	struct usage_line *lines = arena_alloc(rq->a, set->n * sizeof(*lines));
	struct str source = rq_param(rq, "source"), type = str_cut(rq->content_type, ';', &(struct str){NULL, 0});
	struct usage_delivery d = {.deliverer = rq->who.tenant_id,
	    .sender = rq->who.id,
	    .way = str_eq_nocase(type, S("text/csv")) ? "csv" : "ndjson",
	    .name = S(""),
	    .source = source.p == NULL ? S(SOURCE) : source,
	    .batch = set->kept,
	    .done = set->last};

	for (size_t i = 0; i < rq->n_params; i++) /* format: nginx says it of who accepts nothing but NDJSON */
		if (!str_eqz(rq->params[i].name, "source") && !str_eqz(rq->params[i].name, "format"))
			return (problem(rq, P_unknown_parameter, "%.*s", STR_ARG(rq->params[i].name)));
	for (size_t i = 0; i < set->n; i++)
		usage_read(rq->a, &set->lines[i], d.source, &lines[i]);
	if (usage_take(rq, &d, lines, set->n, set->counts) == -1)
		return (problem_status(rq->problem));
	for (size_t i = 0; i < set->n; i++)
		usage_answer(&rq->out, &lines[i]);
	rq->audit_object = d.batch;
	rq->audit_name = "usage_batch.create"; /* it says of what the object is */
	rq->audit_detail =
	    arena_printf(rq->a, "received %lld same %lld rejected %lld", (long long)set->counts[USAGE_RECEIVED],
		(long long)set->counts[USAGE_SAME], (long long)set->counts[USAGE_REJECTED]);
	return (200);
}

/* {"batch":"bat_...","lines":1000,"received":998,"same":1,"rejected":1} */
void
usage_end(struct rq *rq)
{
	const int64_t *sums = rq->set->sums;
	struct buf *b = &rq->out;

	buf_addz(b, "{\"batch\":\"");
	seal_id(rq->w->key, RES_usage_batch, rq->set->kept, b);
	buf_printf(b, "\",\"lines\":%lld,\"received\":%lld,\"same\":%lld,\"rejected\":%lld}\n",
	    (long long)(sums[USAGE_RECEIVED] + sums[USAGE_SAME] + sums[USAGE_REJECTED]),
	    (long long)sums[USAGE_RECEIVED], (long long)sums[USAGE_SAME], (long long)sums[USAGE_REJECTED]);
}

/* A day of the query string.  0, or -1 with the problem set. */
static int
read_day(struct rq *rq, const char *name, int64_t *days)
{
	const struct str s = rq_param(rq, name);

	if (s.p != NULL && date_parse(s, days) == 0) {
		arg_text(rq, name, s);
		return (0);
	}
	problem_field(
	    rq, P_bad_parameter, str_of(name), "date", "%s", "it is a day like 2026-06-01, and cannot be left out");
	return (-1);
}

/* The parameters of a sum: *of is the customer's id, or 0.  0, or -1 with the problem set. */
static int
read_totals(struct rq *rq, int64_t *of)
{
	static const char *const known[] = {"from", "to", "customer", "by"};
	const struct str customer = rq_param(rq, "customer"), by = rq_param(rq, "by");
	const enum scope scope = (enum scope)rq->who.rights->scope[rq->action];
	int64_t from, to;
	size_t k;

	for (size_t i = 0; i < rq->n_params; i++) {
		for (k = 0; k < 4 && !str_eqz(rq->params[i].name, known[k]); k++)
			continue;
		if (k == 4)
			return (problem(rq, P_unknown_parameter, "%.*s", STR_ARG(rq->params[i].name)), -1);
	}
	*of = 0;
	if (customer.p != NULL && !may_read(rq->who.rights, FLD_usage_customer))
		return (problem(rq, P_unknown_parameter, "customer"), -1);
	if (customer.p != NULL && seal_id_open(rq->w->key, RES_customer, customer, of) == -1)
		problem_field(rq, P_bad_parameter, S("customer"), "id", "%s", "it is not an id of that kind");
	if (by.p != NULL && !str_eqz(by, "day") && !str_eqz(by, "offering"))
		problem_field(rq, P_bad_parameter, S("by"), "code", "%s", "it is day or offering");
	if (read_day(rq, "from", &from) == -1 || read_day(rq, "to", &to) == -1 || rq->problem != P_none)
		return (-1);
	if (to - from > (*of != 0 || scope == SCOPE_customer ? DAYS_MOST : DAYS_MOST_ALL) || to <= from)
		problem_field(rq, P_bad_parameter, S("to"), "range", "at most %d days of one customer, %d of many",
		    DAYS_MOST, DAYS_MOST_ALL);
	arg_int(rq, "daily", str_eqz(by, "day"));
	arg_int(rq, "of", *of);
	return (rq->problem == P_none ? 0 : -1);
}

/* GET /api/v1/usage/totals?from=&to=&customer=&by=day|offering */
int
usage_totals(struct rq *rq)
{
	int64_t of;

	if (read_totals(rq, &of) == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '{');
	if (query_member_list(rq, of != 0 ? Q_usage_totals_customer : Q_usage_totals, "data") == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}
