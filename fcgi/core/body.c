#include "core/body.h"

#include "base/date.h"
#include "core/seal.h"
#include "core/worker.h"

#define TEXT_MAX 200
#define CODE_MAX 20

/* The member as a JSON pointer (RFC 6901). */
static struct str
pointer_to(struct rq *rq, struct str member)
{
	struct buf b;

	buf_init(&b, rq->a, 2 * member.n + 1);
	buf_char(&b, '/');
	for (size_t i = 0; i < member.n; i++)
		switch (member.p[i]) {
		case '~':
			buf_addz(&b, "~0");
			break;
		case '/':
			buf_addz(&b, "~1");
			break;
		default:
			buf_char(&b, member.p[i]);
		}
	return (buf_str(&b));
}

static void
wrong(struct rq *rq, struct str member, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, pointer_to(rq, member), code, "%s", detail);
}

int
body_parse(struct rq *rq)
{
	const char *why;

	if (!str_eq_nocase(str_cut(rq->content_type, ';', &(struct str){NULL, 0}), S("application/json"))) {
		problem(rq, P_media_type, "it must be application/json");
		return (-1);
	}
	if ((rq->body = json_parse(rq->a, rq->body_text, &why)) == NULL) {
		problem(rq, P_bad_body, "%s", why);
		return (-1);
	}
	if (rq->body->type != JSON_OBJECT) {
		problem(rq, P_bad_body, "it is not an object");
		return (-1);
	}
	return (0);
}

static bool
is_code(struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
			(s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '_'))
			return (false);
	return (s.n > 0 && s.n <= CODE_MAX);
}

/* A text that stands for something else: an id of ours, a day. */
static void
meant(struct rq *rq, const struct access_field *f, const struct json *m)
{
	int64_t v;

	if (f->type == T_DATE && date_parse(m->s, &v) == -1)
		wrong(rq, m->key, "date", "it is not a day like 2026-06-01");
	else if (f->type == T_DATE)
		arg_text(rq, f->name, m->s);
	else if (seal_id_open(rq->w->key, (enum resource)((int)f->type - T_ID_FIRST), m->s, &v) == -1)
		wrong(rq, m->key, "id", "it is not an id of that kind");
	else
		arg_int(rq, f->name, v);
}

/* Texts, codes, ids and days can be set so far; a field of another type is refused, not guessed. */
static void
field(struct rq *rq, const struct access_field *f, const struct json *m)
{

	if (m->type != JSON_STRING)
		wrong(rq, m->key, "type", "it must be a text");
	else if (f->type == T_DATE || (int)f->type >= T_ID_FIRST)
		meant(rq, f, m);
	else if (f->type == T_TEXT && (str_is_blank(m->s) || str_chars(m->s) > TEXT_MAX))
		wrong(rq, m->key, "length", "it needs 1 to 200 characters");
	else if (f->type == T_TEXT && !str_is_line(m->s)) /* \u001b in JSON is a control character all the same */
		wrong(rq, m->key, "text", "it cannot hold control characters or line breaks");
	else if (f->type == T_CODE && !is_code(m->s))
		wrong(rq, m->key, "code", "it is not one of the known values");
	else if (f->type != T_TEXT && f->type != T_CODE)
		wrong(rq, m->key, "type", "it cannot be set");
	else
		arg_text(rq, f->name, m->s);
}

int
body_fields(struct rq *rq)
{
	enum resource res = access_actions[rq->action].resource;

	for (int f = 0; f < FLD__MAX; f++)
		if (access_fields[f].resource == res && access_fields[f].set_by == (int)rq->action)
			arg_null(rq, access_fields[f].name);
	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		int f = access_field_of(res, m->key);

		if (f == -1 || access_fields[f].set_by != (int)rq->action || !may_write(rq->who.rights, (enum field)f))
			wrong(rq, m->key, "not_writable", "it cannot be set here");
		else
			field(rq, &access_fields[f], m);
	}
	return (rq->problem != P_none ? -1 : 0);
}

const struct db_val *
body_given(struct rq *rq, const char *name)
{

	for (size_t i = 0; i < rq->n_args; i++)
		if (str_eqz(str_of(name), rq->args[i].name) && rq->args[i].v.type != DB_NULL)
			return (&rq->args[i].v);
	problem_field(rq, P_invalid, arena_printf(rq->a, "/%s", name), "missing", "%s", "it is missing");
	return (NULL);
}

static bool
has(const struct json *object, const char *name)
{

	for (const struct json *m = object->first; m != NULL; m = m->next)
		if (str_eqz(m->key, name))
			return (true);
	return (false);
}

int
body_texts(struct rq *rq, const struct body_text *texts, size_t n)
{

	return (body_texts_some(rq, texts, n, n));
}

int
body_texts_some(struct rq *rq, const struct body_text *texts, size_t n, size_t needed)
{
	size_t i;

	for (i = 0; i < n; i++)
		*texts[i].value = (struct str){NULL, 0};
	for (const struct json *m = rq->body->first; m != NULL; m = m->next) {
		for (i = 0; i < n && !str_eqz(m->key, texts[i].name); i++)
			continue;
		if (i == n)
			wrong(rq, m->key, "unknown", "it is not known here");
		else if (m->type != JSON_STRING || m->s.n == 0 || str_chars(m->s) > texts[i].max)
			wrong(rq, m->key, "length", "it must be a text that is neither empty nor too long");
		else
			*texts[i].value = m->s;
	}
	for (i = 0; i < needed; i++)
		if (!has(rq->body, texts[i].name))
			wrong(rq, str_of(texts[i].name), "missing", "it is missing");
	return (rq->problem != P_none ? -1 : 0);
}
