/* Customer segments and their rules.  Who is kept to segments has none of these actions: a rule moves customers
 * from wherever they are. */
#include <string.h>

#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"

/* GET /api/v1/segments?tenant=&cursor=  by name. */
int
segment_list(struct rq *rq)
{

	return (query_list(rq, Q_segment_list));
}

/* GET /api/v1/segments/:id */
int
segment_get(struct rq *rq)
{

	return (query_one(rq, Q_segment_one));
}

/* A segment as it is to be; what is empty or 0 is no condition. */
struct segment {
	int64_t of_tenant, place, size;
	struct str name, way, kind, country, postcode, tag;
};
static const struct col segment_cols[] = {COL_I_(segment, of_tenant), COL_S_(segment, name), COL_S_(segment, way),
    COL_I_(segment, place), COL_S_(segment, kind), COL_S_(segment, country), COL_S_(segment, postcode),
    COL_S_(segment, tag), COL_I_(segment, size)};

enum member_type { MEMBER_LINE, MEMBER_CODE, MEMBER_COUNTRY, MEMBER_NUMBER };
static const struct member {
	const char *name;
	enum member_type type;
	size_t max; /* characters, or the largest number */
	size_t offset;
	enum field field;
	bool condition; /* null takes it away */
	const char *codes[4];
} members[] = {
    {"name", MEMBER_LINE, 100, offsetof(struct segment, name), FLD_segment_name, false, {NULL}},
    {"way", MEMBER_CODE, 0, offsetof(struct segment, way), FLD_segment_way, false, {"hand", "rule", "rest", NULL}},
    {"place", MEMBER_NUMBER, 30000, offsetof(struct segment, place), FLD_segment_place, false, {NULL}},
    {"kind", MEMBER_CODE, 0, offsetof(struct segment, kind), FLD_segment_kind, true,
	{"person", "clinic", "care_home", NULL}},
    {"country", MEMBER_COUNTRY, 2, offsetof(struct segment, country), FLD_segment_country, true, {NULL}},
    {"postcode", MEMBER_LINE, 20, offsetof(struct segment, postcode), FLD_segment_postcode, true, {NULL}},
    {"tag", MEMBER_LINE, 40, offsetof(struct segment, tag), FLD_segment_tag, true, {NULL}},
    {"size", MEMBER_NUMBER, 1000000, offsetof(struct segment, size), FLD_segment_size, true, {NULL}},
};
#define N_MEMBERS (sizeof(members) / sizeof(members[0]))

static void
wrong(struct rq *rq, struct str member, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(member)), code, "%s", detail);
}

static bool
is_one_of(const char *const *codes, struct str s)
{

	for (; *codes != NULL; codes++)
		if (str_eqz(s, *codes))
			return (true);
	return (false);
}

