/* What an offering is called in the language of who gets the bill.  Bills that are issued keep their words. */
#include "core/query.h"
#include "core/rights.h"
#include "page/offering_part.h"
#include "page/page.h"
#include "paper/words.h"
#include "wire/json.h"

#define NAMES_MAX 20
#define NAME_CHARS 100
#define NAMES_JSON 16384

struct name {
	struct str language, name;
};
static const struct col name_cols[] = {COL_S_(name, language), COL_S_(name, name)};

/* {"names":{"de":"...","fr":"..."}}.  Returns the status. */
static int
answer(struct rq *rq)
{
	struct name *names = NULL;
	int64_t n = 0;

	if (may_read(rq->who.rights, FLD_offering_names) &&
	    (n = query_rows_system(
		 rq, Q_offering_names, COLS(name_cols), sizeof(*names), NAMES_MAX, (void **)&names)) == -1)
		return (problem_status(rq->problem));
	buf_addz(&rq->out, "{\"names\":{");
	for (int64_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&rq->out, ',');
		json_str(&rq->out, names[i].language);
		buf_char(&rq->out, ':');
		json_str(&rq->out, names[i].name);
	}
	buf_addz(&rq->out, "}}");
	return (200);
}

/* GET /api/v1/offerings/:id/names */
int
offering_names(struct rq *rq)
{
	struct offering_found o;

	return (offering_find(rq, &o) == -1 ? problem_status(rq->problem) : answer(rq));
}

static bool
is_language(struct str s)
{

	for (int lang = 0; lang < LANG__MAX; lang++)
		if (str_eq(s, words_tag((enum lang)lang)))
			return (true);
	return (false);
}

/* :names of the body.  How many, or -1 with 422. */
static int
read_body(struct rq *rq)
{
	const struct json *all = rq->body->first;
	struct buf b;
	int n = 0;

	if (all == NULL || all->next != NULL || !str_eqz(all->key, "names") || all->type != JSON_OBJECT) {
		problem_field(
		    rq, P_invalid, S("/names"), "missing", "%s", "it takes \"names\", an object, and nothing else");
		return (-1);
	}
	buf_init(&b, rq->a, NAMES_JSON);
	buf_char(&b, '[');
	for (const struct json *m = all->first; m != NULL; m = m->next, n++) {
		const struct str at = arena_printf(rq->a, "/names/%.*s", STR_ARG(m->key));

		if (!is_language(m->key))
			problem_field(rq, P_invalid, at, "code", "%s", "there are en, de, fr, ja and ar");
		else if (m->type != JSON_STRING || !str_is_line(m->s) || str_is_blank(m->s) ||
		    str_chars(m->s) > NAME_CHARS)
			problem_field(
			    rq, P_invalid, at, "length", "it needs 1 to %d characters on one line", NAME_CHARS);
		if (rq->problem != P_none)
			continue;
		buf_addz(&b, n == 0 ? "[" : ",[");
		json_str(&b, m->key);
		buf_char(&b, ',');
		json_str(&b, m->s);
		buf_char(&b, ']');
	}
	buf_char(&b, ']');
	arg_text(rq, "names", buf_str(&b));
	return (rq->problem == P_none ? n : -1);
}

/* PUT /api/v1/offerings/:id/names {names: {language: name}}  those of all languages; by its own name where there is none. */
int
offering_name(struct rq *rq)
{
	struct offering_found o;
	int n;

	if (!may_write(rq->who.rights, FLD_offering_names))
		return (problem(rq, P_forbidden, "%s", ""));
	if (query_id(rq, RES_offering) == -1 || query_lock(rq, RES_offering) == -1 || offering_find(rq, &o) == -1 ||
	    (n = read_body(rq)) == -1 || query_run_system(rq, Q_offering_names_drop) == -1 ||
	    (n > 0 && query_run_system(rq, Q_offering_names_add) == -1))
		return (problem_status(rq->problem));
	rq->audit_object = o.id;
	rq->audit_detail = arena_printf(rq->a, "names in %d languages", n);
	return (answer(rq));
}
