#include "intake.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/seal.h"
#include "core/worker.h"
#include "wire/crypt.h"

#define ANSWER_MAX ((size_t)8 * 1024 * 1024)

static int
hex(char c)
{

	return (c >= '0' && c <= '9'   ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1);
}

/* One component of a query string.  0, or -1 where it is not well-formed text. */
static int
decode(struct rq *rq, struct str from, struct str *to)
{
	char *p = arena_alloc(rq->a, from.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < from.n; i++) {
		if (from.p[i] != '%') {
			p[n++] = from.p[i] == '+' ? ' ' : from.p[i];
			continue;
		}
		if (from.n - i < 3 || hex(from.p[i + 1]) == -1 || hex(from.p[i + 2]) == -1)
			return (-1);
		p[n++] = (char)(hex(from.p[i + 1]) << 4 | hex(from.p[i + 2]));
		i += 2;
	}
	*to = (struct str){p, n};
	return (str_is_text(*to) ? 0 : -1);
}

static int
read_params(struct rq *rq, struct str query)
{
	struct str pair, value;

	while (query.n > 0) {
		pair = str_cut(query, '&', &query);
		if (pair.n == 0)
			continue;
		if (rq->n_params == RQ_PARAMS)
			return (problem(rq, P_bad_request, "more than %d parameters", RQ_PARAMS));
		pair = str_cut(pair, '=', &value);
		if (decode(rq, pair, &rq->params[rq->n_params].name) == -1 ||
		    decode(rq, value, &rq->params[rq->n_params].value) == -1)
			return (problem(rq, P_bad_request, "a parameter is not well-formed UTF-8 text"));
		rq->n_params++;
	}
	return (0);
}

static enum method
method_of(struct str s)
{
	static const char *const names[METHOD__MAX] = {
	    [GET] = "GET", [POST] = "POST", [PATCH] = "PATCH", [PUT] = "PUT", [DELETE] = "DELETE"};

	if (str_eqz(s, "HEAD")) /* nginx drops the body */
		return (GET);
	for (int m = 0; m < METHOD__MAX; m++)
		if (str_eqz(s, names[m]))
			return ((enum method)m);
	return (METHOD__MAX);
}

static void
hex_digits(const unsigned char *p, size_t n, char *to)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = digits[p[i] >> 4];
		to[2 * i + 1] = digits[p[i] & 15];
	}
}

/* A number that no other request has; it keeps no secret, so one seed a thread is enough (SplitMix64). */
static void
make_trace(char trace[17])
{
	static _Thread_local uint64_t state; /* 0: not seeded */
	uint64_t x;

	if (state == 0)
		crypt_random(&state, sizeof(state));
	x = state += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	x ^= x >> 31;
	hex_digits((const unsigned char *)&x, sizeof(x), trace);
	trace[16] = '\0';
}

int
intake_read(struct rq *rq, struct worker *w, struct fcgi_call *call)
{

	memset(rq, 0, sizeof(*rq));
	rq->w = w;
	rq->a = w->a;
	rq->call = call;
	rq->action = ACT_PUBLIC;
	rq->content_type_out = "application/json";
	buf_init(&rq->out, w->a, ANSWER_MAX);
	make_trace(rq->trace);
	rq->method = method_of(fcgi_param(call, "REQUEST_METHOD"));
	rq->path = fcgi_param(call, "DOCUMENT_URI");
	rq->host = fcgi_param(call, "PORTICO_HOST");
	rq->port = fcgi_param(call, "SERVER_PORT");
	rq->address = fcgi_param(call, "REMOTE_ADDR");
	rq->https = str_eqz(fcgi_param(call, "REQUEST_SCHEME"), "https");
	rq->origin = fcgi_param(call, "HTTP_ORIGIN");
	rq->fetch_site = fcgi_param(call, "HTTP_SEC_FETCH_SITE");
	rq->fetch_mode = fcgi_param(call, "HTTP_SEC_FETCH_MODE");
	rq->content_type = fcgi_param(call, "CONTENT_TYPE");
	rq->cookie = fcgi_param(call, "HTTP_COOKIE");
	rq->authorization = fcgi_param(call, "HTTP_AUTHORIZATION");
	rq->if_match = fcgi_param(call, "HTTP_IF_MATCH");
	rq->if_none_match = fcgi_param(call, "HTTP_IF_NONE_MATCH");
	if (rq->method == METHOD__MAX)
		return (problem(rq, P_method, "%s", ""));
	if (!str_is_text(rq->path))
		return (problem(rq, P_bad_request, "the address is not UTF-8 text"));
	if (rq->method != GET && fcgi_body(call, rq->a, (size_t)conf_int(CONF_body_limit), &rq->body_text) == -1)
		return (problem(rq, P_too_large, "at most %s bytes; what is more goes into further requests",
		    conf_text(CONF_body_limit)));
	return (read_params(rq, fcgi_param(call, "QUERY_STRING")));
}

