#include "core/query.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "base/money.h"
#include "core/mask.h"
#include "core/query_run.h"
#include "core/seal.h"
#include "core/sold.h"
#include "core/worker.h"

int
query_failed(struct rq *rq, const char *what)
{
	struct db *db = rq->w->db;

	log_as(db_error(db) != DB_AGAIN, "query", "%s: %u %s (trace %s)", what, db_error_code(db), db_error_text(db),
	    rq->trace);
	switch (db_error(db)) {
	case DB_AGAIN:
		rq->again = true;
		problem(rq, P_busy, "others are changing the same rows; try again");
		break;
	case DB_LOST:
		rq->again = true;
		/* fall through */
	case DB_DOWN:
		problem(rq, P_no_database, "try again in a few seconds");
		break;
	case DB_FULL:
		problem(rq, P_no_room, "nothing was changed");
		break;
	case DB_DUPLICATE:
		problem(rq, P_conflict, "it exists already");
		break;
	case DB_OK:
	case DB_REFUSED:
		problem(rq, P_internal, "%s", "");
		break;
	}
	return (problem_status(rq->problem));
}

static int
failed(struct rq *rq, const struct declaration *d)
{

	query_failed(rq, d->name);
	return (-1);
}

/* The scope of the request's action, as part of the variant.  0, or -1 where there is none. */
static int
set_scope(struct rq *rq, const struct declaration *d, struct variant *v)
{
	const struct rights *r = rq->who.rights;
	size_t arms = 1, n;

	if (d->guard == GUARD_admin && !rq->system) {
		problem(rq, P_internal, "%s", "");
		return (-1);
	}
	if (d->guard == GUARD_open || d->guard == GUARD_admin)
		return (0);
	if (r == NULL || !may_act(r, rq->action)) {
		problem(rq, P_forbidden, "%s", "");
		return (-1);
	}
	v->scope = r->scope[rq->action];
	if (v->scope == SCOPE_family && !rq->who.group_head) /* with nobody below: a member sees itself alone */
		v->scope = SCOPE_customer;
	v->level = (uint8_t)rq->who.level;
	if (r->set[rq->action] == 0)
		return (0);
	n = r->sets[r->set[rq->action]].n;
	if (d->guard != GUARD_arms || n == 0) { /* it cannot keep to segments, so it does not run */
		log_error("statement", "%s cannot keep to customer segments", d->name);
		problem(rq, P_forbidden, "%s", "");
		return (-1);
	}
	while (arms < n)
		arms *= 2;
	v->arms = (uint8_t)arms;
	return (0);
}

static struct db_val
named(struct rq *rq, struct str name)
{
	char *now;

	for (size_t i = 0; i < rq->n_args; i++)
		if (str_eqz(name, rq->args[i].name))
			return (rq->args[i].v);
	if (str_eqz(name, "tenant"))
		return ((struct db_val){.type = DB_INT, .i = rq->who.tenant_id});
	if (str_eqz(name, "customer"))
		return ((struct db_val){.type = DB_INT, .i = rq->who.customer_id});
	if (str_eqz(name, "user"))
		return ((struct db_val){.type = DB_INT, .i = rq->who.id});
	if (str_eqz(name, "now") || str_eqz(name, "today")) {
		now = arena_alloc(rq->a, 20);
		date_now_sql(now);
		return ((struct db_val){.type = DB_TEXT, .s = {now, name.n == 3 ? 19 : 10}});
	}
	log_error("statement", "parameter %.*s has no value", STR_ARG(name));
	problem(rq, P_internal, "%s", "");
	return ((struct db_val){.type = DB_NULL});
}

