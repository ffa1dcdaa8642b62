#include "base/date.h"
#include "trade/credit_part.h"

#include <string.h>

#include "wire/crypt.h"

struct arg
credit_asked(const struct credit_want *want, unsigned char hash[32])
{

	crypt_sha256(want->asked, hash);
	return ((struct arg){"asked", {.type = DB_BYTES, .s = {(const char *)hash, 32}}});
}

/* The bill, what is credited of it, and above. */
static enum credit_end
plan(struct crediting *r)
{
	enum credit_end end;

	if ((end = credit_load_bill(r, r->want->document)) != CREDIT_DONE)
		return (end);
	if ((end = credit_sum(r)) != CREDIT_DONE)
		return (end);
	return (r->want->full ? credit_chain(r) : CREDIT_DONE);
}

static struct crediting
begin(struct db *db, struct arena *a, const struct credit_want *want, struct credit *c)
{
	char now[20];

	date_now_sql(now);
	memset(c, 0, sizeof(*c));
	return (
	    (struct crediting){.db = db, .a = a, .want = want, .c = c, .today = arena_str(a, (struct str){now, 10})});
}

enum credit_end
credit_preview(struct db *db, struct arena *a, const struct credit_want *want, struct credit *c)
{
	struct crediting r = begin(db, a, want, c);

	return (plan(&r));
}

/* The number, before anything is read: whoever credits a bill of the same seller waits here, and reads what is left behind
 * the other.  0, or -1; a bill that there is not gets none. */
static int
take_number(struct crediting *r)
{
	const struct arg args[] = {int_arg("document", r->want->document), int_arg("full", r->want->full),
	    text_arg("today", r->today), int_arg("by", 1)};
	int64_t n = query_run_admin(r->db, r->a, Q_credit_take, args, 4);

	if (n != 0)
		return (n == -1 ? -1 : 0);
	/* The first credit note of a seller and year. */
	return (query_run_admin(r->db, r->a, Q_credit_series, args, 4) == -1 ||
		    query_run_admin(r->db, r->a, Q_credit_number, args, 4) == -1
		? -1
		: 0);
}

struct same {
	int64_t id, same;
};

/* _id, _same */
static int
take_same(void *ctx, const struct db_val *v)
{

	*(struct same *)ctx = (struct same){v[0].i, v[1].i};
	return (0);
}

/* Was it done with this key before?  Then the number goes back. */
static enum credit_end
done_before(struct crediting *r)
{
	struct same s = {0, 0};
	unsigned char hash[32];
	const struct arg args[] = {int_arg("document", r->want->document), text_arg("idem", r->want->key),
	    credit_asked(r->want, hash), text_arg("today", r->today), int_arg("by", -1)};

	if (query_each_admin(r->db, r->a, Q_credit_same, args, 5, take_same, &s) == -1)
		return (CREDIT_FAILED);
	if (s.id == 0)
		return (CREDIT_DONE);
	if (!s.same)
		return (CREDIT_KEY);
	r->c->made = s.id;
	return (query_run_admin(r->db, r->a, Q_credit_number, args, 5) == 1 ? CREDIT_AGAIN : CREDIT_FAILED);
}

static int
pass(void *ctx, const struct db_val *v)
{

	(void)ctx, (void)v; /* it is locked, and that is all */
	return (0);
}

/* The bill first and then its series, or who has the series and who has the bill would wait for each other. */
static int
lock(struct crediting *r, int64_t document)
{
	const struct arg args[] = {int_arg("document", document)};

	return (query_each_admin(r->db, r->a, Q_credit_lock, args, 1, pass, NULL) == -1 ? -1 : 0);
}

enum credit_end
credit_issue(struct db *db, struct arena *a, const struct credit_want *want, int (*may)(void *ctx, int64_t document),
    void *ctx, struct credit *c)
{
	struct crediting r = begin(db, a, want, c);
	enum credit_end end;

	if (lock(&r, want->document) == -1 || take_number(&r) == -1 || may(ctx, want->document) == -1)
		return (CREDIT_FAILED);
	if ((end = done_before(&r)) != CREDIT_DONE || (end = plan(&r)) != CREDIT_DONE)
		return (end);
	for (size_t i = 1; i < c->n; i++)
		if (may(ctx, c->bills[i].id) == -1)
			return (CREDIT_FAILED);
	return (credit_write(&r));
}
