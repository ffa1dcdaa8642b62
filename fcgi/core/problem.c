/* Problems, parameters and headers of a request. */
#include <stdio.h>
#include <string.h>

#include "core/rq.h"

static const struct {
	const char *code, *title;
	int status;
} table[PROBLEM__MAX] = {
    [P_none] = {"none", "", 200},
#define PROBLEM(code, status, title) [P_##code] = {#code, title, status},
#include "schema/problem.def"
#undef PROBLEM
};

int
problem_status(enum problem p)
{

	return (table[p].status);
}

const char *
problem_code(enum problem p)
{

	return (table[p].code);
}

int
problem(struct rq *rq, enum problem p, const char *fmt, ...)
{
	va_list ap;

	if (rq->problem == P_none) {
		va_start(ap, fmt);
		rq->problem = p;
		rq->problem_detail = arena_vprintf(rq->a, fmt, ap);
		va_end(ap);
	}
	return (table[rq->problem].status);
}

void
problem_field(struct rq *rq, enum problem p, struct str pointer, const char *code, const char *fmt, ...)
{
	va_list ap;

	problem(rq, p, "%s", "");
	if (rq->n_errors == RQ_ERRORS)
		return;
	va_start(ap, fmt);
	rq->errors[rq->n_errors++] =
	    (struct field_error){arena_str(rq->a, pointer), code, arena_vprintf(rq->a, fmt, ap)};
	va_end(ap);
}

int
problem_write(struct rq *rq)
{
	struct buf *b = &rq->out;

	buf_clear(b);
	buf_printf(b, "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d", table[rq->problem].code,
	    table[rq->problem].title, table[rq->problem].status);
	if (rq->problem_detail.n > 0) {
		buf_addz(b, ",\"detail\":");
		json_str(b, rq->problem_detail);
	}
	buf_printf(b, ",\"trace\":\"%s\"", rq->trace);
	for (size_t i = 0; i < rq->n_errors; i++) {
		buf_addz(b, i == 0 ? ",\"errors\":[{\"pointer\":" : ",{\"pointer\":");
		json_str(b, rq->errors[i].pointer);
		buf_addz(b, ",\"code\":");
		json_str(b, str_of(rq->errors[i].code));
		buf_addz(b, ",\"detail\":");
		json_str(b, rq->errors[i].detail);
		buf_addz(b, i + 1 == rq->n_errors ? "}]" : "}");
	}
	buf_char(b, '}');
	rq->content_type_out = "application/problem+json";
	return (table[rq->problem].status);
}

static void
arg_add(struct rq *rq, const char *name, struct db_val v)
{

	for (size_t i = 0; i < rq->n_args; i++)
		if (strcmp(rq->args[i].name, name) == 0) {
			rq->args[i].v = v;
			return;
		}
	if (rq->n_args == RQ_ARGS) {
		problem(rq, P_internal, "too many parameters");
		return;
	}
	rq->args[rq->n_args++] = (struct arg){name, v};
}

void
arg_int(struct rq *rq, const char *name, int64_t v)
{

	arg_add(rq, name, (struct db_val){.type = DB_INT, .i = v});
}

void
arg_text(struct rq *rq, const char *name, struct str v)
{

	arg_add(rq, name, (struct db_val){.type = DB_TEXT, .s = v});
}

void
arg_bytes(struct rq *rq, const char *name, const void *p, size_t n)
{

	arg_add(rq, name, (struct db_val){.type = DB_BYTES, .s = {p, n}});
}

void
arg_null(struct rq *rq, const char *name)
{

	arg_add(rq, name, (struct db_val){.type = DB_NULL});
}

struct str
rq_param(const struct rq *rq, const char *name)
{

	for (size_t i = 0; i < rq->n_params; i++)
		if (str_eqz(rq->params[i].name, name))
			return (rq->params[i].value);
	return ((struct str){NULL, 0});
}

struct str
rq_origin(const struct rq *rq)
{
	const bool usual = str_eq(rq->port, rq->https ? S("443") : S("80"));

	return (arena_printf(rq->a, "%s://%.*s%s%.*s", rq->https ? "https" : "http", STR_ARG(rq->host),
	    usual ? "" : ":", usual ? 0 : (int)rq->port.n, rq->port.p));
}

void
rq_header(struct rq *rq, const char *name, struct str value)
{

	rq->headers = arena_printf(rq->a, "%.*s%s: %.*s\r\n", STR_ARG(rq->headers), name, STR_ARG(value));
}
