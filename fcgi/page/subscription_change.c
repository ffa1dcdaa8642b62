/* Changes of a subscription, each from a day on that is not billed yet. */
#include "base/date.h"
#include "core/query.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/subscription_part.h"
#include "trade/early_end.h"

/* One change that is asked for. */
struct change {
	struct subscription_subject s;
	struct subscription_said said;
	struct subscription_preview preview;
	struct subscribed now; /* on the day */
	int64_t from;
};

static int
finish(struct rq *rq, struct change *c, const char *what)
{

	rq->audit_detail = arena_printf(rq->a, "%s from %.*s", what, STR_ARG(date_text(rq->a, c->from)));
	return (subscription_changed(rq, c->s.id, c->said.preview ? &c->preview : NULL));
}

/* What the money is before; with a preview alone.  0, or -1 with the problem set. */
static int
before(struct rq *rq, struct change *c)
{

	return (c->said.preview ? subscription_preview_begin(rq, &c->s.who, c->from, &c->preview) : 0);
}

/* ---- how many: also none, for a while ---- */

/* The day, and how many there are on it.  0, or -1 with the problem set. */
static int
begin_quantity(struct rq *rq, struct change *c, unsigned more)
{

	if (subscription_read(rq, SAYS_from | SAYS_preview | more, &c->said) == -1 ||
	    subscription_subject(rq, &c->s) == -1)
		return (-1);
	if ((c->from = subscription_from(rq, &c->s, "from", &c->said)) == DATE_NONE)
		return (-1);
	if (!str_eqz(c->s.kind, "recurring")) {
		problem(rq, P_conflict, "only what recurs can be changed");
		return (-1);
	}
	return (subscribe_on(rq, c->s.id, c->from, &c->now));
}

static int
set_quantity(struct rq *rq, struct change *c, const char *kind, struct str quantity, struct str told)
{

	if (before(rq, c) == -1 || subscribe_quantity(rq, c->s.id, c->from, quantity) == -1 ||
	    subscribe_note(rq, c->s.id, kind, c->from, told, DATE_NONE, false) == -1 ||
	    subscription_follow(rq, c->s.id, c->from, quantity, kind, told.n > 0) == -1)
		return (problem_status(rq->problem));
	return (finish(rq, c, kind));
}

/* PATCH /api/v1/subscriptions/:id {quantity, from, preview}  so many from that day on. */
int
subscription_patch(struct rq *rq)
{
	struct change c;

	if (begin_quantity(rq, &c, SAYS_quantity) == -1)
		return (problem_status(rq->problem));
	if (c.said.quantity.n == 0)
		subscription_wrong(rq, "quantity", "missing", "it is missing");
	if (c.now.suspended)
		subscription_wrong(rq, "from", "suspended", "it is suspended on that day: resume it first");
	if (rq->problem != P_none)
		return (problem_status(rq->problem));
	return (set_quantity(rq, &c, "quantity", c.said.quantity, c.said.quantity));
}

/* POST /api/v1/subscriptions/:id/suspend {from, preview}  not billed from that day on, until it is resumed. */
int
subscription_suspend(struct rq *rq)
{
	struct change c;

	if (begin_quantity(rq, &c, 0) == -1)
		return (problem_status(rq->problem));
	if (c.now.suspended)
		return (problem(rq, P_conflict, "it is suspended on that day already"));
	return (set_quantity(rq, &c, "suspended", S("0"), S("")));
}

/* POST /api/v1/subscriptions/:id/resume {from, preview}  with as many as there were. */
int
subscription_resume(struct rq *rq)
{
	struct change c;

	if (begin_quantity(rq, &c, 0) == -1)
		return (problem_status(rq->problem));
	if (!c.now.suspended)
		return (problem(rq, P_conflict, "it is not suspended on that day"));
	return (set_quantity(rq, &c, "resumed", c.now.resumes, c.now.resumes));
}

/* ---- its end ---- */

struct commitment {
	struct str until;
};
static const struct col commitment_cols[] = {COL_S_(commitment, until)};

