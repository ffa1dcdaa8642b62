/* What may be a password, and how addresses are told apart when passwords are guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/conf.h"
#include "core/password.h"
#include "core/throttle.h"

#define N_LISTED 300

static struct arena *a;
static char folder[] = "/tmp/portico-password-XXXXXX";
static char path[128];

/* The i-th password of the list. */
static struct str
listed(int i)
{

	return (arena_printf(a, "listed password %d", i));
}

/* The code of what is wrong with it, "" where it may be one, "!" where that cannot be told. */
static const char *
refused(struct str password)
{
	struct rq *rq = arena_zero(a, 1, sizeof(*rq));

	rq->a = a;
	if (password_allowed(rq, S("/new"), password, S("somebody@reseller.example"), S("the present words")) == 0)
		return ("");
	return (rq->n_errors == 1 ? rq->errors[0].code : "!");
}

static int
by_text(const void *x, const void *y)
{

	return (memcmp(x, y, 40));
}

/* Writes the list; every third line has a count behind its digits, as published lists have. */
static void
write_list(bool small, bool last_newline)
{
	static char lines[N_LISTED][48];
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (int i = 0; i < N_LISTED; i++) {
		unsigned char h[20];

		crypt_sha1(listed(i), h);
		for (int j = 0; j < 20; j++)
			snprintf(lines[i] + 2 * j, 3, small ? "%02x" : "%02X", h[j]);
	}
	qsort(lines, N_LISTED, sizeof(lines[0]), by_text);
	for (int i = 0; i < N_LISTED; i++) {
		fputs(lines[i], f);
		if (i % 3 == 0)
			fprintf(f, ":%d", i * i * i);
		if (i + 1 < N_LISTED || last_newline)
			fputs(i % 5 == 0 ? "\r\n" : "\n", f);
	}
	assert_int_equal(fclose(f), 0);
}

static void
every_line_of_the_list_is_found_and_nothing_else(void **state)
{

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		write_list(kind & 1, kind >> 1);
		assert_int_equal(password_init(), 0);
		for (int i = 0; i < N_LISTED; i++)
			assert_string_equal(refused(listed(i)), "listed");
		for (int i = N_LISTED; i < 2 * N_LISTED; i++)
			assert_string_equal(refused(listed(i)), "");
		assert_string_equal(refused(S("LISTED Password 7")), "listed");
	}
}

static void
a_list_that_is_none_lets_nothing_through(void **state)
{
	static const char *const wrong[] = {"listed password 1\n", "0123456789ABCDEF0123456789ABCDEF0123456\n", "\n"};
	FILE *f;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_non_null(f = fopen(path, "w"));
		fputs(wrong[i], f);
		fclose(f);
		assert_int_equal(password_init(), -1);
		assert_string_equal(refused(S("nobody has this one")), "!");
	}
	unlink(path);
	assert_int_equal(password_init(), -1);
	assert_string_equal(refused(S("nobody has this one")), "!");
	assert_non_null(f = fopen(path, "w")); /* a list without a line is one */
	fclose(f);
	assert_int_equal(password_init(), 0);
	assert_string_equal(refused(S("nobody has this one")), "");
}

static void
length_is_counted_in_characters_and_own_words_are_refused(void **state)
{

	(void)state;
	write_list(false, true);
	assert_string_equal(refused(S("elevenchars")), "length");
	assert_string_equal(refused(S("twelve chars")), "");
	assert_string_equal(refused(S("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4")), "length");
	assert_string_equal(refused(S("Somebody@Reseller.example")), "email");
	assert_string_equal(refused(S("the present words")), "same");
	assert_string_equal(refused(S("The present words")), "");
}

/* The keyed hash under which a request from there is counted. */
static struct str
counted_as(const char *address)
{
	struct rq *rq = arena_zero(a, 1, sizeof(*rq));

	rq->a = a;
	rq->address = str_of(address);
	throttle_address(rq);
	assert_int_equal(rq->n_args, 1);
	assert_int_equal(rq->args[0].v.s.n, 32);
	return (rq->args[0].v.s);
}

static void
an_ipv6_subscriber_is_one_address_and_an_ipv4_one_is_its_own(void **state)
{

	(void)state;
	assert_true(str_eq(counted_as("2001:db8:1:2::1"), counted_as("2001:db8:1:2:ffff:ffff:ffff:ffff")));
	assert_false(str_eq(counted_as("2001:db8:1:2::1"), counted_as("2001:db8:1:3::1")));
	assert_true(str_eq(counted_as("192.0.2.7"), counted_as("::ffff:192.0.2.7")));
	assert_false(str_eq(counted_as("192.0.2.7"), counted_as("192.0.2.8")));
}

static int
setup(void **state)
{
	char conf[160], key[160];
	FILE *f;

	(void)state;
	a = arena_open();
	if (mkdtemp(folder) == NULL)
		return (-1);
	snprintf(path, sizeof(path), "%s/list", folder);
	snprintf(conf, sizeof(conf), "%s/conf", folder);
	snprintf(key, sizeof(key), "%s/key", folder);
	if ((f = fopen(key, "w")) == NULL)
		return (-1);
	for (int i = 0; i < 32; i++)
		fprintf(f, "%02x", i);
	fclose(f);
	if ((f = fopen(conf, "w")) == NULL)
		return (-1);
	fprintf(f, "password_list = %s\nkey_file = %s\n", path, key);
	fclose(f);
	return (conf_load(conf));
}

static int
teardown(void **state)
{
	static const char *const files[] = {"list", "conf", "key"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		unlink(path);
	}
	arena_close(a);
	return (rmdir(folder));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_line_of_the_list_is_found_and_nothing_else),
	    cmocka_unit_test(a_list_that_is_none_lets_nothing_through),
	    cmocka_unit_test(length_is_counted_in_characters_and_own_words_are_refused),
	    cmocka_unit_test(an_ipv6_subscriber_is_one_address_and_an_ipv4_one_is_its_own),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
