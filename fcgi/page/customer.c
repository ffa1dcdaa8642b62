/* Customers and their accounts. */
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"

#define TAGS_MAX 20
#define TAG_CHARS 40

/* GET /api/v1/customers?q=&number=&tenant=&cursor=  by name. */
int
customer_list(struct rq *rq)
{

	return (query_list(rq, Q_customer_list));
}

struct tag {
	struct str tag;
};
static const struct col tag_cols[] = {COL_S_(tag, tag)};

/* GET /api/v1/customers/:id  with its tags. */
int
customer_get(struct rq *rq)
{
	struct buf *b = &rq->out;
	struct tag *tags = NULL;
	int status = query_one(rq, Q_customer_one);
	int64_t n;

	if (status != 200 || !may_read(rq->who.rights, FLD_customer_tags))
		return (status);
	if ((n = query_rows(rq, Q_customer_tags, COLS(tag_cols), sizeof(*tags), 50 * TAGS_MAX, (void **)&tags)) == -1)
		return (problem_status(rq->problem));
	b->n--; /* the object goes on */
	json_name(b, "tags");
	buf_char(b, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(b, i == 0 ? "" : ",");
		json_str(b, tags[i].tag);
	}
	buf_addz(b, "]}");
	return (200);
}

/* ---- segment, tags and who looks after it ---- */

/* What a body says; NULL where it says nothing of it. */
struct draft {
	const struct json *segment, *tags, *agent;
};

static void
wrong(struct rq *rq, const char *pointer, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, str_of(pointer), code, "%s", detail);
}

/* Each member one of these names that who asks may write.  0, or -1 with 422. */
static int
read_members(struct rq *rq, struct draft *d)
{
	const struct {
		const char *name;
		const struct json **to;
		enum field field;
	} members[] = {{"segment", &d->segment, FLD_customer_segment}, {"tags", &d->tags, FLD_customer_tags},
	    {"agent", &d->agent, FLD_customer_agent}};
	const size_t n = sizeof(members) / sizeof(members[0]);
	size_t i;

	*d = (struct draft){NULL};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		for (i = 0; i < n && !str_eqz(m->key, members[i].name); i++)
			continue;
		if (i == n || !may_write(rq->who.rights, members[i].field))
			problem_field(rq, P_invalid, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "not_writable",
			    "%s", "it cannot be set here");
		else
			*members[i].to = m;
	}
	return (rq->problem == P_none ? 0 : -1);
}

/* The customer segments that who asks is kept to; NULL: none. */
static const struct segments *
kept_to(const struct rq *rq)
{
	const struct rights *r = rq->who.rights;

	return (r->set[rq->action] == 0 ? NULL : &r->sets[r->set[rq->action]]);
}

struct found {
	int64_t id;
};
static const struct col found_cols[] = {COL_I_(found, id)};

/* Into a segment by hand, or back to the rules.  Who is kept to segments moves customers between those alone, and
 * cannot know where the rules would put one.  0, or -1 with the problem set. */
static int
put(struct rq *rq, const struct json *m)
{
	const struct segments *kept = kept_to(rq);
	struct found row;
	int64_t id;
	int rc;

	if (m->type == JSON_NULL && kept == NULL)
		return (query_run(rq, Q_customer_give_back) == -1 ? -1 : 0);
	if (m->type == JSON_NULL) {
		wrong(rq, "/segment", "own", "your own role is kept to customer segments: choose among those");
		return (-1);
	}
	rc = m->type == JSON_STRING ? seal_id_open(rq->w->key, RES_segment, m->s, &id) : -1;
	if (rc == 0 && (kept == NULL || segments_has(kept, id))) {
		arg_int(rq, "segment", id);
		if ((rc = query_row_system(rq, Q_customer_segment, COLS(found_cols), &row)) == -1)
			return (-1);
		if (rc == 1)
			return (query_run(rq, Q_customer_put) == -1 ? -1 : 0);
	}
	wrong(rq, "/segment", "unknown", "the customer's reseller has no such segment");
	return (-1);
}

