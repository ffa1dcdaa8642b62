#include <stdlib.h>

#include "base/date.h"
#include "base/log.h"
#include "base/zone.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "trade/usage_part.h"

#define SLOTS (4 * LINES_SET) /* of the table of pairs; more than twice as many as there can be */
#define SOLD_MAX 100000       /* subscriptions of one set; an account has a few of an offering */
#define SECOND 1000000
#define JSON_MAX ((size_t)2 * 1024 * 1024)
#define SOURCES_MAX 20 /* of one set */

/* An account and an offering as lines name them. */
struct pair {
	struct str account, offering;
	int64_t id;                    /* of the account, where it is named by that; else 0 */
	const struct usage_sold *sold; /* the first of n */
	size_t n;
	int64_t accounts, closed; /* of that name in scope; how many of them are closed */
	bool looked, offered;
	const struct zone *zone;
};

struct pairs {
	struct pair **list; /* in the order of their numbers, which begin with 1 */
	size_t n;
};

struct resolve {
	struct rq *rq;
	struct pair *slots[SLOTS];
	struct pairs by[2]; /* [0] by number, [1] by id */
};

static size_t
hash(struct str a, struct str b)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < a.n; i++)
		h = (h ^ (unsigned char)a.p[i]) * 0x100000001b3u;
	h = (h ^ 0xff) * 0x100000001b3u;
	for (size_t i = 0; i < b.n; i++)
		h = (h ^ (unsigned char)b.p[i]) * 0x100000001b3u;
	return ((size_t)(h ^ h >> 32));
}

static struct pair *
pair_of(struct resolve *r, const struct usage_line *l)
{
	const struct str account = l->members[USAGE_M_account], offering = l->members[USAGE_M_offering];
	size_t at = hash(account, offering) % SLOTS;
	struct pairs *to;
	struct pair *p;

	for (; (p = r->slots[at]) != NULL; at = (at + 1) % SLOTS)
		if (str_eq(p->account, account) && str_eq(p->offering, offering))
			return (p);
	p = r->slots[at] = arena_zero(r->rq->a, 1, sizeof(*p));
	p->account = account;
	p->offering = offering;
	if (seal_id_open(r->rq->w->key, RES_account, account, &p->id) == -1)
		p->id = 0;
	to = &r->by[p->id != 0];
	to->list[to->n++] = p;
	return (p);
}

/* [["A-1","CPAP-H"],...], with ids as numbers. */
static int
write_pairs(struct resolve *r, const struct pairs *of)
{
	struct buf b;

	buf_init(&b, r->rq->a, JSON_MAX);
	for (size_t i = 0; i < of->n; i++) {
		buf_addz(&b, i == 0 ? "[[" : ",[");
		if (of->list[i]->id != 0)
			buf_int(&b, of->list[i]->id);
		else
			json_str(&b, of->list[i]->account);
		buf_char(&b, ',');
		json_str(&b, of->list[i]->offering);
		buf_char(&b, ']');
	}
	buf_char(&b, ']');
	arg_text(r->rq, "pairs", buf_str(&b));
	return (buf_failed(&b) ? problem(r->rq, P_internal, "%s", ""), -1 : 0);
}

static const struct col sold_cols[] = {COL_I_(usage_sold, n), COL_I_(usage_sold, tenant), COL_I_(usage_sold, segment),
    COL_I_(usage_sold, agent), COL_I_(usage_sold, product), COL_I_(usage_sold, account), COL_I_(usage_sold, offering),
    COL_I_(usage_sold, customer), COL_I_(usage_sold, family), COL_I_(usage_sold, closed), COL_I_(usage_sold, varies),
    {"_starts", COL_DATE, offsetof(struct usage_sold, starts)}, {"_ends", COL_DATE, offsetof(struct usage_sold, ends)},
    COL_S_(usage_sold, zone)};

/* What the accounts have. */
static int
load_sold(struct resolve *r, const struct pairs *of, enum query q)
{
	struct usage_sold *rows;
	int64_t n;
	void *p;

	if (of->n == 0)
		return (0);
	if (write_pairs(r, of) == -1 || (n = query_rows(r->rq, q, COLS(sold_cols), sizeof(*rows), SOLD_MAX, &p)) == -1)
		return (-1);
	rows = p;
	for (int64_t i = 0; i < n; i++) {
		struct pair *to = of->list[rows[i].n - 1];

		if (to->n++ == 0)
			to->sold = &rows[i];
	}
	return (0);
}

struct known {
	int64_t n, closed;
};
static const struct col known_cols[] = {COL_I_(known, n), COL_I_(known, closed)};
static const struct col offered_cols[] = {COL_I_(known, n)};

/* Why nothing was found, or whether a number means several. */
static int
load_known(struct resolve *r, const struct pairs *of, enum query q)
{
	struct known *rows;
	int64_t n;
	void *p;

	if (of->n == 0)
		return (0);
	if (write_pairs(r, of) == -1 || (n = query_rows(r->rq, q, COLS(known_cols), sizeof(*rows), SOLD_MAX, &p)) == -1)
		return (-1);
	rows = p;
	for (int64_t i = 0; i < n; i++) {
		of->list[rows[i].n - 1]->accounts++;
		of->list[rows[i].n - 1]->closed += rows[i].closed;
	}
	n = query_rows_system(r->rq, Q_usage_offered, COLS(offered_cols), sizeof(*rows), LINES_SET, &p);
	if (n == -1)
		return (-1);
	rows = p;
	for (int64_t i = 0; i < n; i++)
		of->list[rows[i].n - 1]->offered = true;
	for (size_t i = 0; i < of->n; i++)
		of->list[i]->looked = true;
	return (0);
}