static struct db_val
value_of(struct rq *rq, const struct run *run, const struct param *p)
{
	const struct segments *set;

	switch (p->kind) {
	case PARAM_NAME:
		return (query_of_row(run, p->name) == -1 ? named(rq, p->name) : (struct db_val){.type = DB_NULL});
	case PARAM_FILTER:
		return (run->filters[p->index]);
	case PARAM_SEGMENT: /* arms beyond the segments find nothing */
		set = &rq->who.rights->sets[rq->who.rights->set[rq->action]];
		return ((struct db_val){.type = DB_INT, .i = p->index < (int)set->n ? set->ids[p->index] : 0});
	case PARAM_PRODUCT:
	case PARAM_PRODUCTS:
		return (sold_value(rq, p));
	case PARAM_AFTER_KEY:
		return (run->after_key);
	case PARAM_AFTER_ID:
		return ((struct db_val){.type = DB_INT, .i = run->after_id});
	case PARAM_PAGE:
		return ((struct db_val){.type = DB_INT, .i = run->page});
	}
	return ((struct db_val){.type = DB_NULL});
}

/* A scope that a row's tenant, group or agent can be held against needs that column, and so do segments and products
 * theirs. */
static bool
tripwired(const struct prepared *p, const struct products *sold)
{

	if (p->n_columns == 0)
		return (true);
	return (
	    (p->tenant != -1 || p->v.scope == SCOPE_none || p->v.scope == SCOPE_shared || p->v.scope == SCOPE_all) &&
	    (p->segment != -1 || p->v.arms == 0) && (p->group != -1 || p->v.scope != SCOPE_family) &&
	    (p->agent != -1 || p->v.scope != SCOPE_assigned) && (p->product != -1 || sold == NULL));
}

struct db_val *
query_prepare(struct rq *rq, enum query q, struct run *run)
{
	const struct declaration *d = statement_declaration(q);
	struct db_val *values;

	run->v.query = (uint16_t)q;
	run->decimals = -1;
	if (set_scope(rq, d, &run->v) == -1)
		return (NULL);
	sold_variant(rq, d, &run->v);
	run->p = statements_get(rq->w->statements, rq->w->db, rq->a, &run->v);
	if (run->p == NULL) {
		query_failed(rq, d->name);
		return (NULL);
	}
	rq->n_unsold = 0;
	if (!tripwired(run->p, sold_only(rq, d))) {
		log_error("statement", "%s has no _tenant, _segment, _group, _agent or _product", d->name);
		problem(rq, P_internal, "%s", "");
		return (NULL);
	}
	values = arena_alloc(rq->a, (run->p->params.n + 1) * sizeof(*values));
	for (size_t i = 0; i < run->p->params.n; i++)
		values[i] = value_of(rq, run, &run->p->params.p[i]);
	return (rq->problem != P_none ? NULL : values);
}

int
query_start(struct rq *rq, enum query q, struct run *run)
{
	const struct db_val *values = query_prepare(rq, q, run);

	if (values == NULL)
		return (-1);
	return (db_run(run->p->st, values) == -1 ? failed(rq, statement_declaration(q)) : 0);
}

static bool
in_scope(const struct rq *rq, const struct prepared *p, const struct db_val *row)
{
	int64_t tenant;

	if (p->tenant == -1)
		return (true);
	tenant = row[p->tenant].i;
	switch ((enum scope)p->v.scope) {
	case SCOPE_none: /* statements of guard open or admin */
		return (true);
	case SCOPE_own:
	case SCOPE_customer:
	case SCOPE_family:
	case SCOPE_assigned:
	case SCOPE_tenant:
	case SCOPE_buyer:
		return (tenant == rq->who.tenant_id);
	case SCOPE_subtree:
		return (tree_covers(rq->w->tree, rq->who.tenant_id, rq->who.level, tenant));
	case SCOPE_offered:
		return (tenant == rq->who.tenant_id || tree_root(rq->w->tree, tenant));
	case SCOPE_shared:
	case SCOPE_all:
		return (rq->who.level == 0 || p->v.scope == SCOPE_shared);
	case SCOPE__MAX:
		break;
	}
	return (false);
}