struct str
intake_tag(struct rq *rq)
{
	unsigned char mark[16];
	struct buf tag;

	crypt_mark(rq->w->key, buf_str(&rq->out), mark);
	buf_init(&tag, rq->a, 64);
	buf_char(&tag, '"');
	seal_base32(&tag, mark, sizeof(mark));
	buf_char(&tag, '"');
	return (buf_str(&tag));
}

/*
 * Somebody who opens a bill in a browser without a session, or from a mail, which a strict cookie does not
 * follow, is led to the door; it knows who is there, and the way back.  Returns the status.
 */
static int
to_the_door(struct rq *rq)
{
	struct buf to;

	buf_init(&to, rq->a, 4096);
	buf_addz(&to, "/?to=");
	url_arg(&to, rq->path);
	if (buf_failed(&to))
		return (problem_status(rq->problem));
	rq_header(rq, "Location", buf_str(&to));
	return (303);
}

/* Somebody who looks at an address in a browser reads a page of the brand instead of a problem as JSON. */
static void
show_page(struct rq *rq, int status)
{
	const char *page = status >= 500 ? "/_problem/503" : status == 429 ? "/_problem/429" : "/_problem/404";

	rq_header(rq, "X-Accel-Redirect", str_of(page));
}

int
intake_lead(struct rq *rq, int status)
{

	if (status < 400 || rq->method != GET || !str_eqz(rq->fetch_mode, "navigate"))
		return (status);
	if (rq->problem == P_not_signed_in)
		return (to_the_door(rq));
	show_page(rq, status);
	return (status);
}

void
intake_answer(struct rq *rq, struct fcgi_call *call, int status)
{
	/* A page that somebody looked at must not come back from the browser's memory after signing out. */
	const char *kept = strncmp(rq->content_type_out, "text/html", 9) == 0 ? "no-store" : "no-cache";
	struct str head, tag = S(""), length = S("");

	if (rq->sent > 0) {
		/* Without its end it is seen to be cut off. */
		if (status < 400 && fcgi_send(call, S(""), buf_str(&rq->out)) == -1)
			log_info("answer", "nobody listens any more (trace %s)", rq->trace);
		return;
	}
	if (status >= 400)
		status = problem_write(rq);
	else if (status == 200)
		tag = intake_tag(rq);
	if (tag.n > 0 && rq->method == GET && str_eq(tag, rq->if_none_match)) {
		status = 304;
		buf_clear(&rq->out);
	}
	if (status != 304 && status != 204) /* there it would be the length of what is not sent */
		length = arena_printf(rq->a, "Content-Length: %zu\r\n", rq->out.n);
	head =
	    arena_printf(rq->a, "Status: %d\r\nContent-Type: %s\r\n%.*sCache-Control: private, %s\r\n%s%.*s%s%.*s\r\n",
		status, rq->content_type_out, STR_ARG(length), kept, tag.n > 0 ? "ETag: " : "", STR_ARG(tag),
		tag.n > 0 ? "\r\n" : "", STR_ARG(rq->headers));
	if (fcgi_send(call, head, buf_str(&rq->out)) == -1)
		log_info("answer", "nobody listens any more (trace %s)", rq->trace);
}

void
intake_log(const struct rq *rq, const char *route, int status, int64_t us)
{
	static const char *const names[] = {"GET", "POST", "PATCH", "PUT", "DELETE", "-"};
	const struct viewer *viewer = &rq->who.viewer;
	char line[512], at[32], as[40] = "";
	time_t now = time(NULL);
	struct tm tm;
	int n;

	gmtime_r(&now, &tm);
	strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (viewer->view != 0)
		snprintf(as, sizeof(as), ",\"as\":%lld", (long long)viewer->as);
	n = snprintf(line, sizeof(line),
	    "{\"at\":\"%s\",\"level\":\"info\",\"what\":\"request\",\"trace\":\"%s\",\"method\":\"%s\",\"route\":\"%s\","
	    "\"status\":%d,\"us\":%lld,\"bytes\":%zu,\"user\":%lld,\"tenant\":%lld%s,\"pid\":%d}\n",
	    at, rq->trace, names[rq->method], route, status, (long long)us, rq->sent + rq->out.n,
	    (long long)(viewer->view != 0 ? viewer->id : rq->who.id),
	    (long long)(viewer->view != 0 ? viewer->tenant_id : rq->who.tenant_id), as, (int)getpid());
	if (n > 0 && write(STDERR_FILENO, line, (size_t)n) == -1)
		return; /* there is nowhere left to say it */
}
