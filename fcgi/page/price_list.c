/* Price lists: which there are, what they are called, and when each version of them began. */
#include "base/money.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/price_part.h"

#define VERSIONS_MAX 10000
#define CODE_MAX 40

/* GET /api/v1/price-lists?tenant=&cursor=  by name. */
int
price_list_list(struct rq *rq)
{

	return (query_list(rq, Q_price_list_list));
}

void
price_number(struct buf *b, const char *name, struct str v)
{

	json_name(b, name);
	if (v.n == 0) {
		buf_addz(b, "null");
		return;
	}
	buf_char(b, '"');
	money_price(b, v, 0);
	buf_char(b, '"');
}

const struct col price_tier_cols[PRICE_TIER_N_COLS] = {COL_I_(price_tier_row, of), COL_S_(price_tier_row, above),
    COL_S_(price_tier_row, up_to), COL_S_(price_tier_row, unit), COL_S_(price_tier_row, flat)};

void
price_tiers(struct buf *b, const struct price_tier_row *t, int64_t n)
{

	buf_addz(b, ",\"tiers\":[");
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{\"unit\":\"" : ",{\"unit\":\"");
		money_price(b, t[i].unit, 0);
		buf_char(b, '"');
		price_number(b, "flat", t[i].flat);
		price_number(b, "above", t[i].above);
		price_number(b, "up_to", t[i].up_to);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

int64_t
price_tier_first(const struct price_tier_row *t, int64_t n, int64_t of, int64_t *end)
{
	int64_t from = 0, upto = n;

	while (from < upto) {
		const int64_t middle = from + (upto - from) / 2;

		if (t[middle].of < of)
			from = middle + 1;
		else
			upto = middle;
	}
	for (*end = from; *end < n && t[*end].of == of;)
		++*end;
	return (from);
}

struct version {
	struct str starts;
};
static const struct col version_cols[] = {COL_S_(version, starts)};

/* The object goes on with what was published and when. */
static int
write_versions(struct rq *rq)
{
	struct version *v = NULL;
	int64_t n =
	    query_rows_system(rq, Q_price_list_versions, COLS(version_cols), sizeof(*v), VERSIONS_MAX, (void **)&v);

	if (n == -1)
		return (-1);
	rq->out.n--; /* of the object */
	json_name(&rq->out, "versions");
	buf_char(&rq->out, '[');
	for (int64_t i = 0; i < n; i++)
		buf_printf(&rq->out, "%s{\"starts\":\"%.*s\"}", i == 0 ? "" : ",", STR_ARG(v[i].starts));
	buf_addz(&rq->out, "]}");
	return (0);
}

/* GET /api/v1/price-lists/:id */
int
price_list_get(struct rq *rq)
{
	const int status = query_one(rq, Q_price_list_one);

	if (status != 200 || !may_read(rq->who.rights, FLD_price_list_versions))
		return (status);
	return (write_versions(rq) == -1 ? problem_status(rq->problem) : 200);
}

/* ---- writing ---- */

static void
wrong(struct rq *rq, struct str member, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(member)), code, "%s", detail);
}

static bool
is_code(struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' ||
			s.p[i] == '_'))
			return (false);
	return (s.n > 0 && s.n <= CODE_MAX);
}

static void
read_member(struct rq *rq, const struct json *m)
{
	const bool makes = rq->action == ACT_price_list_create, name = str_eqz(m->key, "name"),
		   is_default = str_eqz(m->key, "is_default");

	if (!makes &&
	    !((name && may_write(rq->who.rights, FLD_price_list_name)) ||
		(is_default && may_write(rq->who.rights, FLD_price_list_is_default))))
		wrong(rq, m->key, "not_writable", "it cannot be set here");
	else if (name && (m->type != JSON_STRING || !str_is_line(m->s) || str_is_blank(m->s) || str_chars(m->s) > 100))
		wrong(rq, m->key, "length", "it needs 1 to 100 characters on one line");
	else if (is_default && m->type != JSON_BOOL)
		wrong(rq, m->key, "type", "it must be true or false");
	else if (is_default)
		arg_int(rq, "is_default", m->number != 0);
	else if (name)
		arg_text(rq, "name", m->s);
	else if (str_eqz(m->key, "code") && (m->type != JSON_STRING || !is_code(m->s)))
		wrong(rq, m->key, "code", "it needs 1 to 40 of a to z, 0 to 9, - and _");
	else if (str_eqz(m->key, "code") || (str_eqz(m->key, "currency") && m->type == JSON_STRING && m->s.n == 3))
		arg_text(rq, str_eqz(m->key, "code") ? "code" : "currency", m->s);
	else if (str_eqz(m->key, "currency"))
		wrong(rq, m->key, "code", "it is not a currency like EUR");
	else
		wrong(rq, m->key, "not_writable", "it cannot be set here");
}

