#include "cli_explain.h"

#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"

#define ANSWER_MAX ((size_t)256 * 1024)

struct words {
	const char *user, *host, *field, *action, *object;
	bool json;
};

/* 0, or -1 after saying what is wrong. */
static int
read_words(int argc, char **argv, struct words *w)
{
	const struct {
		const char *name, **value;
	} options[] = {{"--user", &w->user}, {"--host", &w->host}, {"--field", &w->field}};
	size_t o;

	for (int i = 0; i < argc; i++) {
		for (o = 0; o < sizeof(options) / sizeof(options[0]) && strcmp(argv[i], options[o].name) != 0; o++)
			continue;
		if (o < sizeof(options) / sizeof(options[0]) && i + 1 < argc)
			*options[o].value = argv[++i];
		else if (strcmp(argv[i], "--json") == 0)
			w->json = true;
		else if (argv[i][0] != '-' && w->action == NULL)
			w->action = argv[i];
		else if (argv[i][0] != '-' && w->object == NULL)
			w->object = argv[i];
		else {
			fprintf(stderr, "explain: %s is not known here\n", argv[i]);
			return (-1);
		}
	}
	if (w->user != NULL && w->host != NULL && w->action != NULL)
		return (0);
	fprintf(stderr, "explain needs --user, --host and an action, as document.read\n");
	return (-1);
}

struct found {
	int64_t id, tenant_id, version;
};
static const struct col found_cols[] = {COL_I_(found, id), COL_I_(found, tenant_id), COL_I_(found, version)};

/* Who is meant, and the tree that rows are held against.  0, or -1 with the problem set. */
static int
find(struct rq *rq, const struct words *w)
{
	struct found u;
	struct buf name;
	int rc;

	arg_text(rq, "email", str_of(w->user));
	arg_text(rq, "host", str_of(w->host));
	rc = query_row_system(rq, Q_user_at, COLS(found_cols), &u);
	if (rc == 0)
		problem(rq, P_not_found, "nobody has that address on that host");
	if (rc != 1)
		return (-1);
	if (tree_refresh(rq->w->tree, rq->w->db, rq->a, u.version) == -1) {
		query_failed(rq, "tree");
		return (-1);
	}
	buf_init(&name, rq->a, 64);
	seal_id(rq->w->key, RES_user, u.id, &name);
	rq->id_text = buf_str(&name);
	return (0);
}

static void
add_param(struct rq *rq, const char *name, const char *value)
{

	if (value == NULL)
		return;
	rq->params[rq->n_params].name = str_of(name);
	rq->params[rq->n_params++].value = str_of(value);
}

/* ---- the answer in words ---- */

static const struct json *
member(const struct json *of, const char *name)
{
	const struct json *m = of->first;

	while (m != NULL && !str_eqz(m->key, name))
		m = m->next;
	return (m);
}

static struct str
text(const struct json *of, const char *name)
{
	const struct json *m = member(of, name);

	return (m == NULL ? S("") : m->s);
}

static const char *
why(struct str code)
{
	static const struct {
		const char *code, *words;
	} reasons[] = {
	    {"allowed", "a role gives it, and no ceiling stands against it"},
	    {"no_role", "none of the roles gives this action"},
	    {"ceiling", "a role gives it, but a ceiling above takes it away"},
	    {"field_no_role", "none of the roles shows this field"},
	    {"field_ceiling", "a role shows this field, but a ceiling above hides it"},
	    {"masked", "the field is shown as its shape only"},
	    {"out_of_scope", "the action is given, but this is not among the rows that it reaches"},
	    {"closed", "the user or the whole tenant cannot sign in"},
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (str_eqz(code, reasons[i].code))
			return (reasons[i].words);
	return ("");
}

static void
print_step(const struct json *s)
{
	const struct str level = text(s, "level"), ignored = text(s, "ignored"), name = text(s, "name");

	printf("  %.*s", STR_ARG(text(s, "kind")));
	if (name.n > 0)
		printf(" \"%.*s\"", STR_ARG(name));
	if (ignored.n > 0)
		printf(": not counted (%.*s)", STR_ARG(ignored));
	else
		printf(": rows %.*s", STR_ARG(text(s, "scope")));
	if (ignored.n == 0 && level.n > 0)
		printf(", field %.*s", STR_ARG(level));
	printf("\n");
}

/* 0, or 3 where the user may not. */
static int
print(struct rq *rq, bool json)
{
	const struct str out = buf_str(&rq->out);
	const char *wrong;
	const struct json *answer = json_parse(rq->a, out, &wrong), *steps;
	const bool allowed = answer != NULL && member(answer, "allowed")->number != 0;

	if (answer == NULL) {
		fprintf(stderr, "explain: %s\n", wrong);
		return (1);
	}
	if (json) {
		printf("%.*s\n", STR_ARG(out));
		return (allowed ? 0 : 3);
	}
	printf("%s: %s\n", allowed ? "yes" : "no", why(text(answer, "why")));
	steps = member(answer, "steps");
	for (const struct json *s = steps->first; s != NULL; s = s->next)
		print_step(s);
	return (allowed ? 0 : 3);
}

/* What problem+json would say. */
static void
complain(const struct rq *rq)
{

	fprintf(stderr, "explain: %.*s\n",
	    STR_ARG(rq->problem_detail.n > 0 ? rq->problem_detail : S("there is none, or it cannot be found out")));
	for (size_t i = 0; i < rq->n_errors; i++)
		fprintf(stderr, "  %.*s: %.*s\n", STR_ARG(rq->errors[i].pointer), STR_ARG(rq->errors[i].detail));
}

/* Asks with all rights of the provider: what the operator may see is decided by who may run this. */
static int
ask(struct worker *worker, const struct words *w)
{
	struct rights rights;
	struct rq rq = {.w = worker, .a = worker->a, .action = ACT_user_explain, .trace = "explain"};

	access_rights(ROLE_provider_admin, &rights);
	rq.who = (struct who){.portal = PORTAL_admin, .rights = &rights};
	buf_init(&rq.out, worker->a, ANSWER_MAX);
	add_param(&rq, "action", w->action);
	add_param(&rq, "field", w->field);
	add_param(&rq, "object", w->object);
	if (find(&rq, w) == -1 || user_explain(&rq) != 200) {
		complain(&rq);
		return (1);
	}
	return (print(&rq, w->json));
}

int
cli_explain(int argc, char **argv)
{
	struct words w = {.user = NULL};
	struct worker worker;
	int rc;

	if (read_words(argc, argv, &w) == -1)
		return (2);
	if (worker_open(&worker) == -1)
		return (1);
	if (db_connect(worker.db) == -1) {
		fprintf(stderr, "database: %s\n", db_error_text(worker.db));
		rc = 1;
	} else {
		rc = ask(&worker, &w);
	}
	worker_close(&worker);
	return (rc);
}
