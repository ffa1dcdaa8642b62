#include "trade/payout.h"

#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "trade/sepa.h"

#define DUE_MAX 20000 /* statements of one batch */

struct payer {
	int64_t tenant, party;
	struct str name, iban;
};
static const struct col payer_cols[] = {
    COL_I_(payer, tenant), COL_I_(payer, party), COL_S_(payer, name), COL_S_(payer, iban)};

struct due {
	int64_t statement, tenant, decimals, amount;
	struct str currency, name, iban, bic;
};
static const struct col due_cols[] = {COL_I_(due, statement), COL_I_(due, tenant), COL_I_(due, decimals),
    COL_I_(due, amount), COL_S_(due, currency), COL_S_(due, name), COL_S_(due, iban), COL_S_(due, bic)};

struct made {
	int64_t id;
};
static const struct col made_cols[] = {COL_I_(made, id)};

/* Why it cannot be paid, or NULL; as banks take it, into name and iban. */
static const char *
left(struct rq *rq, const struct due *d, int64_t minimum, struct str *name, struct str *iban)
{
	__int128 millionths = d->amount;

	for (int64_t i = d->decimals; i < 6; i++)
		millionths *= 10;
	if (millionths < minimum)
		return ("minimum");
	if (str_is_blank(d->iban))
		return ("iban_missing");
	if ((*iban = sepa_iban(rq->a, d->iban)).p == NULL)
		return ("iban_wrong");
	*name = sepa_text(rq->a, d->name, SEPA_NAME_MAX);
	return (name->p == NULL || str_is_blank(*name) ? "name" : NULL);
}

/* 1 where it is paid, 0 where it is left out, -1 with the problem set. */
static int
add(struct rq *rq, int64_t payout, size_t place, const struct due *d, int64_t minimum)
{
	struct str name = S(""), iban = S(""), bic = sepa_bic(rq->a, d->bic);
	const char *why = left(rq, d, minimum, &name, &iban);

	arg_int(rq, "payout", payout);
	arg_int(rq, "statement", d->statement);
	arg_int(rq, "amount", d->amount);
	if (why != NULL) {
		arg_text(rq, "reason", str_of(why));
		return (query_run_one_system(rq, Q_payout_left_insert));
	}
	arg_int(rq, "of_tenant", d->tenant);
	arg_text(rq, "currency", d->currency);
	arg_text(rq, "name", name);
	arg_text(rq, "iban", iban);
	arg_text(rq, "bic", bic.p != NULL ? bic : S(""));
	arg_text(rq, "reference", arena_printf(rq->a, "PO-%lld-%zu", (long long)payout, place + 1));
	return (query_run_one_system(rq, Q_payout_line_insert) == -1 ? -1 : 1);
}

/* The row of the batch.  Its id, or -1 with the problem set. */
static int64_t
open_batch(struct rq *rq, struct str execution, int64_t minimum)
{
	struct payer p;
	struct made m;
	struct buf b;
	int rc = query_row_system(rq, Q_payout_payer, COLS(payer_cols), &p);

	if (rc == 1 && (sepa_iban(rq->a, p.iban).p == NULL || sepa_text(rq->a, p.name, SEPA_NAME_MAX).p == NULL))
		problem(rq, P_conflict,
		    "the provider's own account is not one that a bank takes: put name and IBAN of its party right first");
	if (rc != 1 || rq->problem != P_none)
		return (rc == 0 ? (problem(rq, P_internal, "%s", ""), -1) : -1);
	buf_init(&b, rq->a, 40);
	money_plain(&b, minimum, 6);
	arg_int(rq, "of_tenant", p.tenant);
	arg_int(rq, "party", p.party);
	arg_text(rq, "execution", execution);
	arg_text(rq, "minimum", buf_str(&b));
	if (query_run_one_system(rq, Q_payout_insert) == -1 ||
	    query_row_system(rq, Q_payout_new, COLS(made_cols), &m) != 1)
		return (-1);
	return (m.id);
}

int64_t
payout_prepare(struct rq *rq, struct str execution, int64_t minimum)
{
	int64_t n, paid = 0, payout;
	const struct due *due;
	void *rows;
	int rc;

	/* Nothing is closed, and nobody else prepares, meanwhile. */
	if (query_run_one_system(rq, Q_ledger_turn) == -1 ||
	    (n = query_rows_system(rq, Q_payout_due, COLS(due_cols), sizeof(*due), DUE_MAX, &rows)) == -1 ||
	    (payout = open_batch(rq, execution, minimum)) == -1)
		return (-1);
	due = rows;
	for (int64_t i = 0; i < n; i++, paid += rc)
		if ((rc = add(rq, payout, (size_t)paid, &due[i], minimum)) == -1)
			return (-1);
	if (paid > 0)
		return (payout);
	problem(rq, P_conflict,
	    n == 0
		? "no closed statement has anything to pay out that is not paid or on its way"
		: "none of the %lld statements that have something to pay out can be paid: the amounts are below the minimum, or no "
		  "good IBAN is known",
	    (long long)n);
	return (-1);
}
