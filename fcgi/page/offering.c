/* What can be sold, as it is seen and written. */
#include "base/money.h"
#include "core/products.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/offering_part.h"
#include "page/page.h"
#include "page/product_part.h"
#include "paper/words.h"

#define CODE_MAX 40
#define NAME_MAX_CHARS 100

/* GET /api/v1/offerings?q=&cursor=  by name. */
int
offering_list(struct rq *rq)
{

	return (query_list(rq, Q_offering_list));
}

/* GET /api/v1/offerings/:id */
int
offering_get(struct rq *rq)
{

	return (query_one(rq, Q_offering_one));
}

static const struct col found_cols[] = {COL_I_(offering_found, id), COL_I_(offering_found, segment_of),
    COL_S_(offering_found, kind), COL_S_(offering_found, currency_of)};

int
offering_find(struct rq *rq, struct offering_found *o)
{
	int rc;

	if (query_id(rq, RES_offering) == -1 || (rc = query_row(rq, Q_offering_state, COLS(found_cols), o)) == -1)
		return (-1);
	if (rc == 0)
		problem(rq, P_not_found, "%s", "");
	return (rc == 1 ? 0 : -1);
}

struct used {
	struct str until;
};
static const struct col used_cols[] = {COL_S_(used, until)};

int
offering_unused(struct rq *rq)
{
	struct used used = {{NULL, 0}};

	if (rq->problem != P_none || query_row_system(rq, Q_offering_used, COLS(used_cols), &used) == -1)
		return (-1);
	if (used.until.n > 0)
		problem_field(rq, P_invalid, S("/starts"), "used",
		    "usage up to %.*s is in already: begin behind that day", STR_ARG(used.until));
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- writing ---- */

/* What a body says; NULL: it says nothing of that. */
struct wanted {
	const struct json *product, *code, *name, *kind, *unit, *currency, *shared, *early_end, *state;
};

static const struct member {
	const char *name;
	size_t offset;
	bool edited; /* else it stays as it was made */
	enum field field;
} members[] = {
    {"product", offsetof(struct wanted, product), true, FLD_offering_product},
    {"code", offsetof(struct wanted, code), false, FLD_offering_code},
    {"name", offsetof(struct wanted, name), true, FLD_offering_name},
    {"kind", offsetof(struct wanted, kind), false, FLD_offering_kind},
    {"unit", offsetof(struct wanted, unit), false, FLD_offering_unit},
    {"currency", offsetof(struct wanted, currency), false, FLD_offering_currency},
    {"shared", offsetof(struct wanted, shared), true, FLD_offering_shared},
    {"early_end", offsetof(struct wanted, early_end), true, FLD_offering_early_end},
    {"state", offsetof(struct wanted, state), true, FLD_offering_state},
};
#define N_MEMBERS (sizeof(members) / sizeof(members[0]))

static bool
is_code(struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
			(s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '_'))
			return (false);
	return (s.n > 0 && s.n <= CODE_MAX);
}

static bool
is_name(struct str s)
{

	return (str_is_line(s) && !str_is_blank(s) && str_chars(s) <= NAME_MAX_CHARS);
}

static bool
is_kind(struct str s)
{

	return (str_eqz(s, "one_time") || str_eqz(s, "recurring") || str_eqz(s, "usage"));
}

static bool
is_currency(struct str s)
{

	return (s.n == 3 && money_decimals(s) != -1);
}

/* From 0 to 100, with two places at most. */
static bool
is_per_cent(struct str s)
{
	int64_t v;

	return (
	    money_millionths(s, &v) == 0 && v >= 0 && v <= (int64_t)100 * PRICE_SCALE && v % (PRICE_SCALE / 100) == 0);
}

static bool
is_state(struct str s)
{

	return (str_eqz(s, "active") || str_eqz(s, "ended"));
}

/* A member that is a text becomes a parameter; NULL where it is absent. */
static void
text(struct rq *rq, const char *name, const struct json *v, bool (*good)(struct str), const char *code,
    const char *detail)
{

	if (v == NULL)
		arg_null(rq, name);
	else if (v->type != JSON_STRING || !good(v->s))
		member_wrong(rq, name, code, detail);
	else
		arg_text(rq, name, v->s);
}

static void
set_args(struct rq *rq, const struct wanted *w)
{

	text(rq, "code", w->code, is_code, "code", "it needs 1 to 40 of A to Z, a to z, 0 to 9, - and _");
	text(rq, "name", w->name, is_name, "length", "it needs 1 to 100 characters on one line");
	text(rq, "kind", w->kind, is_kind, "code", "it is one_time, recurring or usage");
	text(rq, "unit", w->unit, words_unit_known, "code", "it is not one of the known units");
	text(rq, "currency", w->currency, is_currency, "code", "it is not a currency like EUR");
	text(rq, "early_end", w->early_end, is_per_cent, "number",
	    "it is per cent from 0 to 100, as text, with two places at most");
	text(rq, "state", w->state, is_state, "code", "it is active or ended");
	if (w->shared == NULL)
		arg_null(rq, "shared");
	else if (w->shared->type != JSON_BOOL)
		member_wrong(rq, "shared", "type", "it must be true or false");
	else
		arg_int(rq, "shared", w->shared->number != 0);
}

