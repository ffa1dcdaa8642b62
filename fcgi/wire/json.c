#include "wire/json.h"

#include <cjson/cJSON.h>
#include <string.h>

/* Depth outside of strings, and what cJSON would let pass or cut short.  NULL, or what is wrong. */
static const char *
scan(struct str text)
{
	bool in_string = false;
	int depth = 0;

	if (!str_is_lines(text))
		return ("it is not UTF-8 text");
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (in_string && c == '\\') {
			if (text.n - i >= 6 && memcmp(text.p + i + 1, "u0000", 5) == 0)
				return ("a text holds a NUL");
			i++;
		} else if (c == '"') {
			in_string = !in_string;
		} else if (in_string && (unsigned char)c < 0x20) {
			return ("a text holds a control character");
		} else if (!in_string && (c == '{' || c == '[')) {
			if (++depth > JSON_DEPTH)
				return ("it is nested too deeply");
		} else if (!in_string && (c == '}' || c == ']')) {
			depth--;
		}
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

	for (const cJSON *c = from->child; c != NULL; c = c->next) {
		struct str key = str_of(c->string);
		struct json *m;

		if (to->type == JSON_OBJECT && has_key(to, key)) {
			*wrong = "a key stands twice";
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
