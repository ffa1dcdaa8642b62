/* What comes with an offering when it is ordered.  What is subscribed already stays as it is. */
#include "base/money.h"
#include "core/products.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/offering_part.h"
#include "page/page.h"
#include "page/price_part.h"
#include "trade/price_bands.h"

#define PARTS_MAX 50
#define PARTS_JSON 8192

struct part {
	int64_t part, segment_of, shared;
	struct str quantity, name;
};
static const struct col part_cols[] = {
    COL_I_(part, part), COL_I_(part, segment_of), COL_I_(part, shared), COL_S_(part, quantity), COL_S_(part, name)};

/* The offering of the address, and what comes with it.  How many, or -1. */
static int64_t
look(struct rq *rq, struct offering_found *o, struct part **parts)
{

	if (offering_find(rq, o) == -1)
		return (-1);
	return (query_rows_system(rq, Q_offering_parts, COLS(part_cols), sizeof(**parts), PARTS_MAX, (void **)parts));
}

/* Is the part itself shown to who asks?  What was shared with all when it became one may be no more. */
static bool
is_shown(const struct rq *rq, const struct part *p)
{
	const struct products *kept = rights_products(rq->who.rights, ACT_offering_read);

	return ((p->shared || rq->who.rights->scope[ACT_offering_read] != SCOPE_shared) &&
	    (kept == NULL || products_has(kept, p->segment_of)));
}

/* GET /api/v1/offerings/:id/parts  {"parts":[{"offering":"off_...","name":"...","quantity":"2"}]} as far as who asks is
 * shown them. */
int
offering_parts(struct rq *rq)
{
	struct offering_found o;
	struct part *p = NULL;
	int64_t n;
	bool any = false;

	if ((n = look(rq, &o, &p)) == -1)
		return (problem_status(rq->problem));
	buf_addz(&rq->out, "{\"parts\":[");
	for (int64_t i = 0; i < n; i++) {
		if (!may_read(rq->who.rights, FLD_offering_parts) || !is_shown(rq, &p[i]))
			continue;
		buf_addz(&rq->out, any ? ",{" : "{");
		any = true;
		seal_member(rq->w->key, "offering", RES_offering, p[i].part, &rq->out);
		json_text(&rq->out, "name", p[i].name);
		price_number(&rq->out, "quantity", p[i].quantity);
		buf_char(&rq->out, '}');
	}
	buf_addz(&rq->out, "]}");
	return (200);
}

/* ---- writing ---- */

struct wanted {
	int64_t id, quantity; /* in millionths */
};

static void
wrong(struct rq *rq, size_t i, const char *member, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, arena_printf(rq->a, "/parts/%zu/%s", i, member), code, "%s", detail);
}

static void
read_part(struct rq *rq, size_t i, const struct json *part, struct wanted *to)
{
	const struct str at = arena_printf(rq->a, "/parts/%zu/quantity", i);

	*to = (struct wanted){0, 0};
	for (const struct json *m = part->type == JSON_OBJECT ? part->first : NULL; m != NULL; m = m->next)
		if (str_eqz(m->key, "quantity")) {
			price_decimal(rq, at, m, PRICE_MOST, &to->quantity);
			if (rq->problem == P_none && to->quantity == 0)
				wrong(rq, i, "quantity", "number", "it must be more than nothing");
		} else if (!str_eqz(m->key, "offering"))
			wrong(rq, i, arena_str(rq->a, m->key).p, "not_writable", "it cannot be set here");
		else if (m->type != JSON_STRING || seal_id_open(rq->w->key, RES_offering, m->s, &to->id) == -1)
			wrong(rq, i, "offering", "id", "it is not an id of that kind");
	if (rq->problem == P_none && (to->id == 0 || to->quantity == 0))
		wrong(rq, i, to->id == 0 ? "offering" : "quantity", "missing", "it is missing");
}

