#include "batch.h"

#include "base/conf.h"
#include "core/lines.h"
#include "core/stream.h"

#define LINE_ANSWER ((size_t)4 * 1024 * 1024) /* it names each wrong member, and a line may be one long name */
#define SET_ANSWER ((size_t)4 * 1024 * 1024)
#define LINES_AT_ONCE 20 /* answered at least so often: whoever waits sees that it goes on */

/* Takes the id out of the object: what is left is the body of a single change. */
static void
take_id(struct rq *line, struct json *object)
{

	for (struct json **m = &object->first; *m != NULL; m = &(*m)->next)
		if (str_eqz((*m)->key, "id")) {
			if ((*m)->type == JSON_STRING)
				line->id_text = (*m)->s;
			*m = (*m)->next;
			break;
		}
	line->body = object;
	if (line->id_text.p == NULL)
		problem_field(line, P_invalid, S("/id"), "missing", "%s", "it must be the id of what is to be changed");
}

/* {"line":3,"id":"cus_...","status":422,"problem":{...}}  with the line in each pointer: /3/tags. */
static void
answer(struct rq *rq, struct rq *line, int64_t number, int status)
{
	struct buf *b = &rq->out;

	buf_addz(b, "{\"line\":");
	buf_int(b, number);
	buf_addz(b, ",\"id\":");
	if (line->id_text.p == NULL)
		buf_addz(b, "null");
	else
		json_str(b, line->id_text);
	buf_addz(b, ",\"status\":");
	buf_int(b, status);
	if (status >= 400) {
		for (size_t i = 0; i < line->n_errors; i++)
			line->errors[i].pointer =
			    arena_printf(line->a, "/%lld%.*s", (long long)number, STR_ARG(line->errors[i].pointer));
		problem_write(line);
		buf_addz(b, ",\"problem\":");
		buf_add(b, buf_str(&line->out));
	}
	buf_addz(b, "}\n");
}

/* One line in the memory of a.  Returns its problem. */
static enum problem
run_line(struct rq *rq, struct arena *a, struct lines *l, struct json *object, const char *wrong, enum problem stop,
    int (*one)(struct rq *))
{
	struct rq line = *rq;
	int status;

	line.a = a;
	line.id_text = (struct str){NULL, 0};
	buf_init(&line.out, a, LINE_ANSWER);
	if (object == NULL)
		problem(&line, P_bad_body, "%s", wrong);
	else
		take_id(&line, object);
	if (stop != P_none)
		problem(&line, stop, "this line was not tried: send it again");
	status = line.problem != P_none ? problem_status(line.problem) : one(&line);
	answer(rq, &line, l->line, status);
	return (status < 400 ? P_none : line.problem);
}

/* After these no further line is tried: the database is gone or full, or who asks may not any more. */
static bool
is_end(enum problem p)
{

	return (p == P_no_database || p == P_no_room || p == P_not_signed_in || p == P_forbidden || p == P_view_only);
}

int
batch_run(struct rq *rq, int (*one)(struct rq *))
{
	enum problem stop = P_none, last;
	struct json *object;
	struct arena *a;
	struct lines l;
	const char *wrong = "";
	int rc, n = 0;

	if (lines_open(rq, conf_int(CONF_bulk_lines), &l) == -1)
		return (problem_status(rq->problem));
	rq->content_type_out = "application/x-ndjson";
	a = arena_open();
	while ((rc = lines_next(a, &l, &object, &wrong)) != 0) {
		last = run_line(rq, a, &l, rc == 1 ? object : NULL, wrong, stop, one);
		if (stop == P_none && is_end(last))
			stop = last;
		arena_reset(a);
		if (++n % LINES_AT_ONCE == 0 && stream_part(rq) == -1)
			break; /* nobody listens: the rest stays as it is */
	}
	arena_close(a);
	if (rc == 0 && n == 0)
		return (problem(rq, P_bad_body, "it has no lines"));
	return (rq->problem != P_none ? problem_status(rq->problem) : 200);
}

/* None of them was taken. */
static void
answer_failed(struct rq *rq, const struct line_set *set, enum problem p)
{

	for (size_t i = 0; i < set->n; i++)
		buf_printf(&rq->out, "{\"line\":%lld,\"event\":null,\"verdict\":\"failed\",\"problem\":\"%s\"}\n",
		    (long long)set->lines[i].number, problem_code(p));
}

/* One set in the memory of a.  Its problem. */
static enum problem
run_set(struct rq *rq, struct arena *a, struct line_set *set, int (*one)(struct rq *), void (*end)(struct rq *))
{
	struct rq line = *rq;

	line.a = a;
	line.set = set;
	buf_init(&line.out, a, SET_ANSWER);
	if (one(&line) >= 400) {
		if (line.headers.n > 0)
			rq->headers = arena_str(rq->a, line.headers);
		rq->problem_detail = arena_str(rq->a, line.problem_detail);
		return (line.problem);
	}
	set->kept = line.audit_object;
	for (size_t i = 0; i < sizeof(set->sums) / sizeof(set->sums[0]); i++)
		set->sums[i] += set->counts[i];
	if (set->last)
		end(&line);
	buf_add(&rq->out, buf_str(&line.out));
	return (P_none);
}

int
batch_sets(struct rq *rq, int (*one)(struct rq *), void (*end)(struct rq *))
{
	struct line_set set = {.n = 0};
	enum problem wrong = P_none;
	struct arena *a;
	struct lines l;
	int64_t n = 0;

	if (lines_open(rq, INT64_MAX - 1, &l) == -1) /* body_limit is the limit */
		return (problem_status(rq->problem));
	rq->content_type_out = "application/x-ndjson";
	a = arena_open();
	while (!set.last) {
		lines_set(a, &l, &set);
		if (set.n == 0)
			break;
		if (wrong == P_none)
			wrong = run_set(rq, a, &set, one, end);
		if (wrong != P_none && n == 0) /* nothing was done, so the whole can be answered for */
			break;
		if (wrong != P_none)
			answer_failed(rq, &set, wrong);
		n += (int64_t)set.n;
		arena_reset(a);
		if (!set.last && stream_part(rq) == -1)
			break; /* nobody listens: the rest stays as it is */
	}
	arena_close(a);
	if (wrong != P_none && n == 0)
		return (problem(rq, wrong, "%.*s", STR_ARG(rq->problem_detail)));
	if (n == 0)
		return (problem(rq, P_bad_body, "it has no lines"));
	return (rq->problem != P_none ? problem_status(rq->problem) : 200);
}
