#include "trade/rate.h"

#include "base/date.h"
#include "base/money.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/price.h"

#define SOURCE_MAX 100

static bool
wrong(struct rate_wrong *w, const char *member, const char *code, const char *detail)
{

	*w = (struct rate_wrong){member, code, detail};
	return (true);
}

bool
rate_is_wrong(const struct rate *r, struct rate_wrong *w)
{
	int64_t v;

	if (money_decimals(r->from_currency) == -1)
		return (wrong(w, "currency", "currency", "it is no currency that is billed in, like EUR"));
	if (money_decimals(r->to_currency) == -1)
		return (wrong(w, "worth_in", "currency", "it is no currency that is billed in, like EUR"));
	if (str_eq(r->from_currency, r->to_currency))
		return (wrong(w, "worth_in", "same", "it must be another currency"));
	if (date_parse(r->day, &v) == -1)
		return (wrong(w, "day", "date", "it is not a day like 2026-06-01"));
	if (price_rate(r->rate, &v) == -1)
		return (wrong(w, "rate", "number",
		    "it must be above 0, as text like 0.8612, with up to six places before the point and twelve behind"));
	if (!str_is_line(r->source) || str_is_blank(r->source) || str_chars(r->source) > SOURCE_MAX)
		return (wrong(w, "source", "length", "it must be one line of 1 to 100 characters"));
	return (false);
}

struct found {
	struct arena *a;
	struct str *day;
};

/* _until */
static int
take_day(void *ctx, const struct db_val *v)
{
	const struct found *f = ctx;

	*f->day = arena_str(f->a, v[0].s);
	return (0);
}

enum rate_end
rate_set(struct db *db, struct arena *a, const struct rate *r, int64_t user, int64_t *id, struct str *day)
{
	struct found f = {a, day};
	char now[20];
	int64_t billed, same;
	const struct arg args[] = {text_arg("currency", r->from_currency), text_arg("worth_in", r->to_currency),
	    text_arg("day", r->day), text_arg("rate", r->rate), text_arg("source", r->source), int_arg("by_user", user),
	    text_arg("now", (struct str){now, 19})};
	const size_t n_args = sizeof(args) / sizeof(args[0]);

	date_now_sql(now);
	/* Runs that are rating first: by what they do not know of yet they cannot bill. */
	if ((billed = query_each_admin(db, a, Q_exchange_rate_billed, args, n_args, take_day, &f)) == -1 ||
	    (same = query_number_admin(db, a, Q_exchange_rate_same, args, n_args, id)) == -1)
		return (RATE_FAILED);
	if (same == 1 || billed > 0)
		return (same == 1 ? RATE_SAME : RATE_BILLED);
	if (query_run_admin(db, a, Q_exchange_rate_insert, args, n_args) != 1 ||
	    query_number_admin(db, a, Q_exchange_rate_made, NULL, 0, id) != 1)
		return (RATE_FAILED);
	return (RATE_SET);
}
