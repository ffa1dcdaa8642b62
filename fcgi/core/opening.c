#include "core/opening.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/date.h"
#include "base/log.h"
#include "core/admin_query.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"

#define KEPT 1024 /* of a thread; a power of two */
#define DAY_S 86400

/* The statement that notes each: a customer's resource without one does not compile.  The list of openings is none,
 * and usage and alerts are shown by lists alone. */
enum { Q_opening_opening = QUERY__MAX, Q_opening_usage = QUERY__MAX, Q_opening_alert = QUERY__MAX };
#define NOTE_true(res) (int)Q_opening_##res
#define NOTE_false(res) (int)QUERY__MAX
static const struct {
	bool known;
	int note; /* QUERY__MAX: none */
} kinds[RES__MAX] = {
#define CUSTOMERS(res, segmented) [RES_##res] = {true, NOTE_##segmented(res)},
#include "schema/access.def"
};

/* The public id says what kind it is too, and is only unsealed for what was not noted before. */
struct opened {
	int64_t user, as, day; /* user 0: nothing */
	char id[SEAL_TEXT];
};

struct openings {
	struct opened kept[KEPT]; /* each in the place of its hash; a later one takes it */
};

struct openings *
openings_open(void)
{
	struct openings *o = calloc(1, sizeof(*o));

	if (o == NULL)
		abort();
	return (o);
}

void
openings_close(struct openings *o)
{

	free(o);
}

bool
opening_of(enum action a)
{

	const enum resource res = a < ACT__MAX ? access_actions[a].resource : RES_tenant;

	return (kinds[res].known && kinds[res].note != QUERY__MAX);
}

static struct opened *
place_of(struct openings *o, const struct opened *what)
{
	uint64_t h; /* of the id: what is encrypted is as good as random */

	memcpy(&h, what->id + sizeof(what->id) - sizeof(h), sizeof(h));
	h ^= (uint64_t)what->user * 0x9e3779b97f4a7c15u ^ (uint64_t)what->as * 0xbf58476d1ce4e5b9u;
	return (&o->kept[(h ^ h >> 32) * 0x9e3779b97f4a7c15u >> 54]);
}
_Static_assert(KEPT == 1 << (64 - 54), "place_of takes the uppermost bits");

static bool
same(const struct opened *a, const struct opened *b)
{

	return (a->user == b->user && a->as == b->as && a->day == b->day && memcmp(a->id, b->id, sizeof(a->id)) == 0);
}

/* 0, or -1 with a problem: 503 whatever it was that failed, for the answer does not go out; and 500 where the route takes
 * the id of something else than its action is about, which is a programmer's error. */
static int
note(struct rq *rq, const struct opened *what, const char *did)
{
	const enum resource kind = access_actions[rq->action].resource;
	int64_t object;

	if (seal_id_open(rq->w->key, kind, (struct str){what->id, sizeof(what->id)}, &object) == -1) {
		log_error("opening", "%s: the id is of something else", access_actions[rq->action].name);
		problem(rq, P_internal, "%s", "");
		return (-1);
	}
	arg_int(rq, "viewer", what->user);
	arg_int(rq, "as_user", what->as);
	arg_int(rq, "object", object);
	arg_text(rq, "did", str_of(did));
	if (query_run_system(rq, (enum query)kinds[kind].note) != -1)
		return (0);
	if (problem_status(rq->problem) != 503) {
		rq->problem = P_none;
		rq->problem_detail = S("");
		problem(
		    rq, P_no_database, "who opens this must be noted, and could not be; try again in a few seconds");
	}
	return (-1);
}

/* Who has what in hands: whoever looks as somebody else does it, and not the other. */
static struct opened
what_is(const struct rq *rq)
{
	const struct viewer *viewer = &rq->who.viewer;
	struct opened what = {.user = viewer->view != 0 ? viewer->id : rq->who.id,
	    .as = viewer->view != 0 ? viewer->as : 0,
	    .day = date_now() / DAY_S};

	if (rq->id_text.n == sizeof(what.id))
		memcpy(what.id, rq->id_text.p, sizeof(what.id));
	return (what);
}

/* Does the scope reach nothing but the own customer?  Most requests end here. */
static bool
is_own(const struct rq *rq)
{
	const enum scope scope = (enum scope)rq->who.rights->scope[rq->action];

	return (
	    rq->who.viewer.view == 0 && (scope == SCOPE_customer || (scope == SCOPE_family && !rq->who.group_head)));
}

int
opening_read(struct rq *rq)
{
	struct opened what, *kept;

	if (is_own(rq))
		return (0);
	what = what_is(rq);
	kept = place_of(rq->w->openings, &what);
	if (same(kept, &what))
		return (0);
	if (note(rq, &what, "opened") == -1)
		return (-1);
	*kept = what;
	return (0);
}

int
opening_changed(struct rq *rq)
{
	struct opened what;

	if (is_own(rq))
		return (0);
	what = what_is(rq);
	return (note(rq, &what, "changed")); /* not kept: the transaction may still come to nothing */
}

int64_t
opening_sweep(struct db *db, struct arena *a)
{
	const struct arg days = int_arg("days", conf_int(CONF_openings_kept));

	if (days.v.i < 1) {
		log_error("sweep", "openings_kept = %lld: nothing is taken away", (long long)days.v.i);
		return (-1);
	}
	return (query_run_admin(db, a, Q_opening_sweep, &days, 1));
}
