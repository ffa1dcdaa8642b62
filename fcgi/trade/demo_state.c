/* Whether the demo may be loaded, and that only one process does it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/demo_part.h"

#define LEASE_SECONDS 15 /* as in demo.sql; a load that was killed keeps others out for so long */

struct state {
	char state[16], options[201];
};

struct lease {
	char owner[61];
	int64_t until;
};

static int
plain(struct demo *d, struct str sql)
{

	if (db_plain(d->db, sql) == 0)
		return (0);
	fprintf(stderr, "demo: %s\n", db_error_text(d->db));
	return (-1);
}

static int
take_state(void *ctx, const struct db_val *v)
{
	struct state *s = ctx;

	snprintf(s->state, sizeof(s->state), "%.*s", STR_ARG(v[0].s));
	snprintf(s->options, sizeof(s->options), "%.*s", STR_ARG(v[1].s));
	return (0);
}

static int
take_lease(void *ctx, const struct db_val *v)
{
	struct lease *l = ctx;

	snprintf(l->owner, sizeof(l->owner), "%.*s", STR_ARG(v[0].s));
	l->until = v[1].i;
	return (0);
}

static int
take_one(void *ctx, const struct db_val *v)
{

	*(int64_t *)ctx = v[0].i;
	return (0);
}

static int64_t
run(struct demo *d, enum query q, const char *name, const char *value)
{
	const struct arg arg = {name, {.type = DB_TEXT, .s = str_of(value)}};

	return (query_run_admin(d->db, d->a, q, &arg, 1));
}

/* Mine now, or still mine: 1, somebody else's: 0, -1. */
static int
lease(struct demo *d, struct lease *l)
{

	*l = (struct lease){.until = 0};
	if (run(d, Q_demo_lease_take, "owner", d->owner) == -1 ||
	    query_each_admin(d->db, d->a, Q_demo_lease, NULL, 0, take_lease, l) == -1)
		return (-1);
	clock_gettime(CLOCK_MONOTONIC, &d->renewed);
	return (strcmp(l->owner, d->owner) == 0);
}

/* The lease of a load that was killed runs out; one that is alive renews it. */
static int
lease_wait(struct demo *d)
{
	struct lease first, now;
	int mine = lease(d, &first);

	now = first;
	for (int s = 0; mine == 0 && s < LEASE_SECONDS + 5 && now.until == first.until; s++) {
		if (s == 0)
			fprintf(stderr, "demo: another load is under way, or was killed just now: waiting\n");
		sleep(1);
		mine = lease(d, &now);
	}
	if (mine == 0)
		fprintf(stderr, "demo: another load is under way\n");
	return (mine == 1 ? 0 : -1);
}

void
demo_give_back(struct demo *d)
{

	/* Where this fails it is logged, and the lease ends by itself. */
	(void)run(d, Q_demo_lease_give, "owner", d->owner);
}

/*
 * Takes away what an interrupted load left.  Issued documents cannot be deleted, by
 * trigger, and should not be: but here nothing else can be in the tables, since a load
 * begins only where there is no tenant.  TRUNCATE is an administrator's right.
 */
static int
empty(struct demo *d)
{

	fprintf(stderr, "demo: an earlier load was interrupted: emptying the tables and beginning again\n");
	if (plain(d, S("SET SESSION foreign_key_checks = 0")) == -1 || plain(d, S("TRUNCATE TABLE session")) == -1 ||
	    plain(d, S("TRUNCATE TABLE known_address")) == -1 || plain(d, S("TRUNCATE TABLE role_segment")) == -1 ||
	    plain(d, S("TRUNCATE TABLE role_product")) == -1 || plain(d, S("TRUNCATE TABLE role")) == -1)
		return (-1);
	for (int i = 0; i < TABLE__MAX; i++)
		if (plain(d, arena_printf(d->a, "TRUNCATE TABLE %s", demo_tables[i].name)) == -1)
			return (-1);
	if (query_run_admin(d->db, d->a, Q_demo_catalogue, NULL, 0) == -1)
		return (-1);
	return (plain(d, S("SET SESSION foreign_key_checks = 1")));
}

