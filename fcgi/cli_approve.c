#include "cli_approve.h"

#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "route_part.h"
#include "transaction.h"

#define ANSWER_MAX ((size_t)256 * 1024)

struct at {
	int64_t tenant_id, version;
};
static const struct col at_cols[] = {COL_I_(at, tenant_id), COL_I_(at, version)};

/* In whose house it was asked, and the tree that rows are held against.  0, or -1 with the problem set. */
static int
find(struct rq *rq, struct at *at)
{
	int rc;

	if (query_id(rq, RES_approval) == -1 || (rc = query_row_system(rq, Q_approval_at, COLS(at_cols), at)) == -1)
		return (-1);
	if (rc == 0)
		problem(rq, P_not_found, "there is none");
	else if (tree_refresh(rq->w->tree, rq->w->db, rq->a, at->version) == -1)
		query_failed(rq, "tree");
	return (rq->problem == P_none ? 0 : -1);
}

/* What the answer says became of it. */
static bool
is_done(struct rq *rq)
{
	const char *wrong;
	const struct json *answer = json_parse(rq->a, buf_str(&rq->out), &wrong);

	for (const struct json *m = answer == NULL ? NULL : answer->first; m != NULL; m = m->next) {
		if (str_eqz(m->key, "state") && str_eqz(m->s, "done"))
			return (true);
		if (str_eqz(m->key, "problem") && m->type == JSON_STRING)
			fprintf(stderr, "approve: it cannot be done any more: %.*s\n", STR_ARG(m->s));
	}
	return (false);
}

static int
approve(struct worker *worker, const char *id)
{
	struct rights rights;
	struct rq rq = {.w = worker,
	    .a = worker->a,
	    .method = POST,
	    .route = route_of(S("approval_approve")),
	    .action = ACT_approval_decide,
	    .id_text = str_of(id),
	    .trace = "approve",
	    .headers = S(""),
	    .content_type = S("application/json"),
	    .body_text = S("{}")};
	struct at at;
	const char *wrong;

	access_rights(ROLE_provider_admin, &rights);
	rq.who = (struct who){.portal = PORTAL_admin, .rights = &rights, .before = &rights};
	rq.body = json_parse(rq.a, rq.body_text, &wrong);
	buf_init(&rq.out, worker->a, ANSWER_MAX);
	if (find(&rq, &at) == -1) {
		fprintf(stderr, "approve: there is no such id\n");
		return (1);
	}
	rq.n_args = 0;
	rq.who.tenant_id = at.tenant_id;
	if (transaction_run(&rq) == 200)
		return (is_done(&rq) ? 0 : 1);
	fprintf(stderr, "approve: %s%s%.*s\n", problem_code(rq.problem), rq.problem_detail.n > 0 ? ": " : "",
	    STR_ARG(rq.problem_detail));
	return (1);
}

int
cli_approve(int argc, char **argv)
{
	struct worker worker;
	int rc;

	if (argc != 1 || argv[0][0] == '-') {
		fprintf(stderr, "approve needs the id of what waits, as the portal shows it\n");
		return (2);
	}
	if (worker_open(&worker) == -1)
		return (1);
	if (db_connect(worker.db) == -1) {
		fprintf(stderr, "database: %s\n", db_error_text(worker.db));
		rc = 1;
	} else {
		rc = approve(&worker, argv[0]);
	}
	worker_close(&worker);
	return (rc);
}
