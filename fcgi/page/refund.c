/* Refunds: what is owed to an account, as its credit notes come to more than what is open, is paid back.  Never more than that. */
#include "base/conf.h"
#include "base/money.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/page.h"
#include "wire/crypt.h"

#define KEY_MAX 80
#define REASON_MAX 140
#define OPEN_MAX 100000

/* An account, and what its open documents come to. */
struct account {
	struct str currency;
	int64_t id, balance;
};
static const struct col account_cols[] = {COL_S_(account, currency), COL_I_(account, id), COL_I_(account, balance)};

struct open {
	int64_t id, open;
};
static const struct col open_cols[] = {COL_I_(open, id), COL_I_(open, open)};

struct same {
	int64_t id, same, amount;
};
static const struct col same_cols[] = {COL_I_(same, id), COL_I_(same, same), COL_I_(same, amount)};
static const struct col made_cols[] = {COL_I_(same, id)};

/* 0, or -1 with the problem set. */
static int
find(struct rq *rq, enum query q, struct account *a)
{
	int rc;

	if (query_id(rq, RES_account) == -1 || (rc = query_row(rq, q, COLS(account_cols), a)) == -1)
		return (-1);
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	else if (!may_act(rq->who.rights, ACT_document_read))
		problem(rq, P_forbidden, "what is owed is the sum of bills, and your role shows you none");
	else if (rights_products(rq->who.rights, ACT_document_read) != NULL)
		problem(rq, P_forbidden, "your role is kept to some products, and what is owed is of any");
	return (rq->problem == P_none ? 0 : -1);
}

static int
write_owed(struct rq *rq, const struct account *a)
{

	money_member(&rq->out, "owed", a->balance < 0 ? -a->balance : 0, a->currency);
	buf_char(&rq->out, '}');
	return (200);
}

/* What was paid back, and what is owed still. */
static int
answer(struct rq *rq, const struct account *a, int64_t refunded, bool again)
{

	rq->audit_object = a->id;
	buf_printf(&rq->out, "{\"repeated\":%s", again ? "true" : "false");
	money_member(&rq->out, "refunded", refunded, a->currency);
	return (write_owed(rq, a));
}

/* GET /api/v1/accounts/:id/refunds  {owed}: what can be paid back now. */
int
refund_get(struct rq *rq)
{
	struct account a;

	if (find(rq, Q_account_balance, &a) == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '{');
	return (write_owed(rq, &a));
}

/* ---- what is asked for ---- */

/* Minor units; 0 with 422. */
static int64_t
read_amount(struct rq *rq, const struct json *m, struct str currency)
{
	int64_t v = 0, minor;

	if (m == NULL || m->type != JSON_STRING || money_millionths(m->s, &v) == -1 || v <= 0) {
		member_wrong(
		    rq, "amount", m == NULL ? "missing" : "number", "it is a number above 0 like 12.50, as text");
		return (0);
	}
	if (money_minor(v, currency, &minor) == -1)
		member_wrong(rq, "amount", "places", "it has more places than the currency");
	return (minor);
}

static void
read_text(struct rq *rq, const char *name, const char *arg, const struct json *m, size_t max)
{

	if (m == NULL)
		member_wrong(rq, name, "missing", "it is missing");
	else if (m->type != JSON_STRING || str_chars(m->s) > max || !str_is_line(m->s) || str_is_blank(m->s))
		member_wrong(rq, name, "length", "it must be one line, and not too long");
	else
		arg_text(rq, arg, m->s);
}

