/* New subscriptions: ordered, or in the place of another one as another plan. */
#include "base/date.h"
#include "base/money.h"
#include "core/products.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/subscription_part.h"

struct offered {
	int64_t id, segment_of, sold;
	struct str kind;
};
static const struct col offered_cols[] = {COL_I_(offered, id), COL_I_(offered, segment_of), COL_S_(offered, kind)};
static const struct col sold_cols[] = {COL_I_(offered, sold)};

int
subscription_offered(struct rq *rq, struct subscription_order *o)
{
	const enum action action = rq->action;
	const struct products *kept = rights_products(rq->who.rights, action);
	struct offered found = {.sold = 0};
	int rc = 0;

	arg_int(rq, "offering", o->offering);
	arg_int(rq, "seller", o->who->seller);
	if (o->offering != 0 && may_act(rq->who.rights, ACT_offering_read)) {
		rq->action = ACT_offering_read;
		rc = query_row(rq, Q_offering_to_order, COLS(offered_cols), &found);
		rq->action = action;
	}
	if (rc == 1 && (kept == NULL || products_has(kept, found.segment_of)))
		rc = query_row_system(rq, Q_subscription_sold, COLS(sold_cols), &found);
	if (rc == -1)
		return (-1);
	o->kind = found.kind;
	if (found.sold)
		return (0);
	subscription_wrong(rq, "offering", "unknown", "there is none that can be sold to this account");
	return (-1);
}

static void
set_day(struct rq *rq, const char *name, int64_t day)
{

	if (day == DATE_NONE)
		arg_null(rq, name);
	else
		arg_text(rq, name, date_text(rq->a, day));
}

static void
id_or_null(struct rq *rq, const char *name, int64_t id)
{

	if (id == 0)
		arg_null(rq, name);
	else
		arg_int(rq, name, id);
}

/* What it costs the account, or there would be nothing to bill.  0, or -1 with the problem set. */
static int
find_price(struct rq *rq, const struct subscription_order *o)
{
	const int64_t day = o->free_until != DATE_NONE ? o->free_until : o->starts;
	struct trial t;

	if (query_run_system(rq, Q_trial_mark) == -1)
		return (-1);
	if (bill_trial_price(rq->w->db, rq->a, o->who->id, o->offering, o->quantity, date_text(rq->a, day), &t) == -1) {
		query_failed(rq, "a trial");
		return (-1);
	}
	if (query_run_system(rq, Q_trial_undo) == -1)
		return (-1);
	if (t.unpriced > 0 || t.unit.n == 0)
		subscription_wrong(rq, "offering", "no_price", "it has no price for this account on that day");
	else
		arg_text(rq, "unit_price", t.unit);
	return (rq->problem == P_none ? 0 : -1);
}

int
subscription_add(struct rq *rq, const struct subscription_order *o, int64_t *id)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};

	if (find_price(rq, o) == -1)
		return (-1);
	arg_int(rq, "account", o->who->id);
	arg_int(rq, "offering", o->offering);
	arg_text(rq, "quantity", o->quantity);
	set_day(rq, "starts", o->starts);
	set_day(rq, "ends", o->ends);
	set_day(rq, "free_until", o->free_until);
	set_day(rq, "committed_until", o->committed_until);
	id_or_null(rq, "parent", o->parent);
	id_or_null(rq, "replaces", o->replaces);
	if (o->bundled.n == 0)
		arg_null(rq, "bundled");
	else
		arg_text(rq, "bundled", o->bundled);
	return (query_run_one_system(rq, Q_subscription_insert) == -1 ||
		    query_row_system(rq, Q_subscription_made, COLS(cols), id) != 1
		? -1
		: 0);
}

/* The address of what is answered. */
static void
name_it(struct rq *rq, int64_t id)
{
	struct buf name;

	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_subscription, id, &name);
	rq->id_text = buf_str(&name);
}

/* ---- an order ---- */

struct parent {
	int64_t id, starts, ends;
};
static const struct col parent_cols[] = {COL_I_(parent, id), {"_starts", COL_DATE, offsetof(struct parent, starts)},
    {"_ends", COL_DATE, offsetof(struct parent, ends)}};