/* Are there any that found nothing?  Where rows of several houses are in scope, numbers may mean several accounts. */
static bool
must_look(const struct resolve *r, const struct pairs *of)
{

	if (of->n > 0 && of->list[0]->id == 0 && r->rq->who.rights->scope[r->rq->action] == SCOPE_all)
		return (true);
	for (size_t i = 0; i < of->n; i++)
		if (of->list[i]->n == 0)
			return (true);
	return (false);
}

/* The zone of each pair; few differ.  0, or -1 with the problem set. */
static int
load_zones(struct resolve *r, const struct pairs *of)
{
	const struct pair *last = NULL;
	const char *wrong;

	for (size_t i = 0; i < of->n; i++) {
		struct pair *p = of->list[i];

		if (p->n == 0)
			continue;
		if (last != NULL && str_eq(last->sold->zone, p->sold->zone)) {
			p->zone = last->zone;
		} else if ((p->zone = zone_load(r->rq->a, p->sold->zone, &wrong)) == NULL) {
			log_error("zone", "%.*s: %s", STR_ARG(p->sold->zone), wrong);
			problem(r->rq, P_internal, "%s", "");
			return (-1);
		}
		last = p;
	}
	return (0);
}

/* Why a pair gives nothing on any day. */
static enum usage_reason
nothing(const struct pair *p)
{

	if (p->looked && p->accounts == 0)
		return (USAGE_unknown_account);
	if (p->looked && p->accounts > 1)
		return (USAGE_ambiguous_account);
	if (p->n > 0)
		return (USAGE_good);
	if (p->closed > 0)
		return (USAGE_closed_account);
	return (p->offered ? USAGE_no_subscription : USAGE_unknown_offering);
}

static void
decide(struct usage_line *l, const struct pair *p)
{

	if ((l->reason = nothing(p)) != USAGE_good)
		return;
	l->day = zone_clock(p->zone, l->at / SECOND, &l->minute);
	l->sold = p->sold;
	for (size_t i = 0; i < p->n; i++) {
		const struct usage_sold *s = &p->sold[i];

		if (s->account != p->sold->account)
			l->reason = USAGE_ambiguous_account;
		if (s->closed || l->reason != USAGE_good || l->day < s->starts ||
		    (s->ends != DATE_NONE && l->day >= s->ends))
			continue;
		l->sold = s;
		return;
	}
	if (l->reason == USAGE_good)
		l->reason = p->sold->closed ? USAGE_closed_account : USAGE_no_subscription;
}

int
usage_resolve(struct rq *rq, struct usage_line *lines, size_t n)
{
	struct resolve *r = arena_zero(rq->a, 1, sizeof(*r));
	struct pair **of = arena_zero(rq->a, n, sizeof(*of)); /* each line's */

	r->rq = rq;
	for (int i = 0; i < 2; i++)
		r->by[i].list = arena_alloc(rq->a, (n + 1) * sizeof(*r->by[i].list));
	for (size_t i = 0; i < n; i++)
		if (lines[i].reason == USAGE_good)
			of[i] = pair_of(r, &lines[i]);
	if (load_sold(r, &r->by[0], Q_usage_sold) == -1 || load_sold(r, &r->by[1], Q_usage_sold_id) == -1 ||
	    (must_look(r, &r->by[0]) && load_known(r, &r->by[0], Q_account_known) == -1) ||
	    (must_look(r, &r->by[1]) && load_known(r, &r->by[1], Q_account_known_id) == -1) ||
	    load_zones(r, &r->by[0]) == -1 || load_zones(r, &r->by[1]) == -1)
		return (-1);
	for (size_t i = 0; i < n; i++)
		if (of[i] != NULL)
			decide(&lines[i], of[i]);
	return (usage_vary(rq, lines, n));
}

struct source {
	int64_t id, waiting;
	struct str code;
};
static const struct col source_cols[] = {COL_I_(source, id), COL_I_(source, waiting)};

/* The row of a source, made where there is none.  0, or -1 with the problem set. */
static int
load_source(struct rq *rq, struct source *s)
{
	int rc;

	arg_text(rq, "code", s->code);
	if ((rc = query_row_system(rq, Q_usage_source, COLS(source_cols), s)) != 0)
		return (rc == 1 ? 0 : -1);
	if (query_run_system(rq, Q_usage_source_add) == -1 ||
	    (rc = query_row_system(rq, Q_usage_source, COLS(source_cols), s)) == -1)
		return (-1);
	if (rc == 1)
		return (0);
	rq->again = true; /* somebody else made it, and this transaction cannot see it */
	problem(rq, P_busy, "others are changing the same rows; try again");
	return (-1);
}

static bool
may_be_source(const struct usage_line *l)
{

	return (l->reason != USAGE_source && l->reason != USAGE_malformed && l->reason != USAGE_member &&
	    l->members[USAGE_M_source].n > 0 && l->members[USAGE_M_source].n <= 40);
}

int
usage_sources(struct rq *rq, struct usage_line *lines, size_t n, bool *waiting)
{
	struct source *known = arena_zero(rq->a, SOURCES_MAX, sizeof(*known));
	size_t n_known = 0, s;

	*waiting = false;
	for (size_t i = 0; i < n; i++) {
		if (!may_be_source(&lines[i]))
			continue;
		for (s = 0; s < n_known && !str_eq(known[s].code, lines[i].members[USAGE_M_source]); s++)
			continue;
		if (s == SOURCES_MAX) {
			lines[i].reason = USAGE_source; /* a program that calls each event a source of its own */
			continue;
		}
		if (s == n_known) {
			known[s].code = lines[i].members[USAGE_M_source];
			if (load_source(rq, &known[s]) == -1)
				return (-1);
			n_known++;
		}
		lines[i].source_id = known[s].id;
		*waiting = *waiting || known[s].waiting;
	}
	return (0);
}
