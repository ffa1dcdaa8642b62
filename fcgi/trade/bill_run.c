#include "trade/bill_run_part.h"

#include <string.h>

#include "base/log.h"

#define CHUNK 500
#define TRIES 6

const char *const bill_phases[PHASE__MAX] = {
    [PHASE_open] = "open",
    [PHASE_rated] = "rated",
    [PHASE_checked] = "checked",
    [PHASE_held] = "held",
    [PHASE_approved] = "approved",
    [PHASE_issued] = "issued",
    [PHASE_settled] = "settled",
    [PHASE_cancelled] = "cancelled",
    [PHASE_cancelling] = "cancelling",
};

int64_t
bill_run_open(struct db *db, struct arena *a, const struct bill_run_want *want)
{
	const struct arg args[] = {int_arg("tenant", want->tenant), int_arg("cycle_day", want->cycle_day),
	    text_arg("period_start", want->period_start), text_arg("period_end", want->period_end),
	    text_arg("issue_date", want->issue_date), int_arg("chunk", want->chunk > 0 ? want->chunk : CHUNK),
	    int_arg("sequence", want->sequence > 0 ? want->sequence : 1)};
	const size_t n = sizeof(args) / sizeof(args[0]);
	int64_t id = 0;

	if (query_number_admin(db, a, Q_bill_run_live, args, n, &id) == -1)
		return (-1);
	if (id != 0)
		return (id);
	/* Whoever was quicker has made the same run. */
	if (query_run_admin(db, a, Q_bill_run_insert, args, n) == -1 && db_error(db) != DB_DUPLICATE)
		return (-1);
	return (query_number_admin(db, a, Q_bill_run_live, args, n, &id) == -1 || id == 0 ? -1 : id);
}

int
bill_take_chunk(void *chunk, const struct db_val *v)
{

	*(struct bill_chunk *)chunk = (struct bill_chunk){v[0].i, v[1].i};
	return (0);
}

int
bill_statements(struct bill_run *r, const enum query *q, size_t n, const struct arg *args, size_t n_args)
{

	for (size_t i = 0; i < n; i++)
		if (query_run_admin(r->db, r->a, q[i], args, n_args) == -1)
			return (-1);
	return (0);
}

int
bill_phase_set(struct bill_run *r, enum bill_phase before, enum bill_phase phase)
{
	const struct arg args[] = {int_arg("run", r->id), text_arg("before", str_of(bill_phases[before])),
	    text_arg("phase", str_of(bill_phases[phase]))};

	return (query_run_admin(r->db, r->a, Q_bill_run_phase, args, 3) == -1 ? -1 : 0);
}

/* _phase, _chunk, _rated_to, _drafted_to, _last_account, _accounts, _paused, _cancelled_to */
static int
take_run(void *ctx, const struct db_val *v)
{
	struct bill_run *r = ctx;

	for (int p = 0; p < PHASE__MAX; p++)
		if (str_eqz(v[0].s, bill_phases[p]))
			r->phase = (enum bill_phase)p;
	r->chunk = v[1].i;
	r->rated_to = v[2].i;
	r->drafted_to = v[3].i;
	r->last_account = v[4].i;
	r->accounts = v[5].i;
	r->paused = v[6].i;
	r->cancelled_to = v[7].i;
	return (0);
}

/* The run's row, locked until the end of the transaction.  0, or -1. */
static int
lock(struct bill_run *r)
{
	const struct arg run = int_arg("run", r->id);
	int64_t n = query_each_admin(r->db, r->a, Q_bill_run_lock, &run, 1, take_run, r);

	if (n == 0)
		log_error("bill_run", "there is no run %lld", (long long)r->id);
	return (n == 1 ? 0 : -1);
}

static enum bill_step
tried(struct bill_run *r, bool committed, int (*first)(struct bill_run *), enum bill_step (*step)(struct bill_run *))
{
	enum bill_step did;

	for (int i = 0; i < TRIES; i++) {
		arena_reset(r->a);
		if ((!committed || query_run_admin(r->db, r->a, Q_bill_usage_isolate, NULL, 0) != -1) &&
		    db_begin(r->db) == 0 && (first == NULL || first(r) == 0) && lock(r) == 0 &&
		    (did = step(r)) != STEP_FAILED) {
			if (did == STEP_STALE) {
				db_rollback(r->db);
				return (STEP_MORE);
			}
			if (db_commit(r->db) == 0)
				return (did);
		}
		db_rollback(r->db);
		/* A lost COMMIT may have been done: the next try reads how far the run is. */
		if (db_error(r->db) != DB_AGAIN && db_error(r->db) != DB_LOST)
			break;
	}
	return (STEP_FAILED);
}

