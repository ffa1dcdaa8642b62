/* The body of a write: what cJSON would let pass, bend or cut short is refused before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "wire/json.h"

static struct arena *a;

static int
prepare(void **state)
{

	(void)state;
	a = arena_open();
	return (0);
}

static int
finish(void **state)
{

	(void)state;
	arena_close(a);
	return (0);
}

static void
refused(struct str text)
{
	/* Exactly as long as it is: the sanitizer sees a byte read too many. */
	char *exact = malloc(text.n == 0 ? 1 : text.n);
	const char *wrong = NULL;

	assert_non_null(exact);
	memcpy(exact, text.p, text.n);
	if (json_parse(a, (struct str){exact, text.n}, &wrong) != NULL)
		fail_msg("taken: %.*s", STR_ARG(text));
	assert_non_null(wrong);
	free(exact);
}

static struct json *
taken(struct str text)
{
	const char *wrong = NULL;
	char *exact = malloc(text.n);
	struct json *v;

	assert_non_null(exact);
	memcpy(exact, text.p, text.n);
	v = json_parse(a, (struct str){exact, text.n}, &wrong);
	free(exact); /* the value lives in the arena alone */
	if (v == NULL)
		fail_msg("%.*s: %s", STR_ARG(text), wrong);
	return (v);
}

static void
what_is_no_json_is_refused(void **state)
{
	static const char *const wrong[] = {"", " ", "{", "}", "[", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
	    "{a:1}", "{'a':1}", "nul", "tru", "nulll", "\"", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"",
	    "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "-", "NaN", "Infinity", "// x\n1", "[1]]", "{\"a\":1}}",
	    "{\"a\":1} x", "1 2", "{\"a\":1}\n{}"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(str_of(wrong[i]));
}

static void
numbers_follow_the_syntax(void **state)
{
	static const char *const wrong[] = {"01", "-01", "1.", "1.e3", ".5", "+1", "1e", "1e+", "0x1", "1.2.3", "--1",
	    "[00]", "{\"a\":1e999}", "-1e999"};
	static const char *const right[] = {"0", "-0", "10", "1.50", "1e3", "1E-2", "-12.5e+3", "[0,1]"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(str_of(wrong[i]));
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		taken(str_of(right[i]));
}

static void
a_key_stands_once(void **state)
{

	(void)state;
	refused(S("{\"a\":1,\"a\":2}"));
	refused(S("{\"a\":1,\"\\u0061\":2}"));
	refused(S("[{\"b\":{\"a\":1,\"c\":2,\"a\":1}}]"));
	taken(S("{\"a\":1,\"A\":2}"));
	taken(S("[{\"a\":1},{\"a\":2}]"));
}

static struct str
nested(int depth, const char *open, const char *close)
{
	struct buf b;

	buf_init(&b, a, 1 << 20);
	for (int i = 0; i < depth; i++)
		buf_addz(&b, open);
	buf_addz(&b, "1");
	for (int i = 0; i < depth; i++)
		buf_addz(&b, close);
	return (buf_str(&b));
}

static void
depth_has_an_end(void **state)
{

	(void)state;
	taken(nested(JSON_DEPTH, "[", "]"));
	taken(nested(JSON_DEPTH, "{\"a\":", "}"));
	refused(nested(JSON_DEPTH + 1, "[", "]"));
	refused(nested(JSON_DEPTH + 1, "{\"a\":", "}"));
	refused(nested(100000, "[", "]"));
	taken(S("\"[[[[[[[[[[[[[[[[[[[[[[[[\""));
	taken(S("\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[\""));
}

static void
only_utf8_without_control_characters(void **state)
{

	(void)state;
	refused(S("{\"a\":\"\xff\"}"));
	refused(S("{\"a\":\"\xc0\x80\"}"));
	refused(S("{\"a\":\"\xed\xa0\x80\"}"));
	refused(S("\xff\xfe{\0}\0"));
	refused(S("{\"a\":\"\0\"}"));
	refused(S("{\"a\":1}\0"));
	refused(S("{\"a\":\"\\u0000\"}"));
	refused(S("{\"\\u0000\":1}"));
	refused(S("{\"a\":\"b\nc\"}"));
	refused(S("{\"a\":\"b\tc\"}"));
	refused(S("{\"a\":\"\x01\"}"));
	refused(S("\x01{}"));
	taken(S("{\"a\":\"\\\\u0000\"}")); /* a backslash and a word */
	taken(S("\r\n\t {\"a\" :\r\n[ ] }\r\n"));
}

static void
values_are_what_was_sent(void **state)
{
	struct json *v =
	    taken(S("{\"text\":\"a\\n\\u00e9\\ud83d\\ude00\\\"\",\"list\":[1,true,false,null,{}],\"n\":-12.5}"));
	struct json *list = v->first->next, *n = list->next;
	static const enum json_type types[] = {JSON_NUMBER, JSON_BOOL, JSON_BOOL, JSON_NULL, JSON_OBJECT};
	size_t i = 0;

	(void)state;
	assert_int_equal(v->type, JSON_OBJECT);
	assert_true(str_eqz(v->first->key, "text"));
	assert_true(str_eqz(v->first->s, "a\né😀\""));
	assert_int_equal(list->type, JSON_ARRAY);
	for (struct json *m = list->first; m != NULL; m = m->next)
		assert_int_equal(m->type, types[i++]);
	assert_int_equal(i, 5);
	assert_true(list->first->next->number == 1);
	assert_true(n->number == -12.5);
	assert_null(n->next);
}

/* A body of the largest size may hold as many keys as it likes; it may not cost seconds. */
static void
many_keys_cost_little(void **state)
{
	struct buf b;
	struct str text;
	const char *wrong;
	clock_t start;

	(void)state;
	buf_init(&b, a, 1 << 20);
	for (int i = 0; b.n < 250000; i++)
		buf_printf(&b, "%s\"%x\":0", i == 0 ? "{" : ",", i);
	buf_char(&b, '}');
	text = buf_str(&b);
	start = clock();
	(void)json_parse(a, text, &wrong);
	if ((double)(clock() - start) / CLOCKS_PER_SEC > 0.5)
		fail_msg("took %.1f s", (double)(clock() - start) / CLOCKS_PER_SEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_no_json_is_refused),
	    cmocka_unit_test(numbers_follow_the_syntax),
	    cmocka_unit_test(a_key_stands_once),
	    cmocka_unit_test(depth_has_an_end),
	    cmocka_unit_test(only_utf8_without_control_characters),
	    cmocka_unit_test(values_are_what_was_sent),
	    cmocka_unit_test(many_keys_cost_little),
	};

	return (cmocka_run_group_tests(tests, prepare, finish));
}
