#include "trade/rehearse.h"

#include "base/date.h"
#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/bill_run.h"
#include "trade/charge.h"
#include "trade/rehearse_part.h"

/* Bills the period: the run's id, or -1. */
static int64_t
bill(struct db *db, struct arena *a, const struct settlement_case *c, bool (*go_on)(void *), void *ctx)
{
	struct bill_run_want want = {.tenant = REHEARSE_ROOT,
	    .period_start = date_text(a, c->start),
	    .period_end = date_text(a, c->end),
	    .issue_date = date_text(a, c->end)};
	int64_t run;
	int year, month;

	date_split(c->start, &year, &month, &want.cycle_day);
	if ((run = bill_run_open(db, a, &want)) == -1 || bill_run_go(db, a, run, go_on, ctx) != BILL_RUN_WAITS ||
	    charge_verify(db, a, run) != 0 || bill_run_approve(db, a, run, 0) == -1 ||
	    bill_run_go(db, a, run, go_on, ctx) != BILL_RUN_DONE)
		return (-1);
	return (run);
}

/* 0, or -1. */
static int
pay(struct db *db, struct arena *a, const struct settlement_case *c)
{

	for (size_t i = 0; i < c->n_payments; i++) {
		const struct case_payment *p = &c->payments[i];
		const struct arg args[] = {int_arg("account", rehearse_account(p->account)),
		    int_arg("amount", p->amount), text_arg("received", date_text(a, p->day))};

		if (query_run_admin(db, a, Q_rehearsal_payment, args, 3) == -1)
			return (-1);
	}
	return (query_run_admin(db, a, Q_rehearsal_paid, NULL, 0) == -1 ? -1 : 0);
}

int
rehearse(struct db *db, struct arena *a, const struct settlement_case *c, bool (*go_on)(void *), void *ctx,
    struct buf *out, struct str *wrong)
{
	const struct arg args[] = {text_arg("currency", c->currency), int_arg("decimals", c->minor)};
	int64_t run;

	if (query_run_admin(db, a, Q_rehearsal_currency, args, 2) == -1 || rehearse_load(db, a, c, wrong) == -1 ||
	    (run = bill(db, a, c, go_on, ctx)) == -1 || pay(db, a, c) == -1 || bill_run_settle(db, run) == -1)
		return (-1);
	return (rehearse_print(db, a, c, run, out));
}
