#include "wire/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

static bool
is_digit(struct str s, size_t i)
{

	return (i < s.n && s.p[i] >= '0' && s.p[i] <= '9');
}

/* The bytes of the number at s.p by the grammar of RFC 8259, or 0: cJSON takes 01 and 1. */
static size_t
number_length(struct str s)
{
	size_t i = s.p[0] == '-';

	if (!is_digit(s, i))
		return (0);
	if (s.p[i] == '0')
		i++;
	else
		while (is_digit(s, i))
			i++;
	if (i < s.n && s.p[i] == '.') {
		if (!is_digit(s, ++i))
			return (0);
		while (is_digit(s, i))
			i++;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		i += i < s.n && (s.p[i] == '+' || s.p[i] == '-');
		if (!is_digit(s, i))
			return (0);
		while (is_digit(s, i))
			i++;
	}
	return (i < s.n && (is_digit(s, i) || s.p[i] == '.') ? 0 : i);
}

/* The bytes of the escape at s.p, or 0: cJSON makes a NUL of \u12G4, and ends the text there. */
static size_t
escape_length(struct str s)
{
	bool zero = true;

	if (s.n < 2)
		return (0);
	if (s.p[1] != 'u')
		return (2); /* cJSON knows the letters */
	for (size_t i = 2; i < 6; i++) {
		if (i == s.n ||
		    !((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f') ||
			(s.p[i] >= 'A' && s.p[i] <= 'F')))
			return (0);
		zero = zero && s.p[i] == '0';
	}
	return (zero ? 0 : 6);
}

/* The bytes of the text at s.p with its quotes, or 0. */
static size_t
string_length(struct str s)
{
	size_t i = 1, step;

	while (i < s.n && s.p[i] != '"') {
		if ((unsigned char)s.p[i] < 0x20)
			return (0);
		step = s.p[i] == '\\' ? escape_length((struct str){s.p + i, s.n - i}) : 1;
		if (step == 0)
			return (0);
		i += step;
	}
	return (i < s.n ? i + 1 : 0);
}

/* What cJSON would let pass, bend or cut short.  NULL, or what is wrong. */
static const char *
scan(struct str text)
{
	int depth = 0;
	size_t step;

	if (!str_is_lines(text))
		return ("it is not UTF-8 text");
	for (size_t i = 0; i < text.n; i += step) {
		struct str rest = {text.p + i, text.n - i};
		char c = text.p[i];

		step = c == '"' ? string_length(rest) : c == '-' || is_digit(text, i) ? number_length(rest) : 1;
		if (step == 0)
			return (c == '"' ? "a text has no end, or holds what no text can" : "a number is malformed");
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (depth > JSON_DEPTH)
			return ("it is nested too deeply");
	}
	return (NULL);
}

static bool
has_key(const struct json *object, struct str key)
{

	for (const struct json *m = object->first; m != NULL; m = m->next)
		if (str_eq(m->key, key))
			return (true);
	return (false);
}

static struct json *copy(struct arena *a, const cJSON *from, const char **wrong);

/* The members of an array or object, in order.  0, or -1 and *wrong. */
static int
copy_members(struct arena *a, const cJSON *from, struct json *to, const char **wrong)
{
	struct json **end = &to->first;
	size_t n = 0;

	for (const cJSON *c = from->child; c != NULL; c = c->next) {
		struct str key = str_of(c->string);
		struct json *m;

		if (to->type == JSON_OBJECT && has_key(to, key)) {
			*wrong = "a key stands twice";
			return (-1);
		}
		if (to->type == JSON_OBJECT && ++n > JSON_MEMBERS) { /* each is held against all before it */
			*wrong = "an object has too many members";
			return (-1);
		}
		if ((m = copy(a, c, wrong)) == NULL)
			return (-1);
		m->key = key.p == NULL ? S("") : arena_str(a, key);
		*end = m;
		end = &m->next;
	}
	return (0);
}

static struct json *
copy(struct arena *a, const cJSON *from, const char **wrong)
{
	struct json *to = arena_zero(a, 1, sizeof(*to));

	if (cJSON_IsNumber(from) && !isfinite(from->valuedouble)) {
		*wrong = "a number is too large";
		return (NULL);
	}
	if (cJSON_IsString(from)) {
		to->type = JSON_STRING;
		to->s = arena_str(a, str_of(from->valuestring));
	} else if (cJSON_IsNumber(from)) {
		to->type = JSON_NUMBER;
		to->number = from->valuedouble;
	} else if (cJSON_IsBool(from)) {
		to->type = JSON_BOOL;
		to->number = cJSON_IsTrue(from);
	} else if (cJSON_IsArray(from) || cJSON_IsObject(from)) {
		to->type = cJSON_IsArray(from) ? JSON_ARRAY : JSON_OBJECT;
		if (copy_members(a, from, to, wrong) == -1)
			return (NULL);
	}
	return (to);
}

struct json *
json_parse(struct arena *a, struct str text, const char **wrong)
{
	struct json *value = NULL;
	const char *end;
	cJSON *tree;

	if ((*wrong = scan(text)) != NULL)
		return (NULL);
	tree = cJSON_ParseWithLengthOpts(text.p, text.n, &end, 0);
	if (tree == NULL) {
		*wrong = "it does not follow the syntax of JSON";
		return (NULL);
	}
	while (end < text.p + text.n && (*end == ' ' || *end == '\n' || *end == '\r' || *end == '\t'))
		end++;
	if (end != text.p + text.n)
		*wrong = "something follows the value";
	else
		value = copy(a, tree, wrong);
	cJSON_Delete(tree);
	return (value);
}