/* An add-on lies within what it is added to.  0, or -1 with the problem set. */
static int
check_parent(struct rq *rq, struct subscription_order *o)
{
	struct parent p;
	int rc;

	if (o->parent == 0)
		return (0);
	arg_int(rq, "parent", o->parent);
	arg_int(rq, "account", o->who->id);
	if ((rc = query_row_system(rq, Q_subscription_parent, COLS(parent_cols), &p)) == -1)
		return (-1);
	if (rc == 0)
		subscription_wrong(rq, "addon_of", "unknown", "the account has none that something could be added to");
	else if (o->starts < p.starts || (p.ends != DATE_NONE && o->starts >= p.ends))
		subscription_wrong(rq, "starts", "addon", "what it is added to does not run on that day");
	else if (o->ends == DATE_NONE)
		o->ends = p.ends;
	else if (p.ends != DATE_NONE && o->ends > p.ends)
		subscription_wrong(rq, "ends", "addon", "what it is added to ends before");
	return (rq->problem == P_none ? 0 : -1);
}

/* Days that do not fit each other.  0, or -1 with 422. */
static int
check_days(struct rq *rq, const struct subscription_order *o)
{

	if (o->ends != DATE_NONE && o->ends <= o->starts)
		subscription_wrong(rq, "ends", "order", "it would end before it begins");
	if (o->free_until != DATE_NONE && !str_eqz(o->kind, "recurring"))
		subscription_wrong(rq, "free_until", "kind", "only what recurs can be free for a while");
	else if (o->free_until != DATE_NONE &&
	    (o->free_until <= o->starts || (o->ends != DATE_NONE && o->free_until > o->ends)))
		subscription_wrong(rq, "free_until", "order", "it must lie within the subscription");
	if (o->committed_until != DATE_NONE &&
	    (o->committed_until <= o->starts || (o->ends != DATE_NONE && o->committed_until > o->ends)))
		subscription_wrong(rq, "committed_until", "order", "it must lie within the subscription");
	return (rq->problem == P_none ? 0 : -1);
}

static int
read_order(struct rq *rq, struct subscription_said *said)
{

	if (subscription_read(rq,
		SAYS_account | SAYS_customer | SAYS_offering | SAYS_parent | SAYS_quantity | SAYS_starts | SAYS_ends |
		    SAYS_free_until | SAYS_committed_until | SAYS_preview,
		said) == -1)
		return (-1);
	if (said->account == 0 && said->customer == 0)
		subscription_wrong(rq, "account", "missing", "it is missing");
	if (said->account != 0 && said->customer != 0)
		subscription_wrong(rq, "customer", "both", "it is for an account, or for the only one of a customer");
	if (said->offering == 0)
		subscription_wrong(rq, "offering", "missing", "it is missing");
	if (said->quantity.n == 0)
		subscription_wrong(rq, "quantity", "missing", "it is missing");
	return (rq->problem == P_none ? 0 : -1);
}

/* POST /api/v1/subscriptions {account | customer, offering, quantity, starts, ends, free_until, committed_until,
 * addon_of, preview}  for an account of an own customer. */
int
subscription_order(struct rq *rq)
{
	struct subscription_preview preview;
	struct subscription_said said;
	struct subscriber who;
	struct subscription_order o;
	int64_t id;
	int status;

	if (read_order(rq, &said) == -1 || subscription_account(rq, said.account, said.customer, &who) == -1)
		return (problem_status(rq->problem));
	if (!who.open)
		return (problem(rq, P_conflict, "the account is closed"));
	o = (struct subscription_order){.who = &who,
	    .offering = said.offering,
	    .parent = said.parent,
	    .quantity = said.quantity,
	    .ends = said.ends,
	    .free_until = said.free_until,
	    .committed_until = said.committed_until};
	if ((o.starts = subscription_day(rq, &who, "starts", &said, DATE_NONE)) == DATE_NONE ||
	    subscription_offered(rq, &o) == -1 || check_parent(rq, &o) == -1 || check_days(rq, &o) == -1 ||
	    (said.preview && subscription_preview_begin(rq, &who, o.starts, &preview) == -1) ||
	    subscription_add(rq, &o, &id) == -1 ||
	    subscribe_note(rq, id, "ordered", o.starts, o.quantity, o.ends, false) == -1 ||
	    subscription_add_parts(rq, &o, id) == -1)
		return (problem_status(rq->problem));
	name_it(rq, id);
	rq->audit_detail = arena_printf(rq->a, "from %.*s", STR_ARG(date_text(rq->a, o.starts)));
	status = subscription_changed(rq, id, said.preview ? &preview : NULL);
	return (status == 200 && !said.preview ? 201 : status);
}

