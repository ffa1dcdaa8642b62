/* JSON of a body: what passes keeps the limits, holds nothing but text, and written out again it
 * is the same value; then it is held against declared fields, as PATCH of a user does. */
#include "core/body.h"
#include "tests/fuzz/fuzz.h"
#include "wire/json.h"

/* A NUL by its escape: nothing that passes may hold it, cJSON would cut the text there. */
static bool
has_nul(const uint8_t *p, size_t n)
{

	for (size_t i = 0; i + 5 < n; i++)
		if (p[i] == '\\' && memcmp(p + ++i, "u0000", 5) == 0)
			return (true);
	return (false);
}

static void
keeps_limits(const struct json *v, int depth)
{
	size_t members = 0;

	RULE(depth <= JSON_DEPTH + 1);
	if (v->type == JSON_STRING)
		RULE(fuzz_is_utf8((const uint8_t *)v->s.p, v->s.n) && memchr(v->s.p, 0, v->s.n) == NULL);
	for (const struct json *m = v->first; m != NULL; m = m->next) {
		RULE(v->type == JSON_ARRAY || v->type == JSON_OBJECT);
		keeps_limits(m, depth + 1);
		if (v->type != JSON_OBJECT)
			continue;
		RULE(++members <= JSON_MEMBERS);
		for (const struct json *other = m->next; other != NULL; other = other->next)
			RULE(!str_eq(m->key, other->key));
	}
}

static void
write(struct buf *b, const struct json *v)
{

	switch (v->type) {
	case JSON_NULL:
		buf_addz(b, "null");
		break;
	case JSON_BOOL:
		buf_addz(b, v->number == 1 ? "true" : "false");
		break;
	case JSON_NUMBER:
		buf_printf(b, "%.17g", v->number);
		break;
	case JSON_STRING:
		json_str(b, v->s);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		buf_char(b, v->type == JSON_ARRAY ? '[' : '{');
		for (const struct json *m = v->first; m != NULL; m = m->next) {
			if (m != v->first)
				buf_char(b, ',');
			if (v->type == JSON_OBJECT) {
				json_str(b, m->key);
				buf_char(b, ':');
			}
			write(b, m);
		}
		buf_char(b, v->type == JSON_ARRAY ? ']' : '}');
		break;
	}
}

static bool
same(const struct json *x, const struct json *y)
{
	const struct json *m = x->first, *o = y->first;

	if (x->type != y->type || x->number != y->number || !str_eq(x->s, y->s) || !str_eq(x->key, y->key))
		return (false);
	for (; m != NULL && o != NULL; m = m->next, o = o->next)
		if (!same(m, o))
			return (false);
	return (m == NULL && o == NULL);
}

/* The members as a PATCH of a user: only its fields become parameters, and only good text. */
static void
as_body(struct arena *a, struct str text)
{
	struct rights rights;
	struct rq rq = {.a = a, .action = ACT_user_edit, .content_type = S("application/json"), .body_text = text};

	access_rights(ROLE_provider_admin, &rights);
	rq.who.rights = &rights;
	buf_init(&rq.out, a, 1 << 20);
	if (body_parse(&rq) == 0 && body_fields(&rq) == 0) {
		RULE(rq.n_args <= RQ_ARGS);
		for (size_t i = 0; i < rq.n_args; i++)
			RULE(rq.args[i].v.type == DB_NULL ||
			    (rq.args[i].v.type == DB_TEXT && str_is_text(rq.args[i].v.s) && rq.args[i].v.s.n <= 800));
		return;
	}
	RULE(problem_write(&rq) >= 400);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str text = fuzz_copy(data, n);
	const char *wrong = NULL;
	struct json *v = json_parse(a, text, &wrong), *again;
	struct buf b;

	RULE((v == NULL) == (wrong != NULL));
	if (v != NULL) {
		RULE(fuzz_is_utf8(data, n) && !has_nul(data, n));
		keeps_limits(v, 1);
		buf_init(&b, a, 1 << 24);
		write(&b, v);
		again = json_parse(a, buf_str(&b), &wrong);
		RULE(!buf_failed(&b) && again != NULL && same(v, again));
	}
	as_body(a, text);
	free((char *)text.p);
	return (0);
}
