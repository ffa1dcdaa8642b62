#include "alert_letter.h"

#include "core/admin_query.h"
#include "core/query.h"
#include "paper/format.h"

/* The user, as one who asks. */
struct reader {
	struct who who;
	struct asker asker;
};

/* _tenant_id, _customer_id, _role_id, _more_roles, _group_head, _level, _version */
static int
take_reader(void *ctx, const struct db_val *v)
{
	struct reader *r = ctx;

	r->who.tenant_id = v[0].i;
	r->who.customer_id = v[1].i;
	r->who.role_id = v[2].i;
	r->who.group_head = v[4].i != 0;
	r->who.level = (int)v[5].i;
	r->who.version = v[6].i;
	r->asker = (struct asker){r->who.id, v[2].i, v[0].i, (int)v[5].i, v[3].i != 0};
	return (0);
}

/* Fills rq->who with the user and the rights of this moment.  1, 0 where there is none, or -1. */
static int
become(struct rq *rq, int64_t user)
{
	const struct arg of = int_arg("reader", user);
	struct reader r = {.who = {.id = user}};
	int64_t n = query_each_admin(rq->w->db, rq->a, Q_outbox_reader, &of, 1, take_reader, &r);

	if (n != 1)
		return ((int)n);
	r.asker.user_id = user;
	if (tree_refresh(rq->w->tree, rq->w->db, rq->a, r.who.version) == -1)
		return (-1);
	r.who.rights = rights_of(rq->w->rights, rq->w->db, rq->a, r.who.version, &r.asker, &r.who.portal);
	rq->who = r.who;
	return (r.who.rights == NULL ? -1 : 1);
}

/* A letter hides no part of what it says: who may not read one of these gets none. */
static bool
may_read_all(const struct rights *r)
{
	static const enum field said[] = {FLD_alert_offering_name, FLD_alert_unit, FLD_alert_account_number,
	    FLD_alert_threshold, FLD_alert_quantity, FLD_alert_included, FLD_alert_period_start, FLD_alert_period_end};

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (!may_read(r, said[i]))
			return (false);
	return (true);
}

struct told {
	struct str offering, unit, number, threshold, used, included;
	int64_t starts, ends;
};
static const struct col told_cols[] = {COL_S_(told, offering), COL_S_(told, unit), COL_S_(told, number),
    COL_S_(told, threshold), COL_S_(told, used), COL_S_(told, included),
    {"_starts", COL_DATE, offsetof(struct told, starts)}, {"_ends", COL_DATE, offsetof(struct told, ends)}};

static struct str
amount(struct arena *a, enum lang lang, struct str quantity, struct str unit)
{
	struct buf b;

	buf_init(&b, a, 256);
	format_decimal(&b, lang, quantity, 0);
	if (unit.n > 0) {
		buf_char(&b, ' ');
		buf_add(&b, words_unit(lang, unit, quantity));
	}
	return (buf_str(&b));
}

static struct str
period(struct arena *a, enum lang lang, int64_t starts, int64_t ends)
{
	struct buf b;

	buf_init(&b, a, 256);
	format_period(&b, lang, starts, ends);
	return (buf_str(&b));
}

int
alert_letter(struct worker *w, int64_t alert, int64_t user, struct str language, struct letter *l)
{
	struct rq rq = {.w = w, .a = w->a, .action = ACT_alert_read, .trace = "alert"};
	const enum lang lang = words_lang(language);
	struct told t;
	int rc;

	buf_init(&rq.out, w->a, 4096);
	if ((rc = become(&rq, user)) != 1)
		return (rc);
	if (!may_read_all(rq.who.rights))
		return (0);
	arg_int(&rq, "alert", alert);
	if ((rc = query_row(&rq, Q_alert_letter, COLS(told_cols), &t)) != 1)
		return (rc);
	l->offering = t.offering;
	l->account = t.number;
	l->percent = t.threshold;
	l->used = amount(w->a, lang, t.used, S(""));
	l->included = amount(w->a, lang, t.included, t.unit);
	l->period = period(w->a, lang, t.starts, t.ends);
	return (1);
}
