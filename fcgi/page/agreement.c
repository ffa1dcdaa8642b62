/* Agreements of the channel's edges: as who sells sees them, as who buys may know them, and new ones.  One is never
 * changed: another one takes its place from a day on. */
#include "base/date.h"
#include "base/money.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/member_part.h"
#include "page/page.h"

#define AGENTS_MAX 20
#define PER_CENT_MAX ((int64_t)100 * PRICE_SCALE)

/* GET /api/v1/agreements?tenant=&cursor=  the latest first. */
int
agreement_list(struct rq *rq)
{

	return (query_list(rq, Q_agreement_list));
}

/* GET /api/v1/purchases?cursor=  likewise. */
int
purchase_list(struct rq *rq)
{

	return (query_list(rq, Q_purchase_list));
}

/* GET /api/v1/purchases/:id */
int
purchase_get(struct rq *rq)
{

	return (query_one(rq, Q_purchase_one));
}

struct agent_row {
	int64_t tenant_id;
	struct str name, rate, tax_rate;
};
static const struct col agent_cols[] = {
    COL_I_(agent_row, tenant_id), COL_S_(agent_row, name), COL_S_(agent_row, rate), COL_S_(agent_row, tax_rate)};

/* The object goes on with who earns a commission.  0, or -1 with the problem set. */
static int
write_agents(struct rq *rq)
{
	struct buf *b = &rq->out;
	struct agent_row *g = NULL;
	int64_t n = query_rows_system(rq, Q_agreement_agents, COLS(agent_cols), sizeof(*g), 1000, (void **)&g);

	if (n == -1)
		return (-1);
	b->n--; /* of the object */
	json_name(b, "agents");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "{\"tenant\":\"" : ",{\"tenant\":\"");
		seal_id(rq->w->key, RES_tenant, g[i].tenant_id, b);
		buf_addz(b, "\",\"tenant_name\":");
		json_str(b, g[i].name);
		buf_addz(b, ",\"rate\":\"");
		money_price(b, g[i].rate, 0);
		buf_addz(b, "\",\"tax_rate\":\"");
		money_price(b, g[i].tax_rate, 0);
		buf_addz(b, "\"}");
	}
	buf_addz(b, "]}");
	return (0);
}

/* GET /api/v1/agreements/:id  with its agents. */
int
agreement_get(struct rq *rq)
{
	const int status = query_one(rq, Q_agreement_one);

	if (status != 200 || !may_read(rq->who.rights, FLD_agreement_agents))
		return (status);
	return (write_agents(rq) == -1 ? problem_status(rq->problem) : 200);
}

/* ---- a new one ---- */

struct agent {
	int64_t tenant;
	struct str rate, tax_rate;
};

/* What a body says.  0, and an empty text: it says nothing of that. */
struct wanted {
	int64_t buyer, account, list;
	struct str starts, currency, legal_model, document_mode, collector, floor_action, visibility,
	    self_billing_until, tax_category, tax_rate;
	struct agent agents[AGENTS_MAX];
	size_t n_agents;
};

enum member_type { MEMBER_ID, MEMBER_DAY, MEMBER_CODE, MEMBER_CURRENCY, MEMBER_CATEGORY, MEMBER_RATE };
static const struct member {
	const char *name;
	enum member_type type;
	size_t offset;
	enum resource of;
	const char *codes[4];
} members[] = {
    {"buyer", MEMBER_ID, offsetof(struct wanted, buyer), RES_tenant, {NULL}},
    {"account", MEMBER_ID, offsetof(struct wanted, account), RES_account, {NULL}},
    {"list", MEMBER_ID, offsetof(struct wanted, list), RES_price_list, {NULL}},
    {"starts", MEMBER_DAY, offsetof(struct wanted, starts), RES_tenant, {NULL}},
    {"self_billing_until", MEMBER_DAY, offsetof(struct wanted, self_billing_until), RES_tenant, {NULL}},
    {"currency", MEMBER_CURRENCY, offsetof(struct wanted, currency), RES_tenant, {NULL}},
    {"legal_model", MEMBER_CODE, offsetof(struct wanted, legal_model), RES_tenant, {"resale", "agency", NULL}},
    {"document_mode", MEMBER_CODE, offsetof(struct wanted, document_mode), RES_tenant, {"none", "on_behalf", NULL}},
    {"collector", MEMBER_CODE, offsetof(struct wanted, collector), RES_tenant, {"seller", "root", NULL}},
    {"floor_action", MEMBER_CODE, offsetof(struct wanted, floor_action), RES_tenant, {"allow", "warn", "deny", NULL}},
    {"visibility", MEMBER_CODE, offsetof(struct wanted, visibility), RES_tenant, {"none", "quantity", "price", NULL}},
    {"tax_category", MEMBER_CATEGORY, offsetof(struct wanted, tax_category), RES_tenant, {NULL}},
    {"tax_rate", MEMBER_RATE, offsetof(struct wanted, tax_rate), RES_tenant, {NULL}},
};
#define N_MEMBERS (sizeof(members) / sizeof(members[0]))