/* The second opinion on a row: the tree in memory, which a half-moved subtree cannot fool. */
static bool
allowed(const struct rq *rq, const struct prepared *p, const struct db_val *row)
{

	if (in_scope(rq, p, row))
		return (true);
	log_error("tripwire", "%s gave a row that the tree does not allow (trace %s)",
	    statement_declaration((enum query)p->v.query)->name, rq->trace);
	return (false);
}

/* Is the customer itself in a segment of the role?  A row that has not followed its customer is not shown. */
static bool
in_segments(const struct rq *rq, const struct prepared *p, const struct db_val *row)
{
	const struct rights *r = rq->who.rights;

	if (p->v.arms == 0)
		return (true);
	for (size_t i = 0, n = r->sets[r->set[rq->action]].n; i < n; i++)
		if (r->sets[r->set[rq->action]].ids[i] == row[p->segment].i)
			return (true);
	return (false);
}

/* Is the customer itself of the user's group, or the user's to look after?  Likewise. */
static bool
in_family(const struct rq *rq, const struct prepared *p, const struct db_val *row)
{

	if (p->v.scope == SCOPE_family)
		return (row[p->group].type == DB_INT && row[p->group].i == rq->who.customer_id);
	if (p->v.scope == SCOPE_assigned)
		return (row[p->agent].type == DB_INT && row[p->agent].i == rq->who.id);
	return (true);
}

int
query_fetch(struct rq *rq, struct run *run, const struct db_val **row, bool *shown)
{
	struct prepared *p = run->p;
	int rc = db_fetch(p->st, row);

	if (rc == 1) {
		*shown = in_segments(rq, p, *row) && in_family(rq, p, *row) && allowed(rq, p, *row) &&
		    sold_shown(rq, p, *row);
		if (*shown && p->currency != -1 && (*row)[p->currency].type == DB_TEXT)
			run->decimals = money_decimals((*row)[p->currency].s);
		return (1);
	}
	if (rc != 0)
		return (failed(rq, statement_declaration((enum query)run->v.query)));
	seal_batch_end(&run->ids, rq->w->key, &rq->out);
	return (0);
}

int
query_next(struct rq *rq, struct run *run, const struct db_val **row)
{
	bool shown;
	int rc;

	while ((rc = query_fetch(rq, run, row, &shown)) == 1 && !shown)
		continue;
	return (rc);
}

void
query_stop(struct rq *rq, struct run *run)
{

	seal_batch_end(&run->ids, rq->w->key, &rq->out);
	db_done(run->p->st);
}

bool
query_may_see(const struct rq *rq, const struct prepared *p, size_t i)
{
	const struct column *c = &p->columns[i];

	return (c->role == COLUMN_FIELD && rq->who.rights != NULL && may_see(rq->who.rights, c->field));
}

/* Where a member comes from. */
struct source {
	int column; /* -1: the role may not see it */
	bool masked;
};

static int
map(struct rq *rq, const struct prepared *p, const struct col *cols, size_t n, struct source *from)
{
	size_t j = 0;

	for (size_t i = 0; i < n; i++) {
		bool hidden = cols[i].name[0] == '_';
		size_t tried = 0;

		/* Members mostly stand in the order of the columns. */
		for (; tried < p->n_columns && !str_eqz(p->columns[j].name, cols[i].name); tried++)
			j = j + 1 < p->n_columns ? j + 1 : 0;
		if (tried == p->n_columns) {
			log_error("statement", "no column %s", cols[i].name);
			problem(rq, P_internal, "%s", "");
			return (-1);
		}
		from[i].column = hidden || rq->system || query_may_see(rq, p, j) ? (int)j : -1;
		from[i].masked =
		    !hidden && !rq->system && from[i].column != -1 && !may_read(rq->who.rights, p->columns[j].field);
	}
	return (0);
}