/* :parts of the body.  How many, or -1 with 422. */
static int64_t
read_body(struct rq *rq)
{
	const struct json *list = rq->body->first;
	struct wanted w[PARTS_MAX];
	struct buf b;
	size_t n = 0;

	if (list == NULL || list->next != NULL || !str_eqz(list->key, "parts") || list->type != JSON_ARRAY) {
		problem_field(
		    rq, P_invalid, S("/parts"), "missing", "%s", "it takes \"parts\", a list, and nothing else");
		return (-1);
	}
	buf_init(&b, rq->a, PARTS_JSON);
	buf_char(&b, '[');
	for (const struct json *m = list->first; m != NULL && rq->problem == P_none; m = m->next, n++) {
		if (n == PARTS_MAX) {
			problem_field(
			    rq, P_invalid, S("/parts"), "length", "at most %d come with an offering", PARTS_MAX);
			break;
		}
		read_part(rq, n, m, &w[n]);
		for (size_t i = 0; i < n; i++)
			if (w[i].id == w[n].id && rq->problem == P_none)
				wrong(rq, n, "offering", "twice", "it is named twice");
		buf_printf(&b, "%s[%lld,\"%lld.%06lld\"]", n == 0 ? "" : ",", (long long)w[n].id,
		    (long long)(w[n].quantity / PRICE_SCALE), (long long)(w[n].quantity % PRICE_SCALE));
	}
	buf_char(&b, ']');
	arg_text(rq, "parts", buf_str(&b));
	return (rq->problem == P_none ? (int64_t)n : -1);
}

struct fit {
	int64_t n, segment_of;
};
static const struct col fit_cols[] = {COL_I_(fit, n), COL_I_(fit, segment_of)};

/* Can each of the n come with it, and is it shown to who asks?  0, or -1. */
static int
judge(struct rq *rq, const struct products *kept, int64_t n)
{
	bool fits[PARTS_MAX] = {false};
	struct fit *f = NULL;
	int64_t found;

	found = query_rows_system(rq, Q_offering_parts_fit, COLS(fit_cols), sizeof(*f), PARTS_MAX, (void **)&f);
	if (found == -1)
		return (-1);
	for (int64_t i = 0; i < found; i++)
		fits[f[i].n - 1] = kept == NULL || products_has(kept, f[i].segment_of);
	for (int64_t i = 0; i < n; i++)
		if (!fits[i])
			wrong(rq, (size_t)i, "offering", "unlike",
			    "it cannot come with this one: it is sold otherwise, or is a bundle itself");
	return (rq->problem == P_none ? 0 : -1);
}

/* PUT /api/v1/offerings/:id/parts {parts: [{offering, quantity}]}  with each that is ordered from now on. */
int
offering_bundle(struct rq *rq)
{
	const struct products *kept = rights_products(rq->who.rights, ACT_offering_edit);
	struct offering_found o;
	struct part *p = NULL;
	int64_t n, wanted;

	if (!may_write(rq->who.rights, FLD_offering_parts))
		return (problem(rq, P_forbidden, "%s", ""));
	if (query_id(rq, RES_offering) == -1 || query_lock(rq, RES_offering) == -1 || (n = look(rq, &o, &p)) == -1)
		return (problem_status(rq->problem));
	for (int64_t i = 0; i < n; i++)
		if (kept != NULL && !products_has(kept, p[i].segment_of))
			return (problem(rq, P_forbidden, "something comes with it that you are not shown"));
	if ((wanted = read_body(rq)) == -1 || judge(rq, kept, wanted) == -1 ||
	    query_run_system(rq, Q_offering_parts_drop) == -1 ||
	    (wanted > 0 && query_run_system(rq, Q_offering_parts_add) == -1))
		return (problem_status(rq->problem));
	rq->audit_object = o.id;
	rq->audit_detail = arena_printf(rq->a, "%lld parts", (long long)wanted);
	return (offering_parts(rq));
}