/* The amount, and :reason, :idem and :asked.  0, or -1 with 422. */
static int
read_body(struct rq *rq, const struct account *a, int64_t *amount)
{
	const struct json *said = NULL, *reason = NULL, *key = NULL;
	unsigned char hash[32];

	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		if (str_eqz(m->key, "amount"))
			said = m;
		else if (str_eqz(m->key, "reason"))
			reason = m;
		else if (str_eqz(m->key, "key"))
			key = m;
		else
			member_wrong(rq, arena_str(rq->a, m->key).p, "not_writable", "it cannot be set here");
	}
	*amount = read_amount(rq, said, a->currency);
	read_text(rq, "reason", "reason", reason, REASON_MAX);
	read_text(rq, "key", "idem", key, KEY_MAX);
	if (rq->problem == P_none && !str_is_ascii(key->s))
		member_wrong(rq, "key", "value", "it has only letters without marks, digits and signs");
	crypt_sha256(rq->body_text, hash);
	arg_bytes(rq, "asked", arena_str(rq->a, (struct str){(const char *)hash, sizeof(hash)}).p, sizeof(hash));
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- paying it back ---- */

/* A payment on each document that something is owed on, the oldest first, until the amount is reached.  0, or -1. */
static int
pay(struct rq *rq, const struct open *list, int64_t n, int64_t amount)
{

	for (int64_t i = 0; i < n && amount > 0; i++) {
		const int64_t part = -list[i].open < amount ? -list[i].open : amount;

		if (part <= 0)
			continue;
		arg_int(rq, "document", list[i].id);
		arg_int(rq, "part", part);
		if (query_run_one_system(rq, Q_payment_refund) == -1 ||
		    query_run_one_system(rq, Q_document_refunded) == -1)
			return (-1);
		amount -= part;
	}
	return (0);
}

/* The refund itself, behind the locks.  0, or -1 with the problem set. */
static int
refund(struct rq *rq, struct account *a, int64_t amount)
{
	struct same made;
	struct open *list = NULL;
	int64_t n;

	arg_text(rq, "currency", a->currency);
	if ((n = query_rows_system(rq, Q_account_open, COLS(open_cols), sizeof(*list), OPEN_MAX, (void **)&list)) == -1)
		return (-1);
	a->balance = 0;
	for (int64_t i = 0; i < n; i++)
		a->balance += list[i].open;
	if (amount > -a->balance) {
		member_wrong(rq, "amount", "more", "it is more than is owed to the account");
		return (-1);
	}
	arg_int(rq, "amount", amount);
	if (query_run_one_system(rq, Q_account_refund_insert) == -1)
		return (-1);
	if (query_row_system(rq, Q_account_refund_made, COLS(made_cols), &made) != 1)
		return (rq->problem == P_none ? (problem(rq, P_internal, "%s", ""), -1) : -1);
	arg_int(rq, "refund", made.id);
	a->balance += amount;
	return (pay(rq, list, n, amount));
}

/* What was asked with that key before: the same again changes nothing. */
static int
repeated(struct rq *rq, const struct same *before)
{
	struct account a;

	if (!before->same)
		return (problem(rq, P_refund_key, "%s", ""));
	if (find(rq, Q_account_balance, &a) == -1)
		return (problem_status(rq->problem));
	return (answer(rq, &a, before->amount, true));
}

/* POST /api/v1/accounts/:id/refunds {amount, reason, key}.  The key makes a repeat harmless; it stands in the body, which is kept
 * where a second person has to agree. */
int
refund_create(struct rq *rq)
{
	const int64_t limit = conf_int(CONF_refund_second);
	struct account a;
	struct same before;
	int64_t amount;
	int rc;

	if (find(rq, Q_account_refund_lock, &a) == -1 || read_body(rq, &a, &amount) == -1 ||
	    (rc = query_row_system(rq, Q_account_refund_same, COLS(same_cols), &before)) == -1)
		return (problem_status(rq->problem));
	if (rc == 1)
		return (repeated(rq, &before));
	if (refund(rq, &a, amount) == -1)
		return (problem_status(rq->problem));
	/* A reseller pays with its own money; the provider's people with everybody's. */
	rq->large = rq->who.level == 0 && limit > 0 && amount > limit;
	return (answer(rq, &a, amount, false));
}
