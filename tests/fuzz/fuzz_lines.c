/* The body of a bulk change, as NDJSON and as CSV: reading it comes to its end, every line is either an object that
 * holds nothing but text or is told as wrong, and a cell that is written is read again as the same. */
#include "core/lines.h"
#include "tests/fuzz/fuzz.h"

static void
is_clean(const struct json *v)
{

	if (v->type == JSON_STRING)
		RULE(fuzz_is_utf8((const uint8_t *)v->s.p, v->s.n) && memchr(v->s.p, 0, v->s.n) == NULL);
	RULE(v->first == NULL || v->type == JSON_ARRAY || v->type == JSON_OBJECT);
	for (const struct json *m = v->first; m != NULL; m = m->next) {
		RULE(v->type != JSON_OBJECT || fuzz_is_utf8((const uint8_t *)m->key.p, m->key.n));
		is_clean(m);
	}
}

/* No member stands twice: what it is set to would hang on who reads it. */
static void
is_single(const struct json *object)
{

	for (const struct json *m = object->first; m != NULL; m = m->next)
		for (const struct json *other = m->next; other != NULL; other = other->next)
			RULE(!str_eq(m->key, other->key));
}

static void
read_all(struct arena *a, struct str text, struct str type, size_t feeds)
{
	struct rq rq = {.a = a, .content_type = type, .body_text = text};
	struct lines l;
	struct json *object;
	const char *wrong;
	int64_t before = 0;
	size_t left = text.n;
	int rc;

	if (lines_open(&rq, 50, &l) == -1) {
		RULE(rq.problem != P_none);
		return;
	}
	RULE(rq.problem == P_none && feeds <= 51);
	for (;;) {
		wrong = NULL;
		object = NULL;
		if ((rc = lines_next(a, &l, &object, &wrong)) == 0)
			break;
		RULE(l.line > before && l.line <= 52 && l.left.n < left + 1);
		before = l.line;
		left = l.left.n;
		RULE(rc == 1 || wrong != NULL);
		if (rc == -1)
			continue;
		RULE(object != NULL && object->type == JSON_OBJECT);
		is_clean(object);
		is_single(object);
	}
	RULE(l.left.n == 0);
}

static void
written_is_read(struct arena *a, struct str text)
{
	struct csv_record r;
	const char *wrong;
	struct buf b;
	struct str s, cell;

	if (!str_is_text(text))
		return;
	buf_init(&b, a, 1 << 20);
	csv_text(&b, text);
	buf_addz(&b, CSV_END);
	s = buf_str(&b);
	RULE(csv_next(a, &s, &r, &wrong) == 1 && s.n == 0 && r.n == 1);
	cell = r.cells[0];
	if (cell.n == text.n + 1) { /* with an apostrophe before it */
		RULE(cell.p[0] == '\'');
		cell = (struct str){cell.p + 1, cell.n - 1};
	}
	RULE(str_eq(cell, text));
	RULE(r.cells[0].n == 0 || memchr("=+-@\t\r", r.cells[0].p[0], 6) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str text = fuzz_copy(data, n);
	size_t feeds = 0;

	for (size_t i = 0; i < n; i++)
		feeds += data[i] == '\n';
	read_all(a, text, S("application/x-ndjson"), feeds);
	read_all(a, text, S("text/csv; charset=utf-8"), feeds);
	written_is_read(a, text);
	free((char *)text.p);
	return (0);
}
