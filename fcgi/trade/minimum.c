/*
 * The second opinion on minimums: which one counts for an account, what it was charged, charge by charge, and what is missing.
 *
 * What other runs of the period charged is known, but not in which order they and this one came: where there is any, what the run
 * says that it found must lie between its own charges and all of them.
 */
#include "trade/minimum.h"

#include "base/date.h"
#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"

/* A minimum that an account could have. */
struct least {
	int64_t id, amount; /* id 0: none */
	bool own, live;
};

struct verify {
	int64_t account; /* whose charges these are; 0: nobody's yet */
	bool able, trouble;
	struct least of, wins; /* the one whose rows come, and the one that counts so far */
	__int128 here, others,
	    topped; /* of the run without what it topped up, of other runs, and what this one topped up */
	bool topped_before;
	int64_t charged, by; /* as the run says; charged -1: it says nothing */
	int64_t differ;
};

static void
differs(struct verify *y, const char *what)
{

	log_error("minimum", "account %lld: %s", (long long)y->account, what);
	y->differ++;
}

/* All charges of the account are known. */
static void
check_account(struct verify *y)
{
	const struct least *m = &y->wins;
	const bool missing = y->charged != -1;

	if (y->account == 0)
		return;
	if (!missing) {
		if (y->topped != 0)
			differs(y, "it is topped up, and nobody knows why");
		else if (m->id != 0 && y->able && !y->topped_before && y->here + y->others < m->amount)
			differs(y, "it is charged less than its minimum");
		return;
	}
	if (m->id != y->by || !y->able)
		differs(y, "another minimum counts, or none");
	else if (y->charged < y->here || y->charged > y->here + y->others)
		differs(y, "it was charged something else");
	else if (y->topped_before || m->amount <= y->charged)
		differs(y, "nothing is missing to its minimum");
	else if (y->topped != (y->trouble ? 0 : m->amount - y->charged))
		differs(y, "something else is missing to its minimum");
}

static int64_t
day(const struct db_val *v)
{
	int64_t d = 0;

	if (date_parse(v->s, &d) == -1)
		log_error("minimum", "%.*s is no day", STR_ARG(v->s));
	return (d);
}

/* Another minimum of the same account: its charges come anew. */
static void
begin_minimum(struct verify *y, const struct db_val *v)
{
	const int64_t on = day(&v[6]);

	y->of = (struct least){v[1].i, v[3].i, v[2].i != 0, day(&v[4]) <= on && on < day(&v[5])};
	if (y->of.live && (y->wins.id == 0 || (y->of.own && !y->wins.own)))
		y->wins = y->of;
	y->here = y->others = y->topped = 0;
	y->topped_before = false;
}

/* _account, _minimum, _own, _amount, _starts, _ends, _day, _able, _net, _of_run, _topped, _charged, _by, _trouble */
static int
take_line(void *ctx, const struct db_val *v)
{
	struct verify *y = ctx;

	if (y->account != v[0].i) {
		check_account(y);
		*y = (struct verify){.account = v[0].i,
		    .able = v[7].i != 0,
		    .charged = v[11].i,
		    .by = v[12].i,
		    .trouble = v[13].i != 0,
		    .differ = y->differ};
	}
	if (y->of.id != v[1].i)
		begin_minimum(y, v);
	if (v[9].i == 0) {
		y->others += v[8].i;
		y->topped_before = y->topped_before || v[10].i != 0;
	} else if (v[10].i != 0)
		y->topped += v[8].i;
	else
		y->here += v[8].i;
	return (0);
}

int64_t
minimum_verify(struct db *db, struct arena *a, int64_t run)
{
	const struct arg of = int_arg("run", run);
	struct verify y = {0};
	int64_t any = 0;

	if (query_number_admin(db, a, Q_minimum_there_is, &of, 1, &any) == -1)
		return (-1);
	if (any == 0)
		return (0);
	if (query_each_admin(db, a, Q_minimum_lines, &of, 1, take_line, &y) == -1)
		return (-1);
	check_account(&y);
	return (y.differ);
}
