/* API keys of a tenant's programs: core/api_key.c lets them in. */
#include "core/api_key.h"

#include <string.h>

#include "base/date.h"
#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"
#include "page/role_part.h"

#define MONTHS 12      /* that a key is good for where nobody says how long */
#define MONTHS_MOST 24 /* a secret that lies somewhere is not to be good for ever */

/* GET /api/v1/api-keys?cursor=  the newest first. */
int
api_key_list(struct rq *rq)
{

	return (query_list(rq, Q_api_key_list));
}

/* GET /api/v1/api-keys/:id */
int
api_key_get(struct rq *rq)
{

	return (query_one(rq, Q_api_key_one));
}

/* A day on which it expires, what is asked for or a year from now.  0, or -1 with the problem set. */
static int
read_expiry(struct rq *rq)
{
	const struct db_val *asked = NULL;
	struct buf day;
	char now[20];
	int64_t today, days;

	for (size_t i = 0; i < rq->n_args; i++)
		if (str_eqz(S("expires"), rq->args[i].name) && rq->args[i].v.type != DB_NULL)
			asked = &rq->args[i].v;
	date_now_sql(now);
	if (date_parse((struct str){now, 10}, &today) == -1)
		return (problem(rq, P_internal, "%s", ""), -1);
	if (asked == NULL) {
		buf_init(&day, rq->a, 32);
		date_plain(&day, date_add_months(today, MONTHS));
		arg_text(rq, "expires", buf_str(&day));
	} else if (date_parse(asked->s, &days) == -1 || days <= today) {
		problem_field(rq, P_invalid, S("/expires"), "past", "%s", "it is a day after today");
	} else if (days > date_add_months(today, MONTHS_MOST)) {
		problem_field(rq, P_invalid, S("/expires"), "late", "%s", "it is at most two years from now");
	}
	return (rq->problem == P_none ? 0 : -1);
}

/* May who asks give the role to a key of the own tenant?  0, or -1 with the problem set. */
static int
check_role(struct rq *rq, int64_t role_id)
{
	struct giver *g = arena_alloc(rq->a, sizeof(*g));
	struct stored *r = arena_alloc(rq->a, sizeof(*r));
	const char *why, *code;
	int rc;

	if (role_giver(rq, rq->who.tenant_id, rq->who.level, rq->who.portal, g) == -1 ||
	    (rc = role_load(rq, role_id, r)) == -1)
		return (-1);
	code = role_withheld(rq, rc == 0 ? NULL : r, g, &why);
	if (code == NULL)
		return (0);
	problem_field(rq, P_invalid, S("/role"), code, "%s", why);
	return (-1);
}

/* Adds the key and the user that it acts as.  0, or -1 with the problem set. */
static int
store(struct rq *rq)
{
	static const struct col cols[] = {{"id", COL_INT, 0}};
	struct buf sealed;
	int64_t id;

	arg_int(rq, "author", rq->who.id);
	if (query_run_system(rq, Q_api_key_user) != 1 || query_run_system(rq, Q_api_key_insert) != 1 ||
	    query_row_system(rq, Q_api_key_made, COLS(cols), &id) != 1) {
		problem(rq, P_internal, "%s", ""); /* unless there is one already */
		return (-1);
	}
	rq->audit_object = id;
	buf_init(&sealed, rq->a, 64);
	seal_id(rq->w->key, RES_api_key, id, &sealed);
	rq->id_text = buf_str(&sealed);
	return (0);
}

/* POST /api/v1/api-keys {name, role, expires}  a key of one's own tenant; answers it with its secret, which nobody
 * can read again. */
int
api_key_create(struct rq *rq)
{
	const struct db_val *name = body_given(rq, "name"), *role = body_given(rq, "role");
	struct str secret;
	int64_t role_id;
	int status;

	if (name == NULL || role == NULL)
		return (problem_status(rq->problem));
	role_id = role->i;
	arg_int(rq, "role_id", role_id);
	if (read_expiry(rq) == -1 || check_role(rq, role_id) == -1)
		return (problem_status(rq->problem));
	secret = api_key_new(rq);
	if (store(rq) == -1 || (status = query_one(rq, Q_api_key_one)) != 200)
		return (problem_status(rq->problem));
	rq->audit_detail = arena_printf(rq->a, "role %lld", (long long)role_id);
	rq->out.n--; /* the object goes on */
	buf_addz(&rq->out, ",\"secret\":");
	json_str(&rq->out, secret);
	buf_char(&rq->out, '}');
	return (201);
}

/* DELETE /api/v1/api-keys/:id  from the next request on it is good no more. */
int
api_key_end(struct rq *rq)
{
	int64_t n;

	if (query_id(rq, RES_api_key) == -1 || query_lock(rq, RES_api_key) == -1 ||
	    (n = query_run(rq, Q_api_key_end)) == -1)
		return (problem_status(rq->problem));
	return (n == 1 ? 204 : problem(rq, P_conflict, "it has ended already"));
}
