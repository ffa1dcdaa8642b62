#include "core/admin_query.h"

#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "core/rq.h"

/* Prepares q and fills in its parameters.  NULL after logging why. */
static struct db_stmt *
start(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n)
{
	const struct declaration *d = statement_declaration(q);
	struct params *params = arena_zero(a, 1, sizeof(*params));
	struct db_val *values;
	struct db_stmt *st;
	struct buf sql;
	char now[20];

	if (d->guard != GUARD_admin && d->guard != GUARD_open) {
		log_error("statement", "%s has a scope and needs a request", d->name);
		return (NULL);
	}
	buf_init(&sql, a, 64 * 1024);
	statement_text(&(struct variant){.query = (uint8_t)q}, &sql, params);
	date_now_sql(now);
	values = arena_zero(a, params->n + 1, sizeof(*values));
	for (size_t i = 0; i < params->n; i++) {
		struct str name = params->p[i].name;

		if (str_eqz(name, "now"))
			values[i] = (struct db_val){DB_TEXT, 0, {arena_str(a, str_of(now)).p, 19}};
		for (size_t j = 0; j < n; j++)
			if (str_eqz(name, args[j].name))
				values[i] = args[j].v;
	}
	st = buf_failed(&sql) ? NULL : db_prepare(db, buf_str(&sql));
	if (st == NULL || db_run(st, values) == -1) {
		log_error("statement", "%s: %s", d->name, db_error_text(db));
		if (st != NULL && !db_gone(db))
			db_stmt_close(st);
		return (NULL);
	}
	return (st);
}

int64_t
query_each_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n,
    int (*row)(void *ctx, const struct db_val *v), void *ctx)
{
	struct db_stmt *st = start(db, a, q, args, n);
	const struct db_val *v;
	int64_t count = 0;
	int rc;

	if (st == NULL)
		return (-1);
	while ((rc = db_fetch(st, &v)) == 1) {
		count++;
		if (row(ctx, v) != 0)
			break;
	}
	if (rc == -1) {
		log_error("statement", "%s: %s", statement_declaration(q)->name, db_error_text(db));
		if (!db_gone(db))
			db_stmt_close(st);
		return (-1);
	}
	db_stmt_close(st);
	return (count);
}

int64_t
query_run_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n)
{
	struct db_stmt *st = start(db, a, q, args, n);

	if (st == NULL)
		return (-1);
	db_stmt_close(st);
	return (db_changed(db));
}