static int
begin(struct demo *d, const char *options, bool any)
{
	struct state there = {.state = ""};
	int64_t root = 0;

	if (query_each_admin(d->db, d->a, Q_demo_state, NULL, 0, take_state, &there) == -1 ||
	    query_each_admin(d->db, d->a, Q_tenant_root, NULL, 0, take_one, &root) == -1)
		return (-1);
	if (strcmp(there.state, "complete") == 0) {
		if (!any && strcmp(there.options, options) != 0) {
			fprintf(stderr, "demo: another demo is in this database already (%s)\n", there.options);
			return (-1);
		}
		fprintf(stderr, "demo: complete already (%s)\n", there.options);
		return (1);
	}
	if (there.state[0] == '\0' && root != 0) {
		fprintf(stderr, "demo: this database holds tenants already; the demo goes into an empty one only\n");
		return (-1);
	}
	if (there.state[0] != '\0' && empty(d) == -1)
		return (-1);
	return (run(d, Q_demo_start, "options", options) == -1 ? -1 : 0);
}

int
demo_begin(struct demo *d, const char *options, bool any)
{
	char host[24] = "";
	int rc;

	if (gethostname(host, sizeof(host) - 1) == -1)
		host[0] = '\0';
	for (char *p = host; *p != '\0'; p++)
		if (*p == '\'' || *p == '\\')
			*p = '_';
	snprintf(d->owner, sizeof(d->owner), "%s:%d", host, (int)getpid());
	if (lease_wait(d) == -1)
		return (-1);
	if ((rc = begin(d, options, any)) != 0)
		demo_give_back(d);
	return (rc);
}

int
demo_end(struct demo *d)
{

	static const enum query prices[] = {Q_demo_prices, Q_demo_price_tiers, Q_demo_taxes, Q_demo_rates, Q_demo_lists,
	    Q_demo_versions, Q_demo_rules, Q_demo_buyers, Q_demo_buyer_accounts, Q_demo_edges, Q_demo_agreements,
	    Q_demo_minimums};
	bool good = db_begin(d->db) == 0;

	/* All or nothing: what begins anew empties the tables of table.def alone. */
	for (size_t i = 0; good && d->standing && i < sizeof(prices) / sizeof(prices[0]); i++)
		good = query_run_admin(d->db, d->a, prices[i], NULL, 0) != -1;
	if (good && query_run_admin(d->db, d->a, Q_channel_changed, NULL, 0) != -1 &&
	    query_run_admin(d->db, d->a, Q_demo_finish, NULL, 0) != -1 && db_commit(d->db) == 0)
		return (0);
	db_rollback(d->db);
	return (-1);
}

static double
seconds(const struct timespec *from, const struct timespec *to)
{

	return ((double)(to->tv_sec - from->tv_sec) + (double)(to->tv_nsec - from->tv_nsec) / 1e9);
}

static void
tell(struct demo *d, const struct timespec *now)
{
	double passed = seconds(&d->began, now), rate = (double)d->done / (passed > 0.001 ? passed : 0.001);
	long left = rate > 0 ? (long)((double)(d->total - d->done) / rate) : 0;

	fprintf(stderr, "%sdemo: %3d %%  %lld of %lld customers and bills  %lld rows  %.0f rows/s  %ld:%02ld left%s",
	    d->terminal ? "\r" : "", d->total == 0 ? 100 : (int)(100 * d->done / d->total), (long long)d->done,
	    (long long)d->total, (long long)bulk_rows(d->out),
	    (double)bulk_rows(d->out) / (passed > 0.001 ? passed : 0.001), left / 60, left % 60,
	    d->terminal ? "  \033[K" : "\n");
	d->told = *now;
}

int
demo_tick(void *demo)
{
	struct demo *d = demo;
	struct timespec now;
	struct lease l;
	int mine = 1;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if ((d->terminal || d->progress) && seconds(&d->told, &now) >= 1)
		tell(d, &now);
	if (seconds(&d->renewed, &now) >= LEASE_SECONDS / 5.0 && (mine = lease(d, &l)) == 0)
		fprintf(stderr, "demo: another process has taken over\n");
	return (mine == 1 ? 0 : -1);
}
