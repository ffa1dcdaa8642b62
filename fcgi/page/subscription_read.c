/* What the bodies about subscriptions say, and what they are about. */
#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/subscription_part.h"

#define QUANTITY_MAX ((int64_t)1000000 * PRICE_SCALE)

enum member_type { MEMBER_ID, MEMBER_DAY, MEMBER_QUANTITY, MEMBER_BOOL };
static const struct member {
	const char *name;
	unsigned bit;
	enum member_type type;
	size_t offset;
	enum resource of;
} members[] = {
    {"account", SAYS_account, MEMBER_ID, offsetof(struct subscription_said, account), RES_account},
    {"customer", SAYS_customer, MEMBER_ID, offsetof(struct subscription_said, customer), RES_customer},
    {"offering", SAYS_offering, MEMBER_ID, offsetof(struct subscription_said, offering), RES_offering},
    {"addon_of", SAYS_parent, MEMBER_ID, offsetof(struct subscription_said, parent), RES_subscription},
    {"quantity", SAYS_quantity, MEMBER_QUANTITY, offsetof(struct subscription_said, quantity), RES_tenant},
    {"from", SAYS_from, MEMBER_DAY, offsetof(struct subscription_said, from), RES_tenant},
    {"starts", SAYS_starts, MEMBER_DAY, offsetof(struct subscription_said, starts), RES_tenant},
    {"ends", SAYS_ends, MEMBER_DAY, offsetof(struct subscription_said, ends), RES_tenant},
    {"free_until", SAYS_free_until, MEMBER_DAY, offsetof(struct subscription_said, free_until), RES_tenant},
    {"committed_until", SAYS_committed_until, MEMBER_DAY, offsetof(struct subscription_said, committed_until),
	RES_tenant},
    {"early", SAYS_early, MEMBER_BOOL, offsetof(struct subscription_said, early), RES_tenant},
    {"preview", SAYS_preview, MEMBER_BOOL, offsetof(struct subscription_said, preview), RES_tenant},
};
#define N_MEMBERS (sizeof(members) / sizeof(members[0]))

void
subscription_wrong(struct rq *rq, const char *member, const char *code, const char *why)
{

	problem_field(rq, P_invalid, arena_printf(rq->a, "/%s", member), code, "%s", why);
}

static bool
is_quantity(struct str s)
{
	int64_t v;

	return (money_millionths(s, &v) == 0 && v > 0 && v <= QUANTITY_MAX);
}

static void
read_member(struct rq *rq, const struct member *m, const struct json *v, struct subscription_said *said)
{
	void *to = (char *)said + m->offset;

	said->ends_said = said->ends_said || m->bit == SAYS_ends;
	if (v->type == JSON_NULL)
		return;
	switch (m->type) {
	case MEMBER_ID:
		if (v->type != JSON_STRING || seal_id_open(rq->w->key, m->of, v->s, to) == -1)
			subscription_wrong(rq, m->name, "id", "it is not an id of that kind");
		break;
	case MEMBER_DAY:
		if (v->type != JSON_STRING || date_parse(v->s, to) == -1)
			subscription_wrong(rq, m->name, "date", "it is not a day like 2026-06-01");
		break;
	case MEMBER_QUANTITY:
		if (v->type != JSON_STRING || !is_quantity(v->s))
			subscription_wrong(rq, m->name, "number",
			    "it must be more than 0 and at most 1000000, as text, with six places at most");
		else
			*(struct str *)to = v->s;
		break;
	case MEMBER_BOOL:
		if (v->type != JSON_BOOL)
			subscription_wrong(rq, m->name, "type", "it must be true or false");
		else
			*(bool *)to = v->number != 0;
		break;
	}
}

/* A field of the resource can be kept from a role. */
static bool
writable(const struct rq *rq, struct str member)
{
	const int f = access_field_of(RES_subscription, member);

	return (f == -1 || access_fields[f].set_by != (int)rq->action || may_write(rq->who.rights, (enum field)f));
}

int
subscription_read(struct rq *rq, unsigned may, struct subscription_said *said)
{
	size_t i;

	*said = (struct subscription_said){.from = DATE_NONE,
	    .starts = DATE_NONE,
	    .ends = DATE_NONE,
	    .free_until = DATE_NONE,
	    .committed_until = DATE_NONE,
	    .quantity = S("")};
	for (const struct json *v = rq->body->first; v != NULL; v = v->next) {
		for (i = 0; i < N_MEMBERS && !str_eqz(v->key, members[i].name); i++)
			continue;
		if (i == N_MEMBERS || (members[i].bit & may) == 0 || !writable(rq, v->key))
			subscription_wrong(rq, arena_str(rq->a, v->key).p, "not_writable", "it cannot be set here");
		else
			read_member(rq, &members[i], v, said);
	}
	return (rq->problem == P_none ? 0 : -1);
}

