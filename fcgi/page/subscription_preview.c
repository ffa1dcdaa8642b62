/* What a change of a subscription comes to on both sides, before it is made: by the statements of a bill run, as things are
 * and as they would be, in a transaction that is undone. */
#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/price_part.h"
#include "page/subscription_part.h"
#include "trade/period.h"

static int
try(struct rq *rq, const struct subscription_preview *p, size_t i, struct trial *t)
{

	if (bill_trial_period(rq->w->db, rq->a, p->who->id, p->periods[i].starts, p->periods[i].ends, t) == 0)
		return (0);
	query_failed(rq, "a trial");
	return (-1);
}

int
subscription_preview_begin(struct rq *rq, const struct subscriber *who, int64_t from, struct subscription_preview *p)
{
	int64_t starts, ends, day = from;

	*p = (struct subscription_preview){.who = who, .from = from};
	for (size_t i = 0; i < PREVIEW_PERIODS; i++, day = ends) {
		period_of((int)who->cycle_day, day, &starts, &ends);
		p->periods[i].starts = date_text(rq->a, starts);
		p->periods[i].ends = date_text(rq->a, ends);
		if (try(rq, p, i, &p->periods[i].before) == -1)
			return (-1);
	}
	return (0);
}

static void
write_both(struct rq *rq, const struct subscription_preview *p, enum field f, int64_t before, int64_t after)
{

	if (!may_read(rq->who.rights, f))
		return;
	json_name(&rq->out, access_fields[f].name);
	buf_char(&rq->out, '{');
	money_member(&rq->out, "before", before, p->who->currency);
	money_member(&rq->out, "after", after, p->who->currency);
	buf_char(&rq->out, '}');
}

static bool
told_before(const struct trial *t, const struct trial_rate *r)
{

	for (size_t i = 0; i < t->n_rates; i++)
		if (str_eq(t->rates[i].from_currency, r->from_currency) && str_eq(t->rates[i].day, r->day) &&
		    str_eq(t->rates[i].rate, r->rate) && str_eq(t->rates[i].source, r->source))
			return (true);
	return (false);
}

static void
write_rate(struct buf *b, const struct trial_rate *r, bool first)
{

	buf_addz(b, first ? "{" : ",{");
	json_text(b, "currency", r->from_currency);
	json_text(b, "worth_in", r->to_currency);
	price_number(b, "rate", r->rate);
	json_text(b, "day", r->day);
	json_text(b, "source", r->source);
	buf_char(b, '}');
}

/* At which rates what who sells buys in another currency was converted, as it is and as it would be. */
static void
write_rates(struct rq *rq, const struct trial *was, const struct trial *is)
{
	bool first = true;

	if (was->n_rates + is->n_rates == 0 || !may_read(rq->who.rights, FLD_subscription_rates))
		return;
	json_name(&rq->out, "rates");
	buf_char(&rq->out, '[');
	for (size_t i = 0; i < was->n_rates; i++, first = false)
		write_rate(&rq->out, &was->rates[i], first);
	for (size_t i = 0; i < is->n_rates; i++)
		if (!told_before(was, &is->rates[i])) {
			write_rate(&rq->out, &is->rates[i], first);
			first = false;
		}
	buf_char(&rq->out, ']');
}

/* The root buys from nobody here; and what cannot be converted is not told as if it could. */
static void
write_cost(struct rq *rq, const struct subscription_preview *p, const struct trial *was, const struct trial *is)
{

	if (p->who->level == 0)
		return;
	if (was->unconverted + is->unconverted > 0) {
		if (may_read(rq->who.rights, FLD_subscription_cost))
			buf_addz(&rq->out, ",\"unconverted\":true");
		return;
	}
	write_both(rq, p, FLD_subscription_cost, was->cost, is->cost);
	write_both(rq, p, FLD_subscription_margin, was->charged - was->cost, is->charged - is->cost);
	write_rates(rq, was, is);
}

/* What is owed of the commitments that end, which is in the sums of the period too.  0, or -1 with the problem set. */
static int
write_early(struct rq *rq, const struct subscription_preview *p)
{
	struct buf *b = &rq->out;
	struct trial t;

	if (!p->early)
		return (0);
	if (bill_trial_early(rq->w->db, rq->a, p->who->id, p->periods[0].starts, p->periods[0].ends, &t) == -1) {
		query_failed(rq, "a trial");
		return (-1);
	}
	buf_addz(b, ",\"early\":{");
	if (may_read(rq->who.rights, FLD_subscription_charged))
		money_member(b, "charged", t.charged, p->who->currency);
	if (p->who->level > 0 && may_read(rq->who.rights, FLD_subscription_cost))
		money_member(b, "cost", t.cost, p->who->currency);
	buf_char(b, '}');
	return (0);
}

int
subscription_preview_end(struct rq *rq, struct subscription_preview *p)
{
	struct buf *b = &rq->out;
	bool unpriced = false;

	for (size_t i = 0; i < PREVIEW_PERIODS; i++) {
		if (try(rq, p, i, &p->periods[i].after) == -1)
			return (problem_status(rq->problem));
		unpriced = unpriced || p->periods[i].after.unpriced > 0;
	}
	buf_clear(b);
	buf_printf(b, "{\"from\":\"%.*s\",\"unpriced\":%s,\"periods\":[", STR_ARG(date_text(rq->a, p->from)),
	    unpriced ? "true" : "false");
	for (size_t i = 0; i < PREVIEW_PERIODS; i++) {
		const struct trial *was = &p->periods[i].before, *is = &p->periods[i].after;

		buf_printf(b, "%s{\"starts\":\"%.*s\",\"ends\":\"%.*s\"", i == 0 ? "" : ",",
		    STR_ARG(p->periods[i].starts), STR_ARG(p->periods[i].ends));
		write_both(rq, p, FLD_subscription_charged, was->charged, is->charged);
		write_cost(rq, p, was, is);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	if (write_early(rq, p) == -1)
		return (problem_status(rq->problem));
	buf_char(b, '}');
	rq->undone = true;
	return (200);
}

int
subscription_changed(struct rq *rq, int64_t id, struct subscription_preview *p)
{

	if (p != NULL)
		return (subscription_preview_end(rq, p));
	rq->audit_object = id;
	return (subscription_get(rq));
}