static void
store(struct rq *rq, const struct col *c, const struct source *from, const struct db_val *row, void *out)
{
	const struct db_val *v = from->column == -1 ? NULL : &row[from->column];
	void *to = (char *)out + c->offset;
	int64_t days = DATE_NONE;

	switch (c->type) {
	case COL_INT:
		*(int64_t *)to = v != NULL && v->type == DB_INT ? v->i : 0;
		break;
	case COL_STR:
		if (v == NULL || v->type != DB_TEXT)
			*(struct str *)to = S("");
		else
			*(struct str *)to = from->masked ? mask_text(rq->a, v->s) : arena_str(rq->a, v->s);
		break;
	case COL_DATE:
		if (v != NULL && v->type == DB_TEXT && date_parse(v->s, &days) == -1)
			days = DATE_NONE;
		*(int64_t *)to = days;
		break;
	}
}

int64_t
query_rows(struct rq *rq, enum query q, const struct col *cols, size_t n, size_t size, size_t max, void **rows)
{
	struct run run = {0};
	const struct db_val *row;
	struct source from[COLUMNS_MAX];
	int rc;
	size_t count = 0, room = 0;
	char *out = NULL, *larger;

	if (n > COLUMNS_MAX || query_start(rq, q, &run) == -1 || map(rq, run.p, cols, n, from) == -1)
		return (-1);
	while ((rc = query_next(rq, &run, &row)) == 1) {
		if (count == max) {
			query_stop(rq, &run);
			problem(rq, P_internal, "more than %zu rows", max);
			return (-1);
		}
		if (count == room) {
			room = room == 0 ? 8 : 2 * room;
			larger = arena_alloc(rq->a, room * size);
			if (count > 0)
				memcpy(larger, out, count * size);
			out = larger;
		}
		memset(out + count * size, 0, size);
		for (size_t i = 0; i < n; i++)
			store(rq, &cols[i], &from[i], row, out + count * size);
		count++;
	}
	*rows = out;
	return (rc == -1 ? -1 : (int64_t)count);
}

int
query_keep(
    struct rq *rq, const struct prepared *p, const struct db_val *row, const struct col *cols, size_t n, void *out)
{
	struct source from[COLUMNS_MAX];

	if (n > COLUMNS_MAX || map(rq, p, cols, n, from) == -1)
		return (-1);
	for (size_t i = 0; i < n; i++)
		store(rq, &cols[i], &from[i], row, out);
	return (0);
}

int
query_row(struct rq *rq, enum query q, const struct col *cols, size_t n, void *out)
{
	struct run run = {0};
	const struct db_val *row;
	int rc;

	if (query_start(rq, q, &run) == -1 || (rc = query_next(rq, &run, &row)) == -1)
		return (-1);
	if (rc == 1 && query_keep(rq, run.p, row, cols, n, out) == -1)
		rc = -1;
	query_stop(rq, &run);
	return (rc);
}

int64_t
query_run(struct rq *rq, enum query q)
{
	struct run run = {0};

	if (query_start(rq, q, &run) == -1)
		return (-1);
	return (db_changed(rq->w->db));
}

int
query_id(struct rq *rq, enum resource res)
{
	int64_t id;

	if (seal_id_open(rq->w->key, res, rq->id_text, &id) == -1) {
		problem(rq, P_not_found, "%s", "");
		return (-1);
	}
	arg_int(rq, "id", id);
	return (0);
}

int
query_lock(struct rq *rq, enum resource res)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	char name[64];
	int64_t id;
	int q, rc;

	snprintf(name, sizeof(name), "%s_lock", access_resources[res].name);
	if ((q = statement_find(name)) == -1) {
		log_error("statement", "there is no %s", name);
		problem(rq, P_internal, "%s", "");
		return (-1);
	}
	if ((rc = query_row(rq, (enum query)q, COLS(cols), &id)) == 0)
		problem(rq, P_not_found, "%s", "");
	return (rc == 1 ? 0 : -1);
}
