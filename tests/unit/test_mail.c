/* What a message looks like, and that nothing that people write gets out of its place in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trade/letter.h"
#include "wire/mail.h"

static struct arena *a;

static struct mail
plain(void)
{

	return ((struct mail){.from_name = S("Sample Sleep"),
	    .from = S("help@sample.example"),
	    .to = S("somebody@home.example"),
	    .subject = S("A new password"),
	    .text = S("Hello\n"),
	    .id = S("abc234"),
	    .host = S("sample.example")});
}

/* The message with a NUL, or NULL where it is refused. */
static const char *
written(const struct mail *m)
{
	struct buf b;

	buf_init(&b, a, 1 << 20);
	return (mail_write(&b, m) == -1 ? NULL : arena_str(a, buf_str(&b)).p);
}

static void
a_plain_message_is_plain(void **state)
{
	const struct mail m = plain();
	const char *text = written(&m);

	(void)state;
	assert_non_null(text);
	assert_non_null(strstr(text,
	    "\r\nFrom: Sample Sleep <help@sample.example>\r\nTo: <somebody@home.example>\r\n"
	    "Subject: A new password\r\nMessage-ID: <abc234@sample.example>\r\n"));
	assert_non_null(strstr(text, "\r\n\r\nSGVsbG8NCg==\r\n"));
}

static void
a_header_takes_no_line_of_anybody(void **state)
{
	static const char *const wrong[] = {
	    "a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\tb", "a\x7f", "a\x1b[1m", "", "\xff\xfe"};
	static const char *const addresses[] = {"a@b.example\r\nBcc: x@y.example", "a@b.example>", "<a@b.example",
	    "a b@c.example", "a@b@c.example", "@b.example", "a@", "a", "", "a@b.example,c@d.example", "\"a\"@b.example",
	    "a@b.example ", "a(b)@c.example", "\xc3\xa4@b.example"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct mail m = plain();

		m.subject = str_of(wrong[i]);
		assert_null(written(&m));
		m = plain();
		m.from_name = str_of(wrong[i]);
		assert_null(written(&m));
		m = plain();
		m.host = str_of(wrong[i]);
		assert_null(written(&m));
	}
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct mail m = plain();

		m.to = str_of(addresses[i]);
		assert_null(written(&m));
		m = plain();
		m.from = str_of(addresses[i]);
		assert_null(written(&m));
	}
}

static void
what_means_something_beside_an_address_is_encoded(void **state)
{
	static const char *const names[] = {
	    "Sample, Sleep", "\"Sample\"", "Sample <x@y.example>", "Sample (Sleep)", "a\\b", "=?x?"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct mail m = plain();
		const char *text;

		m.from_name = str_of(names[i]);
		assert_non_null(text = written(&m));
		assert_null(strstr(text, names[i]));
		assert_non_null(strstr(text, "From: =?UTF-8?B?"));
	}
}

static void
long_text_in_other_letters_is_cut_between_characters(void **state)
{
	struct mail m = plain();
	struct buf b;
	const char *text, *word, *line;
	size_t n_words = 0;

	(void)state;
	buf_init(&b, a, 1000);
	for (int i = 0; i < 60; i++)
		buf_addz(&b, i % 3 == 0 ? "\xe8\xa6\x8b" : i % 3 == 1 ? "\xc3\xa4" : "x");
	m.subject = buf_str(&b);
	assert_non_null(text = written(&m));
	for (word = strstr(text, "=?UTF-8?B?"); word != NULL; word = strstr(word + 1, "=?UTF-8?B?")) {
		n_words++;
		assert_true(strstr(word, "?=") - word + 2 <= 75); /* RFC 2047, 2 */
		assert_true(word[10] != '?');
	}
	assert_in_range(n_words, 3, 10);
	for (line = text; (word = strstr(line, "\r\n")) != NULL; line = word + 2)
		assert_true(word - line <= 78);
}

static void
a_letter_is_there_in_each_language_and_what_is_filled_in_is_not_read_again(void **state)
{
	static const char *const languages[] = {"en", "de", "fr", "ja", "ar"};
	const struct letter l = {
	    .brand = S("{name}"), .name = S("{link"), .email = S("e}"), .link = S("l"), .support = S("s")};
	struct str subject, text, english, region;

	(void)state;
	for (int kind = 0; kind < OUTBOX__MAX; kind++) {
		letter_write(a, (enum outbox_kind)kind, S("xx"), &l, &subject, &english);
		for (size_t i = 0; i < 5; i++) {
			letter_write(a, (enum outbox_kind)kind, str_of(languages[i]), &l, &subject, &text);
			assert_int_equal(str_eq(text, english), i == 0);
			assert_non_null(memmem(text.p, text.n, "{name}", 6));
			assert_non_null(memmem(text.p, text.n, "{link", 5));
			assert_null(memmem(text.p, text.n, "{brand}", 7));
			assert_null(memmem(text.p, text.n, "{support}", 9));
		}
		letter_write(a, (enum outbox_kind)kind, S("de-CH"), &l, &subject, &region);
		letter_write(a, (enum outbox_kind)kind, S("de"), &l, &subject, &text);
		assert_true(str_eq(region, text));
	}
}

static int
setup(void **state)
{

	(void)state;
	a = arena_open();
	return (0);
}

static int
teardown(void **state)
{

	(void)state;
	arena_close(a);
	return (0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_plain_message_is_plain),
	    cmocka_unit_test(a_header_takes_no_line_of_anybody),
	    cmocka_unit_test(what_means_something_beside_an_address_is_encoded),
	    cmocka_unit_test(long_text_in_other_letters_is_cut_between_characters),
	    cmocka_unit_test(a_letter_is_there_in_each_language_and_what_is_filled_in_is_not_read_again),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
