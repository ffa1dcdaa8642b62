/* One request, from accept to answer.  Everything in it lives in the worker's arena
 * and is gone after the answer. */
#ifndef CORE_RQ_H
#define CORE_RQ_H

#include "base/arena.h"
#include "base/buf.h"
#include "core/access.h"
#include "wire/db.h"
#include "wire/json.h"

enum method { GET, POST, PATCH, PUT, DELETE, METHOD__MAX };

enum problem {
	P_none,
#define PROBLEM(code, status, title) P_##code,
#include "schema/problem.def"
#undef PROBLEM
	PROBLEM__MAX
};

/* A value of a statement's parameter, by name. */
struct arg {
	const char *name;
	struct db_val v;
};

/* For statements that take their parameters as a list (admin_query.h). */
static inline struct arg
int_arg(const char *name, int64_t i)
{

	return ((struct arg){name, {.type = DB_INT, .i = i}});
}

static inline struct arg
text_arg(const char *name, struct str s)
{

	return ((struct arg){name, {.type = DB_TEXT, .s = s}});
}

/* One wrong field of a body or one wrong parameter. */
struct field_error {
	struct str pointer; /* RFC 6901, or the parameter's name */
	const char *code;
	struct str detail;
};

/* Who looks as somebody else (core/view.h).  view == 0: nobody does. */
struct viewer {
	int64_t view;
	int64_t id, tenant_id; /* who looks */
	int64_t as, as_tenant; /* whom who->id is, or was before the view was over */
	int64_t left;          /* seconds */
	struct str ends;       /* as JSON has times */
	bool over;             /* nothing is answered any more until it is left: who is the viewer again */
	bool told;             /* and the audit has it */
};

/* Who asks.  id == 0: nobody signed in. */
struct who {
	int64_t id, tenant_id, customer_id, role_id;
	int level;       /* of the tenant */
	int64_t version; /* of the channel, when the session was read */
	bool group_head; /* has the customer members? */
	bool proved;     /* the second step, a moment ago */
	enum portal portal;
	const struct rights *rights;
	const struct rights *before; /* what the roles say without the ceilings above; on CHANNEL routes, else NULL */
	struct viewer viewer;
	int64_t key; /* the API key that a program came with; 0: a person's session */
};

/* What a list is answered as: a page of it, or all of it (core/export.h). */
enum format { FORMAT_json, FORMAT_csv, FORMAT_ndjson, FORMAT__MAX };

struct worker;
struct route;
struct fcgi_call;
struct line_set;

#define RQ_ARGS 40
#define RQ_ERRORS 16
#define RQ_PARAMS 16

struct rq {
	struct worker *w;
	struct arena *a;
	enum method method;
	struct str path, host, port, address, origin, fetch_site, fetch_mode, content_type, cookie, authorization,
	    if_match, if_none_match;
	bool https;
	char trace[17]; /* 16 hex digits: in the log, the audit and every problem */

	struct {
		struct str name, value;
	} params[RQ_PARAMS]; /* of the query string, decoded */
	size_t n_params;
	struct str body_text;
	const struct json *body; /* of a write, checked; NULL without one */
	struct line_set *set;    /* of many lines that are done together (core/lines.h) */

	const struct route *route;
	enum action action;
	enum format format;
	struct str id_text; /* the :id of the path */
	struct who who;
	struct str token; /* of the session cookie */

	struct arg args[RQ_ARGS];
	size_t n_args;

	struct buf out; /* the body of the answer, or of what of it has not left yet */
	struct fcgi_call *call;
	size_t sent; /* bytes of it that have left (core/stream.h); 0: the answer can still become another */
	const char *content_type_out;
	struct str headers; /* further header lines, each with CRLF */
	enum problem problem;
	struct str problem_detail;
	struct field_error errors[RQ_ERRORS];
	size_t n_errors;
	int64_t audit_object; /* what a write changed */
	struct str audit_detail;
	const char *audit_name; /* what the audit calls it, where that is not the action; or NULL */
	bool audit_refusal;     /* this refusal leaves a row too */
	bool large;             /* above a limit, for a SECOND that goes by that */
	bool undone;            /* it was asked what a write would do: nothing of it stays */
	bool again;             /* the database asked for another try of the whole request */
	size_t n_unsold; /* rows of the last statement that are of other products than the role's, and were not given */
	bool system;     /* set by query_*_system alone: statements of guard `admin` may run */
};

/* Ends the request with a problem; the first one wins.  Returns its status, so that
 * a handler says: return (problem(rq, P_not_found, "no such bill")). */
int problem(struct rq *rq, enum problem p, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Adds one wrong field; the problem becomes p unless there is one. */
void problem_field(struct rq *rq, enum problem p, struct str pointer, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Writes rq->problem as application/problem+json to rq->out and returns its status. */
int problem_write(struct rq *rq);
int problem_status(enum problem p);
const char *problem_code(enum problem p);

/* Values for the parameters of the statements that the handler runs. */
void arg_int(struct rq *rq, const char *name, int64_t v);
void arg_text(struct rq *rq, const char *name, struct str v);
void arg_bytes(struct rq *rq, const char *name, const void *p, size_t n);
void arg_null(struct rq *rq, const char *name);

/* A parameter of the query string; p == NULL where it is absent. */
struct str rq_param(const struct rq *rq, const char *name);

/* How addresses of the host begin, as the request came in and as browsers write an origin: "https://host[:port]". */
struct str rq_origin(const struct rq *rq);

/* One more header line of the answer; value must be free of control characters. */
void rq_header(struct rq *rq, const char *name, struct str value);

#endif
