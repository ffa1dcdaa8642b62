#include "base/conf.h"
#include "trade/bill_run_part.h"

#define BATCH 200 /* documents of one transaction, with their lines */

/* Drafts beside the bills before; those that are far from them are held. */
static enum bill_step
draft(struct bill_run *r)
{
	static const enum query q[] = {Q_draft_insert, Q_draft_drafted, Q_draft_reason, Q_draft_outliers};
	struct bill_chunk chunk = {0, 0};
	struct arg args[] = {int_arg("run", r->id), int_arg("after", r->drafted_to), int_arg("page", r->chunk),
	    int_arg("upto", 0), int_arg("factor", conf_int(CONF_outlier))};
	const size_t n = sizeof(args) / sizeof(args[0]);

	if (r->phase != PHASE_rated)
		return (STEP_END);
	if (query_each_admin(r->db, r->a, Q_draft_chunk, args, n, bill_take_chunk, &chunk) == -1)
		return (STEP_FAILED);
	if (chunk.n == 0)
		return (bill_check(r));
	args[3] = int_arg("upto", chunk.upto);
	return (bill_statements(r, q, conf_int(CONF_outlier) > 0 ? 4 : 3, args, n) == -1 ? STEP_FAILED : STEP_MORE);
}

/* A chunk of accounts at a time; behind the last one the checks. */
enum bill_step
bill_draft(struct bill_run *r)
{

	return (bill_step_committed(r, NULL, draft));
}

struct seller {
	int64_t id, year;
};

/* _seller, _year */
static int
take_seller(void *ctx, const struct db_val *v)
{

	*(struct seller *)ctx = (struct seller){v[0].i, v[1].i};
	return (0);
}

/* The numbers: the first statement of the transaction, so that those of a seller wait for each other and for nobody
 * else, and what is not issued gives its numbers back. */
static int
take_numbers(struct bill_run *r)
{
	const struct arg args[] = {int_arg("seller", r->seller), int_arg("year", r->year), int_arg("n", r->batch.n)};

	return (query_run_admin(r->db, r->a, Q_draft_take, args, 3) == 1 ? 0 : -1);
}

/* As many drafts become documents. */
static enum bill_step
issue(struct bill_run *r)
{
	static const enum query parts[] = {Q_draft_issued, Q_draft_lines, Q_draft_taxes};
	struct arg args[] = {int_arg("run", r->id), int_arg("seller", r->seller), int_arg("year", r->year),
	    int_arg("n", r->batch.n), int_arg("upto", r->batch.upto), int_arg("first", 0)};
	const size_t n = sizeof(args) / sizeof(args[0]);
	int64_t numbered, first = 0;

	if (r->phase != PHASE_approved) /* it was cancelled meanwhile: the numbers go back */
		return (STEP_STALE);
	numbered = query_run_admin(r->db, r->a, Q_draft_number, args, n);
	if (numbered != r->batch.n)
		return (numbered == -1 ? STEP_FAILED : STEP_STALE);
	if (query_run_admin(r->db, r->a, Q_draft_documents, args, n) == -1 ||
	    query_number_admin(r->db, r->a, Q_draft_first, NULL, 0, &first) == -1)
		return (STEP_FAILED);
	args[5] = int_arg("first", first);
	return (bill_statements(r, parts, sizeof(parts) / sizeof(parts[0]), args, n) == -1 ? STEP_FAILED : STEP_MORE);
}

enum bill_step
bill_issue(struct bill_run *r)
{
	struct seller s = {0, 0};
	struct arg args[] = {int_arg("run", r->id), int_arg("page", BATCH), int_arg("seller", 0), int_arg("year", 0)};

	if (query_each_admin(r->db, r->a, Q_draft_seller, args, 4, take_seller, &s) == -1)
		return (STEP_FAILED);
	if (s.id == 0)
		return (bill_usage_billed(r));
	args[2] = int_arg("seller", r->seller = s.id);
	args[3] = int_arg("year", r->year = s.year);
	if (query_run_admin(r->db, r->a, Q_draft_series, args, 4) == -1 ||
	    query_each_admin(r->db, r->a, Q_draft_batch, args, 4, bill_take_chunk, &r->batch) == -1)
		return (STEP_FAILED);
	/* None where somebody else has issued them just now. */
	return (r->batch.n == 0 ? STEP_MORE : bill_step(r, take_numbers, issue));
}