/* Somebody of the customer's reseller whom who asks may see, or nobody.  0, or -1 with the problem set. */
static int
assign(struct rq *rq, const struct json *m)
{
	const enum action action = rq->action;
	struct found row;
	int64_t id = 0;
	int rc = m->type == JSON_NULL ? 1 : 0;

	if (m->type == JSON_STRING && seal_id_open(rq->w->key, RES_user, m->s, &id) == 0 &&
	    may_act(rq->who.rights, ACT_user_read)) {
		arg_int(rq, "agent", id);
		rq->action = ACT_user_read;
		rc = query_row(rq, Q_user_agent, COLS(found_cols), &row);
		rq->action = action;
	} else if (rc == 1) {
		arg_int(rq, "agent", 0);
	}
	if (rc == 0)
		wrong(rq, "/agent", "unknown", "it is nobody of the customer's reseller whom you see");
	return (rc != 1 || query_run(rq, Q_customer_assign) == -1 ? -1 : 0);
}

static bool
is_tag(const struct json *m)
{

	return (m->type == JSON_STRING && str_is_line(m->s) && !str_is_blank(m->s) && str_chars(m->s) <= TAG_CHARS);
}

/* All tags anew.  By a rule a tag moves a customer, so who is kept to segments sets none.  0, or -1 with the problem set. */
static int
tag(struct rq *rq, const struct json *list)
{
	size_t n = 0;

	if (kept_to(rq) != NULL)
		wrong(rq, "/tags", "own", "your own role is kept to customer segments, and tags can move a customer");
	else if (list->type != JSON_ARRAY)
		wrong(rq, "/tags", "type", "it must be a list");
	for (const struct json *m = list->type == JSON_ARRAY ? list->first : NULL; m != NULL; m = m->next, n++)
		if (!is_tag(m))
			problem_field(rq, P_invalid, arena_printf(rq->a, "/tags/%zu", n), "length", "%s",
			    "a tag has 1 to 40 characters in one line");
	if (n > TAGS_MAX)
		wrong(rq, "/tags", "many", "a customer can have 20 tags");
	if (rq->problem != P_none || query_run_system(rq, Q_customer_tags_clear) == -1)
		return (-1);
	for (const struct json *m = list->first; m != NULL; m = m->next) {
		arg_text(rq, "tag", m->s);
		if (query_run_system(rq, Q_customer_tag_add) == -1)
			return (-1);
	}
	return (query_run_system(rq, Q_due_rules) == -1 ? -1 : 0);
}

/* What the body says becomes so; its row is locked.  Returns the status. */
static int
classify(struct rq *rq)
{
	struct draft d;
	int64_t id;

	if (read_members(rq, &d) == -1 || seal_id_open(rq->w->key, RES_customer, rq->id_text, &id) == -1 ||
	    (d.agent != NULL && assign(rq, d.agent) == -1) || (d.tags != NULL && tag(rq, d.tags) == -1) ||
	    (d.segment != NULL && put(rq, d.segment) == -1))
		return (rq->problem == P_none ? problem(rq, P_not_found, "%s", "") : problem_status(rq->problem));
	rq->audit_object = id;
	rq->audit_detail =
	    arena_printf(rq->a, "%s%s%s", d.segment ? "segment " : "", d.tags ? "tags " : "", d.agent ? "agent" : "");
	return (200);
}

/* PATCH /api/v1/customers/:id {segment, tags, agent}  each optional; answers the customer as it is then.  What is
 * the customer's follows in the background. */
int
customer_patch(struct rq *rq)
{
	const int status = classify(rq);

	return (status == 200 ? customer_get(rq) : status);
}

/* POST /api/v1/customers/bulk  a line of it: {id, segment, tags, agent}.  It goes by no tag: what it says is what
 * the customer is to be, so that a file that is sent again changes nothing more. */
int
customer_bulk(struct rq *rq)
{

	if (query_id(rq, RES_customer) == -1 || query_lock(rq, RES_customer) == -1)
		return (problem_status(rq->problem));
	return (classify(rq));
}

/* GET /api/v1/accounts?customer=&cursor=  by number. */
int
account_list(struct rq *rq)
{

	return (query_list(rq, Q_account_list));
}

/* GET /api/v1/accounts/:id */
int
account_get(struct rq *rq)
{

	return (query_one(rq, Q_account_one));
}
