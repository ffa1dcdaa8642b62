#include "core/export.h"

#include <string.h>

#include "base/date.h"
#include "core/audit.h"
#include "core/products.h"
#include "core/rights.h"

static const struct {
	const char *name, *content_type;
} formats[FORMAT__MAX] = {
    [FORMAT_json] = {"json", "application/json"},
    [FORMAT_csv] = {"csv", "text/csv; charset=utf-8; header=present"},
    [FORMAT_ndjson] = {"ndjson", "application/x-ndjson"},
};

int
export_action(enum resource res)
{

	for (int a = 0; a < ACT__MAX; a++)
		if (access_actions[a].resource == res && strcmp(access_actions[a].verb, "export") == 0)
			return (a);
	return (-1);
}

bool
export_asked(struct rq *rq)
{
	struct str asked;

	if (rq->n_params == 0 || rq->method != GET || rq->id_text.n > 0 || rq->action >= ACT__MAX)
		return (false);
	asked = rq_param(rq, "format");
	if (asked.p == NULL || export_action(access_actions[rq->action].resource) == -1)
		return (false);
	for (int f = FORMAT_json + 1; f < FORMAT__MAX; f++)
		if (str_eqz(asked, formats[f].name))
			rq->format = (enum format)f;
	return (rq->format != FORMAT_json);
}

/* The customer segments of both; a NULL is any. */
static struct segments
segments_of_both(const struct segments *x, const struct segments *y)
{
	struct segments both = {.n = 0};

	if (x == NULL || y == NULL)
		return (x == NULL ? *y : *x);
	for (size_t i = 0; i < x->n; i++)
		if (segments_has(y, x->ids[i]))
			both.ids[both.n++] = x->ids[i];
	return (both);
}

/* What the asker is shown of the catalogue, for rows that name something of it. */
static void
keep_catalogue(const struct rights *r, struct rights *out)
{
	const struct products *sold = rights_products(r, ACT_offering_read);

	out->scope[ACT_offering_read] = r->scope[ACT_offering_read];
	if (sold == NULL)
		return;
	out->products[2] = *sold;
	out->product[ACT_offering_read] = 2;
}

/* What the asker may read, and of all actions the export and that alone: of the rows that both give.  False: of none. */
static bool
meet(const struct rights *r, enum action read, enum action export, struct rights *out)
{
	const struct segments *sets[] = {
	    r->set[read] == 0 ? NULL : &r->sets[r->set[read]], r->set[export] == 0 ? NULL : &r->sets[r->set[export]]};
	const struct products *sold[] = {rights_products(r, read), rights_products(r, export)};
	const enum scope scope = rights_meet_scope(read, (enum scope)r->scope[read], (enum scope)r->scope[export]);

	*out = *r;
	memset(out->scope, 0, sizeof(out->scope));
	memset(out->set, 0, sizeof(out->set));
	memset(out->product, 0, sizeof(out->product));
	out->scope[export] = (uint8_t)scope;
	keep_catalogue(r, out);
	if (sets[0] != NULL || sets[1] != NULL) {
		out->sets[1] = segments_of_both(sets[0], sets[1]);
		out->n_sets = 2;
		out->set[export] = 1;
		if (out->sets[1].n == 0)
			return (false);
	}
	if (sold[0] != NULL || sold[1] != NULL) {
		out->products[1] = *(sold[0] == NULL ? sold[1] : sold[0]);
		if (sold[0] != NULL && sold[1] != NULL)
			products_meet(&out->products[1], sold[1]);
		out->product[export] = 1;
		/* What is one's own customer's is kept to no products, so the two cannot be said at once. */
		if (scope == SCOPE_own || scope == SCOPE_customer || scope == SCOPE_family)
			return (false);
	}
	return (scope != SCOPE_none);
}

int
export_admit(struct rq *rq)
{
	const enum action read = rq->action;
	const enum action export = (enum action)export_action(access_actions[read].resource);
	const struct rights *r = rq->who.rights;
	struct rights *both = arena_alloc(rq->a, sizeof(*both));

	rq->action = export;
	if (!meet(r, read, export, both))
		return (problem(rq, P_forbidden, "the role may see this list, but not take it out as a whole"));
	rq->who.rights = both;
	return (0);
}

/* A row of the audit; the list's own statement must not find its parameters.  0, or -1 with the problem set. */
static int
tell(struct rq *rq, const char *how, struct str detail)
{
	const struct str name = arena_printf(rq->a, "%s%s", access_actions[rq->action].name, how);
	const size_t n = rq->n_args;
	int rc;

	rq->audit_detail = detail;
	rc = audit_write(rq, name.p, true);
	rq->n_args = n;
	return (rc);
}

/* "customers-2026-06-01.csv": the last part of the address, and the day. */
static void
name_file(struct rq *rq)
{
	const char *list = arena_str(rq->a, rq->path).p;
	char now[20];

	date_now_sql(now);
	rq_header(rq, "Content-Disposition",
	    arena_printf(
		rq->a, "attachment; filename=\"%s-%.10s.%s\"", strrchr(list, '/') + 1, now, formats[rq->format].name));
}

int
export_begin(struct rq *rq)
{
	struct str by = S("");

	/* What it was asked by, and never for what: that may be somebody's name. */
	for (size_t i = 0; i < rq->n_params; i++)
		if (!str_eqz(rq->params[i].name, "format"))
			by = arena_printf(rq->a, "%.*s %.*s", STR_ARG(by), STR_ARG(rq->params[i].name));
	if (tell(rq, "",
		arena_printf(rq->a, "%s%s%.*s", formats[rq->format].name, by.n > 0 ? " by" : "", STR_ARG(by))) == -1)
		return (-1);
	rq->content_type_out = formats[rq->format].content_type;
	name_file(rq);
	return (0);
}

int
export_end(struct rq *rq, int64_t rows, bool whole)
{
	const enum problem before = rq->problem;
	int rc;

	rq->problem = P_none; /* or no statement would run any more */
	rc = tell(
	    rq, whole ? ".done" : ".cut", arena_printf(rq->a, "%s %lld", formats[rq->format].name, (long long)rows));
	if (before != P_none)
		rq->problem = before;
	return (rc);
}