enum bill_step
bill_step(struct bill_run *r, int (*first)(struct bill_run *), enum bill_step (*step)(struct bill_run *))
{

	return (tried(r, false, first, step));
}

enum bill_step
bill_step_committed(struct bill_run *r, int (*first)(struct bill_run *), enum bill_step (*step)(struct bill_run *))
{

	return (tried(r, true, first, step));
}

/* The next step of the run, whatever that is.  *waits: there is none without somebody. */
static enum bill_step
next(struct bill_run *r, bool *waits)
{

	switch (r->phase) {
	case PHASE_open:
		return (bill_rate(r));
	case PHASE_rated:
		return (bill_draft(r));
	case PHASE_approved:
		return (bill_issue(r));
	case PHASE_issued:
		return (bill_settle(r));
	case PHASE_cancelling:
		return (bill_cancel(r));
	case PHASE_checked:
	case PHASE_held:
	case PHASE_settled:
	case PHASE_cancelled:
	case PHASE__MAX:
		break;
	}
	*waits = true;
	return (STEP_END);
}

static enum bill_step
look(struct bill_run *r)
{

	(void)r; /* behind the lock, which has read where the run is */
	return (STEP_END);
}

enum bill_run_end
bill_run_go(struct db *db, struct arena *a, int64_t run, bool (*go_on)(void *), void *ctx)
{
	struct bill_run r = {.db = db, .a = arena_open(), .id = run};
	enum bill_run_end end = BILL_RUN_STOPPED;
	bool waits = false;

	if (query_number_admin(db, a, Q_tenant_root, NULL, 0, &r.root) != 1)
		end = BILL_RUN_FAILED;
	while (end == BILL_RUN_STOPPED && go_on(ctx)) {
		if (bill_step(&r, NULL, look) == STEP_FAILED)
			end = BILL_RUN_FAILED;
		else if (r.paused)
			end = BILL_RUN_WAITS;
		else if (next(&r, &waits) == STEP_FAILED)
			end = BILL_RUN_FAILED;
		else if (waits)
			end = r.phase == PHASE_settled || r.phase == PHASE_cancelled ? BILL_RUN_DONE : BILL_RUN_WAITS;
	}
	arena_close(r.a);
	return (end);
}

/* In one transaction: as bill_run_approve. */
static int64_t
approve(struct db *db, struct arena *a, int64_t run, int64_t account)
{
	static const enum bill_phase ready[] = {PHASE_checked, PHASE_held, PHASE_issued, PHASE_settled};
	const size_t n_waiting = 2; /* of these: a run without a document is done as well */
	struct arg args[] = {int_arg("run", run), text_arg("before", S("draft")), text_arg("state", S("approved")),
	    int_arg("account", account), text_arg("phase", S("approved"))};
	struct bill_run r = {.db = db, .a = a, .id = run};
	int64_t n;

	if (db_begin(db) == -1)
		return (-1);
	if ((n = lock(&r)) != -1) /* the run before its drafts, as its steps do */
		n = query_run_admin(db, a, Q_draft_state, args, 5);
	/* Of a run that is not checked there is nothing to approve; one that issued some goes on with the rest. */
	for (size_t i = 0; i < sizeof(ready) / sizeof(ready[0]) && n != -1; i++) {
		if (n == 0 && (account != 0 || i >= n_waiting))
			continue;
		args[1].v.s = str_of(bill_phases[ready[i]]);
		if (query_run_admin(db, a, Q_bill_run_phase, args, 5) == -1)
			n = -1;
	}
	if (n != -1 && db_commit(db) == 0)
		return (n);
	db_rollback(db);
	return (-1);
}

int64_t
bill_run_approve(struct db *db, struct arena *a, int64_t run, int64_t account)
{
	int64_t n = -1;

	/* Again where another run stood in the way. */
	for (int i = 0; i < TRIES && (n = approve(db, a, run, account)) == -1 && db_error(db) == DB_AGAIN; i++)
		continue;
	return (n);
}

int
bill_run_settle(struct db *db, int64_t run)
{
	struct bill_run r = {.db = db, .a = arena_open(), .id = run};
	enum bill_step did = bill_settle(&r);

	arena_close(r.a);
	return (did == STEP_FAILED ? -1 : 0);
}
