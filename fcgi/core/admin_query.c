#include "core/admin_query.h"

#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "core/rq.h"

struct ready {
	const struct declaration *d;
	struct db_stmt *st;
	struct params *params;
	struct db_val *values; /* one a parameter */
};

/* Logs why a statement failed, and ends it.  Returns -1. */
static int
failed(struct db *db, const struct ready *r)
{

	log_as(db_error(db) != DB_AGAIN, "statement", "%s: %s", r->d->name, db_error_text(db));
	if (r->st != NULL && !db_gone(db))
		db_stmt_close(r->st);
	return (-1);
}

/* Prepares q.  0, or -1 after logging why. */
static int
prepare(struct db *db, struct arena *a, enum query q, struct ready *r)
{
	struct buf sql;

	*r = (struct ready){.d = statement_declaration(q), .params = arena_zero(a, 1, sizeof(*r->params))};
	if (r->d->guard != GUARD_admin && r->d->guard != GUARD_open) {
		log_error("statement", "%s has a scope and needs a request", r->d->name);
		return (-1);
	}
	buf_init(&sql, a, 64 * 1024);
	statement_text(&(struct variant){.query = (uint16_t)q}, &sql, r->params);
	r->values = arena_zero(a, r->params->n + 1, sizeof(*r->values));
	r->st = buf_failed(&sql) ? NULL : db_prepare(db, buf_str(&sql));
	return (r->st == NULL ? failed(db, r) : 0);
}

/* Runs it with these parameters.  0, or -1 after logging why. */
static int
execute(struct db *db, struct arena *a, struct ready *r, const struct arg *args, size_t n)
{
	char now[20];

	date_now_sql(now);
	for (size_t i = 0; i < r->params->n; i++) {
		struct str name = r->params->p[i].name;

		if (str_eqz(name, "now"))
			r->values[i] = (struct db_val){DB_TEXT, 0, {arena_str(a, str_of(now)).p, 19}};
		for (size_t j = 0; j < n; j++)
			if (str_eqz(name, args[j].name))
				r->values[i] = args[j].v;
	}
	return (db_run(r->st, r->values) == -1 ? failed(db, r) : 0);
}

int64_t
query_each_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n,
    int (*row)(void *ctx, const struct db_val *v), void *ctx)
{
	struct ready r;
	const struct db_val *v;
	int64_t count = 0;
	int rc;

	if (prepare(db, a, q, &r) == -1 || execute(db, a, &r, args, n) == -1)
		return (-1);
	while ((rc = db_fetch(r.st, &v)) == 1) {
		count++;
		if (row(ctx, v) != 0)
			break;
	}
	if (rc == -1)
		return (failed(db, &r));
	db_stmt_close(r.st);
	return (count);
}

static int
take_number(void *ctx, const struct db_val *v)
{

	*(int64_t *)ctx = v[0].i;
	return (1); /* one is all that was asked for */
}

int64_t
query_number_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n, int64_t *v)
{

	return (query_each_admin(db, a, q, args, n, take_number, v));
}

int64_t
query_run_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n)
{
	struct ready r;

	if (prepare(db, a, q, &r) == -1 || execute(db, a, &r, args, n) == -1)
		return (-1);
	db_stmt_close(r.st);
	return (db_changed(db));
}

int64_t
query_repeat_admin(
    struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n, bool (*next)(void *ctx), void *ctx)
{
	struct ready r;
	int64_t changed = 0;

	if (prepare(db, a, q, &r) == -1)
		return (-1);
	while (next(ctx)) {
		if (execute(db, a, &r, args, n) == -1)
			return (-1);
		changed += db_changed(db);
	}
	db_stmt_close(r.st);
	return (changed);
}