static bool
is_one_of(const char *const *codes, struct str s)
{

	for (; *codes != NULL; codes++)
		if (str_eqz(s, *codes))
			return (true);
	return (false);
}

static bool
is_capitals(struct str s, size_t least, size_t most)
{

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return (false);
	return (s.n >= least && s.n <= most);
}

/* A per cent from 0 to 100, with so many places at most. */
static bool
is_per_cent(struct str s, size_t places)
{
	struct str rest;
	int64_t v;

	if (money_millionths(s, &v) == -1 || v < 0 || v > PER_CENT_MAX)
		return (false);
	str_cut(s, '.', &rest);
	return (rest.n <= places);
}

static bool
is_good(const struct member *m, struct str s)
{
	int64_t days;

	switch (m->type) {
	case MEMBER_DAY:
		return (date_parse(s, &days) == 0);
	case MEMBER_CODE:
		return (is_one_of(m->codes, s));
	case MEMBER_CURRENCY:
		return (is_capitals(s, 3, 3) && money_decimals(s) != -1);
	case MEMBER_CATEGORY:
		return (is_capitals(s, 1, 2));
	case MEMBER_RATE:
		return (is_per_cent(s, 2));
	case MEMBER_ID:
		break;
	}
	return (false);
}

static const char *
why_wrong(enum member_type type)
{

	switch (type) {
	case MEMBER_DAY:
		return ("it is not a day like 2026-06-01");
	case MEMBER_CURRENCY:
		return ("it is not a currency like EUR");
	case MEMBER_CATEGORY:
		return ("it is not a category like S");
	case MEMBER_RATE:
		return ("it must be per cent from 0 to 100, as text, with two places at most");
	case MEMBER_CODE:
	case MEMBER_ID:
		break;
	}
	return ("it is not one of the known values");
}

static void
read_member(struct rq *rq, const struct member *m, const struct json *v, struct wanted *w)
{
	void *to = (char *)w + m->offset;

	if (v->type == JSON_NULL)
		return;
	if (m->type == MEMBER_ID) {
		if (v->type != JSON_STRING || seal_id_open(rq->w->key, m->of, v->s, to) == -1)
			member_wrong(rq, m->name, "id", "it is not an id of that kind");
	} else if (v->type != JSON_STRING || !is_good(m, v->s)) {
		member_wrong(rq, m->name, m->type == MEMBER_DAY ? "date" : "code", why_wrong(m->type));
	} else {
		*(struct str *)to = v->s;
	}
}

/* ---- agents ---- */

static void
wrong_agent(struct rq *rq, size_t i, const char *member, const char *code, const char *detail)
{

	member_wrong(rq, arena_printf(rq->a, "agents/%zu/%s", i, member).p, code, detail);
}

static void
read_agent(struct rq *rq, const struct json *object, size_t i, struct agent *g)
{

	*g = (struct agent){0, S(""), S("")};
	for (const struct json *m = object->type == JSON_OBJECT ? object->first : NULL; m != NULL; m = m->next) {
		const bool rate = str_eqz(m->key, "rate"), tax = str_eqz(m->key, "tax_rate");

		if (m->type != JSON_STRING)
			wrong_agent(rq, i, arena_str(rq->a, m->key).p, "type", "it must be a text");
		else if (str_eqz(m->key, "tenant") && seal_id_open(rq->w->key, RES_tenant, m->s, &g->tenant) == -1)
			wrong_agent(rq, i, "tenant", "id", "it is not an id of that kind");
		else if ((rate || tax) && !is_per_cent(m->s, rate ? 6 : 2))
			wrong_agent(
			    rq, i, rate ? "rate" : "tax_rate", "number", "it must be per cent from 0 to 100, as text");
		else if (rate || tax)
			*(rate ? &g->rate : &g->tax_rate) = m->s;
		else if (!str_eqz(m->key, "tenant") && !str_eqz(m->key, "tenant_name"))
			wrong_agent(rq, i, arena_str(rq->a, m->key).p, "unknown", "it is not known here");
	}
	if (rq->problem == P_none && (g->tenant == 0 || g->rate.n == 0 || g->tax_rate.n == 0))
		wrong_agent(rq, i, "", "missing", "it needs tenant, rate and tax_rate");
}