/* Is it, or an add-on of it, held behind that day, and nobody says that this is meant?  0, or -1 with the problem set. */
static int
check_commitment(struct rq *rq, const struct change *c, bool *early)
{
	struct commitment held = {{NULL, 0}};

	arg_int(rq, "subscription", c->s.id);
	arg_text(rq, "ends", date_text(rq->a, c->from));
	if (query_row_system(rq, Q_subscription_committed, COLS(commitment_cols), &held) == -1)
		return (-1);
	*early = held.until.n > 0;
	if (*early && !c->said.early)
		problem_field(rq, P_invalid, S("/ends"), "committed",
		    "it is committed until %.*s: say \"early\": true to end it before", STR_ARG(held.until));
	return (rq->problem == P_none ? 0 : -1);
}

/* POST /api/v1/subscriptions/:id/end {ends, early, preview}  with its add-ons; before its first day it never was. */
int
subscription_end(struct rq *rq)
{
	struct change c;
	bool early;

	if (subscription_read(rq, SAYS_ends | SAYS_early | SAYS_preview, &c.said) == -1 ||
	    subscription_subject(rq, &c.s) == -1 ||
	    (c.from = subscription_from(rq, &c.s, "ends", &c.said)) == DATE_NONE ||
	    check_commitment(rq, &c, &early) == -1 || before(rq, &c) == -1 ||
	    query_run_system(rq, Q_subscription_end) == -1 || early_end(rq, &c.s.who, c.s.id, c.from) == -1 ||
	    subscribe_note(rq, c.s.id, "ended", c.from, S(""), c.from, early) == -1)
		return (problem_status(rq->problem));
	c.preview.early = early;
	return (finish(rq, &c, early ? "ended early" : "ended"));
}

/* May it go on?  0, or -1 with the problem set. */
static int
check_renewal(struct rq *rq, const struct change *c)
{
	const struct subscription_subject *s = &c->s;

	if (!c->said.ends_said)
		subscription_wrong(rq, "ends", "missing", "say the new end, or null for none");
	else if (!s->who.open)
		problem(rq, P_conflict, "the account is closed");
	else if (s->ends == DATE_NONE)
		problem(rq, P_conflict, "it has no end");
	else if (s->replaced)
		problem(rq, P_conflict, "another one has taken its place");
	else if (s->ends < s->who.first)
		problem(rq, P_conflict, "days behind its end are billed already: order it anew");
	else if (c->said.ends != DATE_NONE && c->said.ends <= s->ends)
		subscription_wrong(rq, "ends", "order", "it must be later than now");
	else if (s->parent_ends != DATE_NONE && (c->said.ends == DATE_NONE || c->said.ends > s->parent_ends))
		subscription_wrong(rq, "ends", "addon", "what it is added to ends before");
	return (rq->problem == P_none ? 0 : -1);
}

/* POST /api/v1/subscriptions/:id/renew {ends, preview}  a later end; null: none. */
int
subscription_renew(struct rq *rq)
{
	struct change c;

	if (subscription_read(rq, SAYS_ends | SAYS_preview, &c.said) == -1 || subscription_subject(rq, &c.s) == -1 ||
	    check_renewal(rq, &c) == -1)
		return (problem_status(rq->problem));
	c.from = c.s.ends;
	arg_int(rq, "subscription", c.s.id);
	if (c.said.ends == DATE_NONE)
		arg_null(rq, "ends");
	else
		arg_text(rq, "ends", date_text(rq->a, c.said.ends));
	arg_text(rq, "was", date_text(rq->a, c.s.ends));
	if (before(rq, &c) == -1 || query_run_one_system(rq, Q_subscription_renew) == -1 ||
	    query_run_system(rq, Q_subscription_renew_parts) == -1 ||
	    early_end(rq, &c.s.who, c.s.id, c.said.ends) == -1 ||
	    subscribe_note(rq, c.s.id, "renewed", c.from, S(""), c.said.ends, false) == -1)
		return (problem_status(rq->problem));
	return (finish(rq, &c, "renewed"));
}
