#include "trade/reconcile.h"

#include "core/admin_query.h"
#include "core/rq.h"

struct taking {
	void (*take)(void *ctx, const struct gap *g);
	void *ctx;
};

/* _kind, _customer, _account, _offering, _starts, _ends, _used, _bought, _billed, _minor, _decimals, _currency */
static int
row(void *ctx, const struct db_val *v)
{
	const struct taking *t = ctx;
	const struct gap g = {
	    v[0].s, v[1].s, v[2].s, v[3].s, v[4].s, v[5].s, v[6].s, v[7].s, v[8].s, v[9].i, (int)v[10].i, v[11].s};

	t->take(t->ctx, &g);
	return (0);
}

int64_t
reconcile(struct db *db, struct arena *a, int64_t run, enum reconcile_part part,
    void (*take)(void *ctx, const struct gap *g), void *ctx)
{
	static const enum query parts[RECONCILE__MAX] = {
	    [RECONCILE_received] = Q_reconcile_received,
	    [RECONCILE_usage] = Q_reconcile_usage,
	    [RECONCILE_ranges] = Q_reconcile_ranges,
	    [RECONCILE_subscriptions] = Q_reconcile_subscriptions,
	};
	const struct arg of = int_arg("run", run);
	struct taking t = {take, ctx};

	return (query_each_admin(db, a, parts[part], &of, 1, row, &t));
}