static bool
is_country(struct str s)
{

	return (s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z');
}

static void
read_number(struct rq *rq, const struct member *m, const struct json *v, struct segment *s)
{
	int64_t *to = (int64_t *)(void *)((char *)s + m->offset);

	if (v->type != JSON_NUMBER || v->number < (m->condition ? 1 : 0) || v->number > (double)m->max ||
	    v->number != (double)(int64_t)v->number)
		wrong(rq, v->key, "number", "it is no whole number in its bounds");
	else
		*to = (int64_t)v->number;
}

static void
read_text(struct rq *rq, const struct member *m, const struct json *v, struct segment *s)
{
	struct str *to = (struct str *)(void *)((char *)s + m->offset);
	bool good = v->type == JSON_STRING;

	if (good && m->type == MEMBER_LINE)
		good = str_is_line(v->s) && !str_is_blank(v->s) && str_chars(v->s) <= m->max;
	else if (good)
		good = m->type == MEMBER_CODE ? is_one_of(m->codes, v->s) : is_country(v->s);
	if (!good)
		wrong(rq, v->key, m->type == MEMBER_LINE ? "length" : "code",
		    m->type == MEMBER_LINE ? "it must be one line that is neither blank nor too long"
					   : "it is not one of the known values");
	else
		*to = v->s;
}

/* The members of the body into *s.  0, or -1 with 422. */
static int
read_members(struct rq *rq, struct segment *s)
{
	size_t i;

	for (const struct json *v = rq->body->first; v != NULL; v = v->next) {
		for (i = 0; i < N_MEMBERS && !str_eqz(v->key, members[i].name); i++)
			continue;
		if (i == N_MEMBERS || (rq->action == ACT_segment_edit && !may_write(rq->who.rights, members[i].field)))
			wrong(rq, v->key, "not_writable", "it cannot be set here");
		else if (v->type == JSON_NULL && members[i].condition && members[i].type == MEMBER_NUMBER)
			*(int64_t *)(void *)((char *)s + members[i].offset) = 0;
		else if (v->type == JSON_NULL && members[i].condition)
			*(struct str *)(void *)((char *)s + members[i].offset) = S("");
		else if (members[i].type == MEMBER_NUMBER)
			read_number(rq, &members[i], v, s);
		else
			read_text(rq, &members[i], v, s);
	}
	return (rq->problem == P_none ? 0 : -1);
}

static bool
is_way(const struct segment *s, const char *way)
{

	return (str_eqz(s->way, way));
}

struct found {
	int64_t id;
};
static const struct col found_cols[] = {COL_I_(found, id)};

/* Do its parts fit each other, and it the tenant's other segments?  self: its id, 0 for a new one.
 * 0, or -1 with the problem set. */
static int
check(struct rq *rq, const struct segment *s, int64_t self)
{
	const bool conditions = s->kind.n > 0 || s->country.n > 0 || s->postcode.n > 0 || s->tag.n > 0 || s->size > 0;
	struct found rest = {.id = self};
	int rc;

	if (s->name.n == 0)
		wrong(rq, S("name"), "missing", "it is missing");
	if (is_way(s, "rule") != conditions)
		wrong(rq, S("way"), "conditions",
		    conditions ? "only a segment by rule has conditions" : "a rule needs a condition");
	if (rq->problem != P_none)
		return (-1);
	arg_int(rq, "of", s->of_tenant);
	if (!is_way(s, "rest"))
		return (0);
	if ((rc = query_row_system(rq, Q_segment_rest, COLS(found_cols), &rest)) == 1 && rest.id != self)
		wrong(rq, S("way"), "taken", "another segment takes the rest");
	return (rc == -1 || rq->problem != P_none ? -1 : 0);
}

static void
set_args(struct rq *rq, const struct segment *s)
{

	arg_text(rq, "name", s->name);
	arg_text(rq, "way", s->way);
	arg_int(rq, "place", s->place);
	arg_text(rq, "kind", s->kind);
	arg_text(rq, "country", s->country);
	arg_text(rq, "postcode", s->postcode);
	arg_text(rq, "tag", s->tag);
	arg_int(rq, "size", s->size);
}

/* The segment of rq->id_text as it is now, as the answer.  Returns the status. */
static int
answer(struct rq *rq, int64_t id)
{

	rq->audit_object = id;
	return (query_one(rq, Q_segment_one));
}

/* POST /api/v1/segments {name, way, place, kind, country, postcode, tag, size}  of the own tenant. */
int
segment_create(struct rq *rq)
{
	struct segment s = {.of_tenant = rq->who.tenant_id, .way = S("hand"), .name = S("")};
	struct found row = {0};
	struct buf name;
	int status;

	s.kind = s.country = s.postcode = s.tag = S("");
	if (read_members(rq, &s) == -1 || check(rq, &s, 0) == -1)
		return (problem_status(rq->problem));
	set_args(rq, &s);
	if (query_run_system(rq, Q_segment_add) == -1 ||
	    query_row_system(rq, Q_segment_added, COLS(found_cols), &row) != 1 ||
	    (!is_way(&s, "hand") && query_run_system(rq, Q_due_tenant) == -1))
		return (rq->problem == P_none ? problem(rq, P_internal, "%s", "") : problem_status(rq->problem));
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_segment, row.id, &name);
	rq->id_text = buf_str(&name);
	status = answer(rq, row.id);
	return (status == 200 ? 201 : status);
}

/* PATCH /api/v1/segments/:id  each member optional; null takes a condition away. */
int
segment_patch(struct rq *rq)
{
	struct segment s;
	struct str before;
	int64_t id;

	if (seal_id_open(rq->w->key, RES_segment, rq->id_text, &id) == -1 ||
	    query_row(rq, Q_segment_state, COLS(segment_cols), &s) != 1)
		return (rq->problem == P_none ? problem(rq, P_not_found, "%s", "") : problem_status(rq->problem));
	before = s.way;
	if (read_members(rq, &s) == -1 || check(rq, &s, id) == -1)
		return (problem_status(rq->problem));
	set_args(rq, &s);
	if (query_run(rq, Q_segment_edit) == -1)
		return (problem_status(rq->problem));
	if ((!str_eqz(before, "hand") || !is_way(&s, "hand")) && query_run_system(rq, Q_due_tenant) == -1)
		return (problem_status(rq->problem));
	return (answer(rq, id));
}

struct use {
	int64_t customers, roles, followers;
};
static const struct col use_cols[] = {COL_I_(use, customers), COL_I_(use, roles), COL_I_(use, followers)};

/* DELETE /api/v1/segments/:id  only where nothing is in it and no role is kept to it. */
int
segment_delete(struct rq *rq)
{
	struct segment s;
	struct use u = {0};
	int64_t id;

	if (query_id(rq, RES_segment) == -1 || query_lock(rq, RES_segment) == -1 ||
	    seal_id_open(rq->w->key, RES_segment, rq->id_text, &id) == -1 ||
	    query_row(rq, Q_segment_state, COLS(segment_cols), &s) == -1 ||
	    query_row_system(rq, Q_segment_use, COLS(use_cols), &u) == -1)
		return (problem_status(rq->problem));
	if (u.customers)
		return (problem(rq, P_segment_full, "%s", "put its customers into another one first"));
	if (u.roles)
		return (problem(rq, P_segment_named, "%s", "take it out of these roles first"));
	if (u.followers)
		return (problem(rq, P_segment_followed, "%s", "they have not been followed yet: try again"));
	arg_int(rq, "of", s.of_tenant);
	if (query_run(rq, Q_segment_delete) == -1 || (!is_way(&s, "hand") && query_run_system(rq, Q_due_tenant) == -1))
		return (problem_status(rq->problem));
	rq->audit_object = id;
	return (204);
}