static const struct db_val *
given(const struct rq *rq, const char *name)
{

	for (size_t i = 0; i < rq->n_args; i++)
		if (str_eqz(str_of(name), rq->args[i].name) && rq->args[i].v.type != DB_NULL)
			return (&rq->args[i].v);
	return (NULL);
}

/* The members of the body as parameters, NULL where absent.  0, or -1 with 422. */
static int
read_members(struct rq *rq)
{
	static const char *const needed[] = {"code", "name", "currency"};
	bool good;

	arg_null(rq, "name");
	arg_null(rq, "is_default");
	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		read_member(rq, m);
	good = rq->problem == P_none;
	for (size_t i = 0; rq->action == ACT_price_list_create && good && i < 3; i++)
		if (given(rq, needed[i]) == NULL)
			wrong(rq, str_of(needed[i]), "missing", "it is missing");
	return (rq->problem == P_none ? 0 : -1);
}

struct found {
	int64_t id;
};
static const struct col found_cols[] = {COL_I_(found, id)};

/* POST /api/v1/price-lists {code, name, currency, is_default?}  of the own tenant; answers the list, which has no version. */
int
price_list_create(struct rq *rq)
{
	struct found row = {0};
	struct buf name;
	int status, rc;

	if (read_members(rq) == -1)
		return (problem_status(rq->problem));
	if ((rc = query_row_system(rq, Q_price_list_currency, COLS(found_cols), &row)) == 0)
		wrong(rq, S("currency"), "code", "it is not a currency like EUR");
	if (rc != -1 && (rc = query_row_system(rq, Q_price_list_taken, COLS(found_cols), &row)) == 1)
		wrong(rq, S("code"), "taken", "another of your lists has it");
	if (rq->problem != P_none || rc == -1)
		return (problem_status(rq->problem));
	if (given(rq, "is_default") == NULL)
		arg_int(rq, "is_default", 0);
	if ((given(rq, "is_default")->i != 0 && query_run_system(rq, Q_price_list_default_off) == -1) ||
	    query_run_system(rq, Q_price_list_insert) == -1 ||
	    query_row_system(rq, Q_price_list_made, COLS(found_cols), &row) != 1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_price_list, row.id, &name);
	rq->id_text = buf_str(&name);
	rq->audit_object = row.id;
	status = price_list_get(rq);
	return (status == 200 ? 201 : status);
}

struct kept {
	int64_t of_tenant;
	struct str currency;
};
static const struct col kept_cols[] = {COL_I_(kept, of_tenant), COL_S_(kept, currency)};

int
price_list_own(struct rq *rq, int64_t tenant)
{

	if (tenant == rq->who.tenant_id)
		return (0);
	problem(rq, P_conflict, "a price list is changed by who sells by it, and by nobody else");
	return (-1);
}

/* PATCH /api/v1/price-lists/:id {name?, is_default?} */
int
price_list_patch(struct rq *rq)
{
	struct kept k;
	int64_t id;
	int rc;

	arg_null(rq, "starts");
	if (seal_id_open(rq->w->key, RES_price_list, rq->id_text, &id) == -1)
		return (problem(rq, P_not_found, "%s", ""));
	if (read_members(rq) == -1 || (rc = query_row(rq, Q_price_list_state, COLS(kept_cols), &k)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	if (price_list_own(rq, k.of_tenant) == -1)
		return (problem_status(rq->problem));
	arg_text(rq, "currency", k.currency);
	if ((given(rq, "is_default") != NULL && given(rq, "is_default")->i != 0 &&
		query_run_system(rq, Q_price_list_default_off) == -1) ||
	    query_run(rq, Q_price_list_edit) == -1)
		return (problem_status(rq->problem));
	rq->audit_object = id;
	return (price_list_get(rq));
}
