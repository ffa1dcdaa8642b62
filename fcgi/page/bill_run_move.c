/* Moving a bill run: each statement says from which states it goes, behind the lock of the run's row, so a repeat does
 * nothing and is told what the run is by now.  What is moved is carried out by portico-jobs. */
#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/bill_run_part.h"
#include "page/page.h"

#define DRAFTS_MOST 200 /* approved by one request that names them */
#define REASON_MAX 200

struct state {
	int64_t id, paused;
	struct str phase;
};
static const struct col state_cols[] = {COL_I_(state, id), COL_I_(state, paused), COL_S_(state, phase)};

int
bill_run_refused(struct rq *rq, struct str state, const char *why)
{

	return (problem(rq, P_conflict, "it is %.*s by now: %s", STR_ARG(state), why));
}

/* Opens the :id, locks the run and reads what it is.  0, or -1 with the problem set. */
static int
lock(struct rq *rq, struct state *s)
{
	int rc = query_id(rq, RES_bill_run) == -1 ? -1 : query_row(rq, Q_bill_run_state, COLS(state_cols), s);

	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	return (rc == 1 ? 0 : -1);
}

static int
move(struct rq *rq, enum query q, const char *why)
{
	struct state s;
	int64_t n;

	if (lock(rq, &s) == -1 || (n = query_run(rq, q)) == -1)
		return (problem_status(rq->problem));
	return (n == 0 ? bill_run_refused(rq, s.paused ? S("paused") : s.phase, why) : bill_run_get(rq));
}

/* POST /api/v1/bill-runs/:id/pause  after the step that it is at. */
int
bill_run_pause(struct rq *rq)
{

	return (move(rq, Q_bill_run_pause, "there is nothing to pause"));
}

/* POST /api/v1/bill-runs/:id/resume */
int
bill_run_resume(struct rq *rq)
{

	return (move(rq, Q_bill_run_resume, "only what is paused is resumed"));
}

/* POST /api/v1/bill-runs/:id/cancel  before anything of it is issued; what it had taken, the next run can bill. */
int
bill_run_cancel(struct rq *rq)
{

	return (move(rq, Q_bill_run_call_off, "what is issued, or cancelled, cannot be cancelled"));
}

/* The drafts that the body names: how many were approved, or -1 with the problem set. */
static int64_t
approve_some(struct rq *rq, const struct json *drafts)
{
	int64_t n = 0, id, changed;

	for (const struct json *d = drafts->first; d != NULL; d = d->next, n++) {
		if (n == DRAFTS_MOST || d->type != JSON_STRING ||
		    seal_id_open(rq->w->key, RES_draft, d->s, &id) == -1) {
			problem_field(rq, P_invalid, arena_printf(rq->a, "/drafts/%lld", (long long)n), "id",
			    "it is no draft's id, or more than %d", DRAFTS_MOST);
			return (-1);
		}
		arg_int(rq, "draft", id);
		if ((changed = query_run(rq, Q_bill_run_approve_one)) == -1)
			return (-1);
		if (changed == 0) {
			problem_field(rq, P_conflict, arena_printf(rq->a, "/drafts/%lld", (long long)n), "state", "%s",
			    "it waits for no approval in this run");
			return (-1);
		}
	}
	return (n);
}

/* The list of drafts in the body, or NULL: all.  0, or -1 with 422. */
static int
read_drafts(struct rq *rq, const struct json **drafts)
{

	*drafts = NULL;
	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		if (str_eqz(m->key, "drafts") && m->type == JSON_ARRAY && m->first != NULL)
			*drafts = m;
		else
			problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "unknown", "%s",
			    "it is a list of drafts, or not known here");
	return (rq->problem == P_none ? 0 : -1);
}

/* POST /api/v1/bill-runs/:id/approve {drafts?}  all that wait and are not held, or these; portico-jobs issues them. */
int
bill_run_approve_drafts(struct rq *rq)
{
	const struct json *drafts;
	struct state s;
	int64_t n, moved;

	if (lock(rq, &s) == -1 || read_drafts(rq, &drafts) == -1)
		return (problem_status(rq->problem));
	n = drafts == NULL ? query_run(rq, Q_bill_run_approve_drafts) : approve_some(rq, drafts);
	if (n == -1)
		return (problem_status(rq->problem));
	/* A run that drafted nothing, or of which nothing waits, is done without. */
	if (n == 0 && !str_eqz(s.phase, "checked"))
		return (bill_run_refused(rq, s.phase, "nothing of it waits to be approved"));
	if ((moved = query_run(rq, Q_bill_run_approved)) == -1)
		return (problem_status(rq->problem));
	rq->audit_detail = arena_printf(rq->a, "drafts %lld", (long long)n);
	return (bill_run_get(rq));
}

/* The account of the body into :account, and a reason where one is needed.  0, or -1 with 422. */
static int
read_account(struct rq *rq, bool reason)
{
	struct str account, detail;
	const struct body_text texts[] = {{"account", 40, &account}, {"reason", REASON_MAX, &detail}};
	int64_t id;

	if (body_texts(rq, texts, reason ? 2 : 1) == -1)
		return (-1);
	if (seal_id_open(rq->w->key, RES_account, account, &id) == -1)
		problem_field(rq, P_invalid, S("/account"), "id", "%s", "it is not an id of that kind");
	if (reason && (!str_is_line(detail) || str_is_blank(detail)))
		problem_field(rq, P_invalid, S("/reason"), "length", "%s", "it must be one line");
	if (rq->problem != P_none)
		return (-1);
	arg_int(rq, "account", id);
	arg_text(rq, "detail", detail);
	rq->audit_detail = arena_printf(rq->a, "account %lld", (long long)id);
	return (0);
}

static int
park(struct rq *rq, bool reason, enum query q, const char *why)
{
	struct state s;
	int64_t n;

	if (lock(rq, &s) == -1 || read_account(rq, reason) == -1 || (n = query_run(rq, q)) == -1)
		return (problem_status(rq->problem));
	return (n == 0 ? bill_run_refused(rq, s.phase, why) : bill_run_get(rq));
}

/* POST /api/v1/bill-runs/:id/park {account, reason}  before it is rated: open the run paused to have the time. */
int
bill_run_park(struct rq *rq)
{

	return (park(rq, true, Q_bill_run_park_by_hand,
	    "the account is parked, rated or of another cycle; the draft of a rated one can be held"));
}

/* POST /api/v1/bill-runs/:id/unpark {account} */
int
bill_run_unpark(struct rq *rq)
{

	return (park(rq, false, Q_bill_run_unpark, "the account is not parked by hand, or passed over already"));
}

/* GET /api/v1/parked?run=&cursor= */
int
parked_list(struct rq *rq)
{

	return (query_list(rq, Q_parked_list));
}