/* 0, or -1 with 422. */
static int
read_body(struct rq *rq, struct wanted *w)
{
	const bool makes = rq->action == ACT_offering_create;
	size_t i;

	*w = (struct wanted){NULL};
	for (const struct json *v = rq->body->first; v != NULL; v = v->next) {
		for (i = 0; i < N_MEMBERS && !str_eqz(v->key, members[i].name); i++)
			continue;
		if (i == N_MEMBERS || (makes && members[i].field == FLD_offering_state) ||
		    (!makes && !(members[i].edited && may_write(rq->who.rights, members[i].field))))
			member_wrong(rq, arena_str(rq->a, v->key).p, "not_writable", "it cannot be set here");
		else
			*(const struct json **)(void *)((char *)w + members[i].offset) = v;
	}
	for (i = 0; makes && i < N_MEMBERS; i++)
		if (members[i].field != FLD_offering_state && members[i].field != FLD_offering_shared &&
		    members[i].field != FLD_offering_early_end &&
		    *(const struct json **)(void *)((char *)w + members[i].offset) == NULL)
			member_wrong(rq, members[i].name, "missing", "it is missing");
	set_args(rq, w);
	return (rq->problem == P_none ? 0 : -1);
}

/* The product segment that the body names into *id and :product; one that the role is not shown is as one that there is
 * not.  0, or -1 with the problem set. */
static int
find_product(struct rq *rq, const struct json *v, int64_t *id)
{
	const struct products *kept = rights_products(rq->who.rights, rq->action);
	struct product_tree *t = arena_alloc(rq->a, sizeof(*t));

	*id = 0;
	if (v == NULL) {
		arg_null(rq, "product");
		return (0);
	}
	if (v->type != JSON_STRING || seal_id_open(rq->w->key, RES_product, v->s, id) == -1) {
		member_wrong(rq, "product", "id", "it is not an id of that kind");
		return (-1);
	}
	if (product_tree_get(rq, t) == -1)
		return (-1);
	if (!products_has(&t->all, *id) || (kept != NULL && !products_has(kept, *id))) {
		member_wrong(rq, "product", "unknown", "you have no such product segment");
		return (-1);
	}
	arg_int(rq, "product", *id);
	return (0);
}

static const struct col id_cols[] = {{"_id", COL_INT, 0}};

/* POST /api/v1/offerings {code, name, kind, unit, product, currency, shared?, early_end?}  of the own tenant.  It has no price yet. */
int
offering_create(struct rq *rq)
{
	struct wanted w;
	struct buf name;
	int64_t id;
	int status, rc;

	if (read_body(rq, &w) == -1 || find_product(rq, w.product, &id) == -1)
		return (problem_status(rq->problem));
	if (w.shared == NULL)
		arg_int(rq, "shared", 0);
	if ((rc = query_row_system(rq, Q_offering_taken, COLS(id_cols), &id)) == 1)
		member_wrong(rq, "code", "taken", "another offering has it");
	if (rq->problem != P_none || rc == -1)
		return (problem_status(rq->problem));
	if (query_run_one_system(rq, Q_offering_insert) == -1 ||
	    query_row_system(rq, Q_offering_made, COLS(id_cols), &id) != 1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_offering, id, &name);
	rq->id_text = buf_str(&name);
	rq->audit_object = id;
	status = offering_get(rq);
	return (status == 200 ? 201 : status);
}

/* PATCH /api/v1/offerings/:id {product?, name?, shared?, early_end?, state?}  What is subscribed goes on when it is ended. */
int
offering_patch(struct rq *rq)
{
	int64_t product, sold = 0;
	struct wanted w;
	struct offering_found o;

	if (query_id(rq, RES_offering) == -1 || read_body(rq, &w) == -1 ||
	    find_product(rq, w.product, &product) == -1 || offering_find(rq, &o) == -1)
		return (problem_status(rq->problem));
	if (product != 0 && product != o.segment_of) {
		if (query_row_system(rq, Q_offering_sold, COLS(id_cols), &sold) == -1)
			return (problem_status(rq->problem));
		if (sold)
			member_wrong(
			    rq, "product", "sold", "it was bought already, and what was bought stays in its segment");
	}
	if (rq->problem != P_none || query_run(rq, Q_offering_edit) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = o.id;
	return (offering_get(rq));
}
