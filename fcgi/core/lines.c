#include "core/lines.h"

static int64_t
count(struct str text)
{
	int64_t n = 0;

	while (text.n > 0) {
		str_cut(text, '\n', &text);
		n++;
	}
	return (n);
}

static bool
stands_before(const struct csv_record *r, size_t i)
{

	for (size_t j = 0; j < i; j++)
		if (str_eq(r->cells[i], r->cells[j]))
			return (true);
	return (false);
}

/* The members that the columns of a CSV are.  0, or -1 with the problem set. */
static int
read_head(struct rq *rq, struct lines *l)
{
	const char *wrong = "it is empty; the first line names the members";
	struct csv_record *r = &l->head;

	if (str_starts(l->left, S(CSV_BOM)))
		l->left = (struct str){l->left.p + 3, l->left.n - 3};
	l->line++;
	if (csv_next(rq->a, &l->left, r, &wrong) != 1) {
		problem(rq, P_bad_body, "%s", wrong);
		return (-1);
	}
	for (size_t i = 0; i < r->n; i++)
		if (r->cells[i].n == 0 || stands_before(r, i)) {
			problem(rq, P_bad_body, "a column has no name, or that of another");
			return (-1);
		}
	return (0);
}

int
lines_open(struct rq *rq, int64_t most, struct lines *l)
{
	struct str type = str_cut(rq->content_type, ';', &(struct str){NULL, 0});

	*l = (struct lines){.left = rq->body_text, .csv = str_eq_nocase(type, S("text/csv"))};
	if (!l->csv && !str_eq_nocase(type, S("application/x-ndjson"))) {
		problem(rq, P_media_type, "it must be application/x-ndjson or text/csv");
		return (-1);
	}
	if (count(l->left) > most + l->csv) {
		problem(rq, P_too_large, "at most %lld lines; send the rest as further requests", (long long)most);
		return (-1);
	}
	return (l->csv ? read_head(rq, l) : 0);
}

static struct json *
text_node(struct arena *a, struct str s)
{
	struct json *m = arena_zero(a, 1, sizeof(*m));

	m->type = JSON_STRING;
	m->s = arena_str(a, s);
	return (m);
}

/* "a; b" as a list; "-" as an empty one. */
static struct json *
tags_node(struct arena *a, struct str cell)
{
	struct json *list = arena_zero(a, 1, sizeof(*list)), **end = &list->first;

	list->type = JSON_ARRAY;
	for (struct str rest = str_eqz(cell, "-") ? S("") : cell; rest.n > 0;) {
		struct str one = str_cut(rest, ';', &rest);

		while (one.n > 0 && one.p[0] == ' ')
			one.p++, one.n--;
		while (one.n > 0 && one.p[one.n - 1] == ' ')
			one.n--;
		*end = text_node(a, one);
		end = &(*end)->next;
	}
	return (list);
}

/* A record as the object that a line of NDJSON would be.  1, or -1 and *wrong. */
static int
as_object(struct arena *a, const struct lines *l, const struct csv_record *r, struct json **object, const char **wrong)
{
	struct json **end;

	if (r->n > l->head.n) {
		*wrong = "it has more cells than the first line";
		return (-1);
	}
	*object = arena_zero(a, 1, sizeof(**object));
	(*object)->type = JSON_OBJECT;
	end = &(*object)->first;
	for (size_t i = 0; i < r->n; i++) {
		struct json *m;

		if (r->cells[i].n == 0)
			continue;
		if (str_eqz(l->head.cells[i], "tags"))
			m = tags_node(a, r->cells[i]);
		else if (str_eqz(r->cells[i], "-"))
			m = arena_zero(a, 1, sizeof(*m)); /* null */
		else
			m = text_node(a, r->cells[i]);
		m->key = l->head.cells[i];
		*end = m;
		end = &m->next;
	}
	return (1);
}

static int
next_record(struct arena *a, struct lines *l, struct json **object, const char **wrong)
{
	struct csv_record r;
	int rc;

	do {
		const struct str from = l->left;

		rc = csv_next(a, &l->left, &r, wrong);
		l->text = (struct str){from.p, from.n - l->left.n};
		l->line++;
	} while (rc == 1 && r.n == 1 && r.cells[0].n == 0);
	return (rc == 1 ? as_object(a, l, &r, object, wrong) : rc);
}

int
lines_next(struct arena *a, struct lines *l, struct json **object, const char **wrong)
{
	struct str line;

	if (l->csv)
		return (next_record(a, l, object, wrong));
	do {
		if (l->left.n == 0)
			return (0);
		line = str_cut(l->left, '\n', &l->left);
		l->line++;
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
	} while (str_is_blank(line));
	l->text = line;
	if ((*object = json_parse(a, line, wrong)) == NULL)
		return (-1);
	if ((*object)->type == JSON_OBJECT)
		return (1);
	*wrong = "it is not an object";
	return (-1);
}

void
lines_set(struct arena *a, struct lines *l, struct line_set *set)
{
	struct json *object;
	const char *wrong;
	size_t bytes = 0;
	int rc = 1;

	set->lines = arena_alloc(a, LINES_SET * sizeof(*set->lines));
	for (set->n = 0; set->n < LINES_SET && bytes < LINES_SET_BYTES; set->n++) {
		if ((rc = lines_next(a, l, &object, &wrong)) == 0)
			break;
		set->lines[set->n] = (struct line){l->line, l->text, rc == 1 ? object : NULL};
		bytes += l->text.n;
	}
	set->last = rc == 0 || l->left.n == 0;
}
