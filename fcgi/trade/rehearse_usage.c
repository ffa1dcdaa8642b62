#include "base/date.h"
#include "base/log.h"
#include "base/zone.h"
#include "trade/rehearse_part.h"

/* "2026-06-01 10:00:00" */
static struct str
moment(struct arena *a, int64_t at)
{
	const int64_t day = at >= 0 ? at / 86400 : -((86399 - at) / 86400);
	const int s = (int)(at - day * 86400);

	return (arena_printf(a, "%.*s %02d:%02d:%02d", STR_ARG(date_text(a, day)), s / 3600, s / 60 % 60, s % 60));
}

/* All of it comes from one source, in one file. */
static void
batch(struct bulk *out, struct arena *a, const struct settlement_case *c)
{

	bulk_row(out, TABLE_usage_source);
	bulk_int(out, 1);
	bulk_int(out, REHEARSE_ROOT);
	bulk_z(out, "case");
	bulk_end(out);
	bulk_row(out, TABLE_usage_batch);
	bulk_int(out, 1);
	bulk_int(out, REHEARSE_ROOT);
	bulk_z(out, "file");
	bulk_text(out, moment(a, c->end * 86400));
	bulk_int(out, (int64_t)c->n_usage);
	bulk_int(out, (int64_t)c->n_usage);
	bulk_int(out, 1);
	bulk_end(out);
}

/* As intake would have written it: the day is that of its account's zone.  Intake would ask for a subscription as well, and
 * refuse what is yet to come; cases have usage of what nobody subscribed to, in any year. */
static void
event(struct bulk *out, struct arena *a, const struct case_usage *u, int64_t seller, int64_t line,
    const struct zone *zone)
{

	bulk_row(out, TABLE_usage_event);
	bulk_int(out, seller);
	bulk_int(out, rehearse_account(u->account));
	bulk_int(out, seller);
	bulk_int(out, rehearse_account(u->account));
	bulk_int(out, (int64_t)u->offering + 1);
	bulk_int(out, 1);
	bulk_int(out, 1);
	bulk_text(out, arena_printf(a, "case-%lld", (long long)line));
	bulk_millionths(out, u->quantity);
	bulk_text(out, moment(a, u->at));
	bulk_date(out, zone_day(zone, u->at));
	bulk_int(out, 1);
	bulk_int(out, line);
	bulk_end(out);
}

int
rehearse_usage(struct bulk *out, struct arena *a, const struct settlement_case *c, const int64_t *sellers)
{
	const struct zone *zone;
	const char *wrong;

	if ((zone = zone_load(a, S(REHEARSE_ZONE), &wrong)) == NULL) {
		log_error("zone", "%s: %s", REHEARSE_ZONE, wrong);
		return (-1);
	}
	batch(out, a, c);
	for (size_t i = 0; i < c->n_usage; i++)
		event(out, a, &c->usage[i], sellers[c->usage[i].account], (int64_t)i + 1, zone);
	return (0);
}