/* ---- another plan ---- */

/* The new one begins as the old one ends, with what holds it.  0 and its id, or -1 with the problem set. */
static int
replace(struct rq *rq, const struct subscription_subject *s, const struct subscription_order *o, int64_t *id)
{

	if (subscription_add(rq, o, id) == -1)
		return (-1);
	arg_int(rq, "id", *id);
	arg_int(rq, "subscription", s->id);
	set_day(rq, "from", o->starts);
	set_day(rq, "ends", o->starts);
	if (query_run_system(rq, Q_subscription_adopt) == -1 || query_run_system(rq, Q_subscription_end) == -1 ||
	    subscribe_note(rq, s->id, "replaced", o->starts, S(""), o->starts, false) == -1)
		return (-1);
	if (subscribe_note(rq, *id, "ordered", o->starts, o->quantity, o->ends, false) == -1)
		return (-1);
	return (subscription_add_parts(rq, o, *id));
}

static int64_t
later(int64_t day, int64_t than)
{

	return (day == DATE_NONE || day <= than ? DATE_NONE : day);
}

/* May it be another plan from that day on?  0, or -1 with the problem set. */
static int
check_change(struct rq *rq, const struct subscription_subject *s, const struct subscribed *now,
    const struct subscription_order *o)
{

	if (!s->who.open)
		problem(rq, P_conflict, "the account is closed");
	else if (!str_eqz(s->kind, "recurring") || !str_eqz(o->kind, "recurring"))
		subscription_wrong(rq, "offering", "kind", "a plan is changed from what recurs to what recurs");
	else if (o->offering == s->offering)
		subscription_wrong(rq, "offering", "same", "it is that one already");
	else if (now->suspended)
		subscription_wrong(rq, "from", "suspended", "it is suspended on that day: resume it first");
	return (rq->problem == P_none ? 0 : -1);
}

/* POST /api/v1/subscriptions/:id/change {offering, quantity, from, preview}  ends it and begins the other one on that day;
 * answers the other one. */
int
subscription_replace(struct rq *rq)
{
	struct subscription_preview preview;
	struct subscription_subject s;
	struct subscription_said said;
	struct subscribed now;
	struct subscription_order o;
	int64_t id, from;

	if (subscription_read(rq, SAYS_offering | SAYS_quantity | SAYS_from | SAYS_preview, &said) == -1 ||
	    subscription_subject(rq, &s) == -1 || (from = subscription_from(rq, &s, "from", &said)) == DATE_NONE ||
	    subscribe_on(rq, s.id, from, &now) == -1)
		return (problem_status(rq->problem));
	o = (struct subscription_order){.who = &s.who,
	    .offering = said.offering,
	    .parent = s.parent,
	    .replaces = s.id,
	    .quantity = said.quantity.n > 0 ? said.quantity : now.quantity,
	    .starts = from,
	    .ends = s.ends,
	    .free_until = later(s.free_until, from),
	    .committed_until = later(s.committed_until, from)};
	if (subscription_offered(rq, &o) == -1 || check_change(rq, &s, &now, &o) == -1 ||
	    (said.preview && subscription_preview_begin(rq, &s.who, from, &preview) == -1) ||
	    replace(rq, &s, &o, &id) == -1)
		return (problem_status(rq->problem));
	if (!said.preview)
		name_it(rq, id);
	rq->audit_detail = arena_printf(rq->a, "plan from %.*s", STR_ARG(date_text(rq->a, from)));
	return (subscription_changed(rq, id, said.preview ? &preview : NULL));
}