static void
read_agents(struct rq *rq, const struct json *list, struct wanted *w)
{

	if (list->type == JSON_NULL)
		return;
	if (list->type != JSON_ARRAY)
		member_wrong(rq, "agents", "type", "it must be a list");
	for (const struct json *e = list->type == JSON_ARRAY ? list->first : NULL; e != NULL; e = e->next) {
		if (w->n_agents == AGENTS_MAX) {
			member_wrong(rq, "agents", "length", "there are more than 20");
			return;
		}
		read_agent(rq, e, w->n_agents, &w->agents[w->n_agents]);
		for (size_t i = 0; i < w->n_agents; i++)
			if (rq->problem == P_none && w->agents[i].tenant == w->agents[w->n_agents].tenant)
				wrong_agent(rq, w->n_agents, "tenant", "twice", "it stands here twice");
		w->n_agents++;
	}
}

/* ---- the whole body ---- */

static bool
settable(const struct rq *rq, struct str member)
{
	const int f = access_field_of(RES_agreement, member);

	return (f != -1 && access_fields[f].set_by == (int)rq->action && may_write(rq->who.rights, (enum field)f));
}

/* 0, or -1 with 422. */
static int
read_body(struct rq *rq, struct wanted *w)
{
	size_t i;

	*w = (struct wanted){.legal_model = S("resale"),
	    .document_mode = S("none"),
	    .collector = S("seller"),
	    .floor_action = S("warn"),
	    .visibility = S("none")};
	for (const struct json *v = rq->body->first; v != NULL; v = v->next) {
		for (i = 0; i < N_MEMBERS && !str_eqz(v->key, members[i].name); i++)
			continue;
		if (!settable(rq, v->key))
			member_wrong(rq, arena_str(rq->a, v->key).p, "not_writable", "it cannot be set here");
		else if (i < N_MEMBERS)
			read_member(rq, &members[i], v, w);
		else
			read_agents(rq, v, w);
	}
	if (rq->problem != P_none)
		return (-1);
	if (w->starts.n == 0)
		member_wrong(rq, "starts", "missing", "it is missing");
	if (w->currency.n == 0)
		member_wrong(rq, "currency", "missing", "it is missing");
	if (w->buyer != 0 && w->account != 0)
		member_wrong(rq, "account", "both", "it is with a reseller, or with one account, or for all others");
	if ((w->tax_category.n == 0) != (w->tax_rate.n == 0))
		member_wrong(rq, w->tax_rate.n == 0 ? "tax_rate" : "tax_category", "missing",
		    "a category and a rate go together");
	if (w->n_agents > 0 && str_eqz(w->legal_model, "resale"))
		member_wrong(rq, "agents", "needless", "only where it is agency somebody earns a commission");
	return (rq->problem == P_none ? 0 : -1);
}

static void
text_or_null(struct rq *rq, const char *name, struct str s)
{

	if (s.n == 0)
		arg_null(rq, name);
	else
		arg_text(rq, name, s);
}

static void
set_args(struct rq *rq, const struct wanted *w)
{

	for (size_t i = 0; i < N_MEMBERS; i++)
		if (members[i].type != MEMBER_ID)
			text_or_null(rq, members[i].name, *(const struct str *)((const char *)w + members[i].offset));
	arg_null(rq, "buyer");
	arg_null(rq, "list");
	arg_int(rq, "of", 0);
}

struct found {
	int64_t id, account;
};
static const struct col found_cols[] = {COL_I_(found, id), COL_I_(found, account)};

/* One thing that the body names: 0 and the row, or -1 with 422 where there is none that may be named. */
static int
find(struct rq *rq, enum query q, const char *arg, int64_t id, const char *member, struct found *f)
{
	int rc;

	arg_int(rq, arg, id);
	if ((rc = query_row_system(rq, q, COLS(found_cols), f)) == 0)
		member_wrong(rq, member, "unknown", "there is none that you could name here");
	return (rc == 1 ? 0 : -1);
}

/* A buyer that has no account in the currency gets one.  0 and its id in f, or -1 with the problem set. */
static int
make_account(struct rq *rq, const struct wanted *w, struct found *f)
{
	int64_t n;

	if (query_run_system(rq, Q_agreement_customer) == -1 ||
	    (n = query_run_system(rq, Q_agreement_account_add)) == -1)
		return (-1);
	if (n == 0) {
		member_wrong(
		    rq, "buyer", "no_segment", "you have no customer segment that it could be in: make one first");
		return (-1);
	}
	return (find(rq, Q_agreement_buyer, "buyer", w->buyer, "buyer", f));
}