int64_t
subscription_day(struct rq *rq, const struct subscriber *who, const char *member, const struct subscription_said *said,
    int64_t least)
{
	int64_t day = member[0] == 'f' ? said->from : member[0] == 's' ? said->starts : said->ends;

	if (day == DATE_NONE && said->preview) {
		day = who->first > who->today ? who->first : who->today;
		return (day > least ? day : least);
	}
	if (day == DATE_NONE) {
		subscription_wrong(rq, member, "missing", "it is missing");
		return (DATE_NONE);
	}
	if (day >= who->first && day >= least)
		return (day);
	if (day < who->first)
		problem_field(rq, P_invalid, arena_printf(rq->a, "/%s", member), "billed",
		    "days before %.*s are billed already: choose that day or a later one",
		    STR_ARG(date_text(rq->a, who->first)));
	else
		problem_field(rq, P_invalid, arena_printf(rq->a, "/%s", member), "order",
		    "it begins on %.*s: choose that day or a later one", STR_ARG(date_text(rq->a, least)));
	return (DATE_NONE);
}

/* ---- what it is about ---- */

static const struct col who_cols[] = {COL_I_(subscriber, id), COL_I_(subscriber, seller), COL_I_(subscriber, cycle_day),
    COL_I_(subscriber, level), COL_I_(subscriber, a1), COL_I_(subscriber, a2), COL_I_(subscriber, a3),
    COL_I_(subscriber, a4), COL_I_(subscriber, open), COL_I_(subscriber, buys), COL_S_(subscriber, currency)};

int
subscription_account(struct rq *rq, int64_t account, int64_t customer, struct subscriber *who)
{
	const char *member = account != 0 ? "account" : "customer";
	struct subscriber *found;
	int64_t n;
	void *rows;

	arg_int(rq, "account", account);
	arg_int(rq, "of_customer", account != 0 ? 0 : customer);
	if ((n = query_rows(rq, Q_account_to_order, COLS(who_cols), sizeof(*found), 2, &rows)) == -1)
		return (-1);
	found = rows;
	if (n == 0)
		subscription_wrong(rq, member, "unknown", "there is none that you could name here");
	else if (n > 1)
		subscription_wrong(rq, "account", "several", "the customer has several accounts: name one");
	else if (!found->buys)
		subscription_wrong(rq, member, "reseller", "it is a reseller's: subscriptions are end customers'");
	if (rq->problem != P_none)
		return (-1);
	*who = *found;
	return (subscribe_first(rq, who));
}

static const struct col subject_cols[] = {COL_I_(subscription_subject, id), COL_I_(subscription_subject, account),
    COL_I_(subscription_subject, offering), COL_I_(subscription_subject, parent),
    COL_I_(subscription_subject, replaced), COL_I_(subscription_subject, bundled), COL_S_(subscription_subject, kind),
    {"_starts", COL_DATE, offsetof(struct subscription_subject, starts)},
    {"_ends", COL_DATE, offsetof(struct subscription_subject, ends)},
    {"_free_until", COL_DATE, offsetof(struct subscription_subject, free_until)},
    {"_committed_until", COL_DATE, offsetof(struct subscription_subject, committed_until)},
    {"_parent_ends", COL_DATE, offsetof(struct subscription_subject, parent_ends)}};

int
subscription_subject(struct rq *rq, struct subscription_subject *s)
{

	if (query_id(rq, RES_subscription) == -1 || query_lock(rq, RES_subscription) == -1)
		return (-1);
	switch (query_row(rq, Q_subscription_subject, COLS(subject_cols), s)) {
	case 0:
		problem(rq, P_not_found, "%s", "");
		return (-1);
	case 1:
		if (!s->bundled)
			return (subscription_account(rq, s->account, 0, &s->who));
		problem(rq, P_conflict, "it came along with a bundle and follows that: change the bundle");
		return (-1);
	default:
		return (-1);
	}
}

int64_t
subscription_from(
    struct rq *rq, const struct subscription_subject *s, const char *member, const struct subscription_said *said)
{
	const int64_t day = subscription_day(rq, &s->who, member, said, s->starts);

	if (day == DATE_NONE || s->ends == DATE_NONE || day < s->ends)
		return (day);
	subscription_wrong(rq, member, "ended", "it has ended by then");
	return (DATE_NONE);
}
