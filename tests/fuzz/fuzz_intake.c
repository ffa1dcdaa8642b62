/* What nginx hands over of a request: method, path, query string, cookie and body, each as it
 * came.  Stands in for wire/fcgi.c. */
#include "core/session.c" /* for its reading of cookies */
#include "core/worker.h"
#include "intake.h"
#include "tests/fuzz/fuzz.h"

#define SEPARATOR 0xff /* no UTF-8, so that a text without it can be anything that passes */
#define PARTS 6

static const char *const names[PARTS] = {
    "REQUEST_METHOD", "DOCUMENT_URI", "QUERY_STRING", "HTTP_COOKIE", "REQUEST_BODY", "HTTP_IF_NONE_MATCH"};

struct fcgi_call {
	struct str parts[PARTS];
	struct str head, body; /* of the answer */
};

struct str
fcgi_param(const struct fcgi_call *call, const char *name)
{

	for (int i = 0; i < PARTS; i++)
		if (strcmp(name, names[i]) == 0)
			return (call->parts[i]);
	return (S(""));
}

int
fcgi_body(struct fcgi_call *call, struct arena *a, size_t limit, struct str *body)
{

	(void)a;
	*body = call->parts[4];
	return (body->n > limit ? -1 : 0);
}

int
fcgi_send(struct fcgi_call *call, struct str head, struct str body)
{

	call->head = head;
	call->body = body;
	return (0);
}

int
fcgi_part(struct fcgi_call *call, struct str head, struct str body)
{

	(void)call, (void)head, (void)body;
	RULE(false); /* nothing here is long enough */
	return (-1);
}

/* Every line of a head is "Name: value" and its end is the only empty one. */
static void
is_head(struct str head)
{
	struct str line, rest, value;

	while (head.n > 0) {
		line = str_cut(head, '\n', &head);
		RULE(line.n > 0 && line.p[line.n - 1] == '\r');
		line.n--;
		RULE(memchr(line.p, '\r', line.n) == NULL);
		rest = str_cut(line, ':', &value);
		RULE(line.n == 0 ? head.n == 0 : rest.n > 0 && value.p != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct worker w = {.a = fuzz_arena()};
	struct fcgi_call call = {0};
	const char *wrong;
	struct rq rq;
	size_t at = 0;
	int status;

	for (int i = 0; i < PARTS; i++) {
		size_t length = 0;

		while (at + length < n && data[at + length] != SEPARATOR && data[at + length] != 0)
			length++;
		call.parts[i] = fuzz_copy(data + at, length);
		at += at + length < n ? length + 1 : length;
	}
	status = intake_read(&rq, &w, &call);
	if (status == 0) {
		RULE(rq.method < METHOD__MAX && str_is_text(rq.path) && rq.n_params <= RQ_PARAMS);
		for (size_t i = 0; i < rq.n_params; i++)
			RULE(str_is_text(rq.params[i].name) && str_is_text(rq.params[i].value));
		rq.token = cookie_token(&rq);
		RULE(rq.token.p == NULL || (rq.token.n == TOKEN_HEX && memchr(rq.token.p, ';', rq.token.n) == NULL));
		status = problem(&rq, P_not_found, "%.*s", STR_ARG(rq.path)); /* as the router says of most paths */
	}
	RULE(status >= 400 && status < 500);
	intake_answer(&rq, &call, status);
	is_head(call.head);
	RULE(json_parse(w.a, call.body, &wrong) != NULL);
	for (int i = 0; i < PARTS; i++)
		free((char *)call.parts[i].p);
	return (0);
}