/* Sets :buyer, :of (the account, 0: all others) and :list.  0, or -1 with the problem set. */
static int
find_all(struct rq *rq, const struct wanted *w)
{
	struct found f;

	if (w->list != 0 && find(rq, Q_agreement_price_list, "list", w->list, "list", &f) == -1)
		return (-1);
	if (w->list != 0 && !f.account)
		member_wrong(rq, "list", "currency", "it is in another currency");
	if (w->buyer != 0) {
		if (find(rq, Q_agreement_buyer, "buyer", w->buyer, "buyer", &f) == -1 ||
		    (f.account == 0 && make_account(rq, w, &f) == -1))
			return (-1);
		arg_int(rq, "of", f.account);
	} else if (w->account != 0) {
		if (!rights_covers((enum scope)rq->who.rights->scope[ACT_account_read], SCOPE_tenant))
			member_wrong(rq, "account", "unknown", "there is none that you could name here");
		else if (find(rq, Q_agreement_account, "account", w->account, "account", &f) == -1)
			return (-1);
		else if (!f.account)
			member_wrong(rq, "account", "currency", "it is in another currency");
		arg_int(rq, "of", w->account);
	}
	for (size_t i = 0; i < w->n_agents; i++)
		if (find(rq, Q_agreement_agent, "agent", w->agents[i].tenant,
			arena_printf(rq->a, "agents/%zu/tenant", i).p, &f) == -1)
			return (-1);
	return (rq->problem == P_none ? 0 : -1);
}

struct there {
	int64_t before, later;
};
static const struct col there_cols[] = {COL_I_(there, before), COL_I_(there, later)};
struct billed {
	struct str until;
};
static const struct col billed_cols[] = {COL_S_(billed, until)};

/* May it begin on that day?  What it takes the place of ends then.  0, or -1 with the problem set. */
static int
make_room(struct rq *rq)
{
	struct there t = {0, 0};
	struct billed b = {{NULL, 0}};

	if (query_row_system(rq, Q_agreement_there, COLS(there_cols), &t) != 1 ||
	    query_row_system(rq, Q_agreement_billed, COLS(billed_cols), &b) == -1)
		return (-1);
	if (t.later)
		member_wrong(rq, "starts", "order", "another agreement of that edge begins on that day or later");
	else if (b.until.n > 0)
		problem_field(rq, P_invalid, S("/starts"), "billed",
		    "what it is about is billed already up to %.*s: begin on that day or later", STR_ARG(b.until));
	if (rq->problem != P_none)
		return (-1);
	arg_int(rq, "before", t.before);
	return (t.before != 0 && query_run_system(rq, Q_agreement_end) == -1 ? -1 : 0);
}

/* 0 and the id of the new row, or -1 with the problem set. */
static int
insert(struct rq *rq, const struct wanted *w, int64_t *id)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};

	if (query_run_system(rq, Q_agreement_insert) == -1 ||
	    query_row_system(rq, Q_agreement_made, COLS(cols), id) != 1)
		return (-1);
	arg_int(rq, "id", *id);
	for (size_t i = 0; i < w->n_agents; i++) {
		arg_int(rq, "agent", w->agents[i].tenant);
		arg_text(rq, "rate", w->agents[i].rate);
		arg_text(rq, "agent_tax", w->agents[i].tax_rate);
		if (query_run_system(rq, Q_agreement_agent_add) == -1)
			return (-1);
	}
	return (0);
}

/* POST /api/v1/agreements {starts, currency, buyer | account, legal_model, ...}  of the own tenant as seller.  The one
 * that held until then ends on that day, in the same transaction. */
int
agreement_create(struct rq *rq)
{
	static const struct col cols[] = {{"_id", COL_INT, 0}};
	struct wanted *w = arena_alloc(rq->a, sizeof(*w));
	int64_t id, seller;
	struct buf name;
	int status;

	if (read_body(rq, w) == -1)
		return (problem_status(rq->problem));
	set_args(rq, w);
	if (query_row_system(rq, Q_agreement_seller, COLS(cols), &seller) != 1 || find_all(rq, w) == -1)
		return (rq->problem == P_none ? problem(rq, P_not_found, "%s", "") : problem_status(rq->problem));
	if (w->buyer != 0)
		arg_int(rq, "buyer", w->buyer);
	if (make_room(rq) == -1 || insert(rq, w, &id) == -1)
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_agreement, id, &name);
	rq->id_text = buf_str(&name);
	rq->audit_object = id;
	rq->audit_detail = arena_printf(rq->a, "from %.*s", STR_ARG(w->starts));
	status = agreement_get(rq);
	return (status == 200 ? 201 : status);
}
