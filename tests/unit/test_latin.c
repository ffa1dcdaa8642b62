/* Latin text from tables is what Pango makes of it. */
#include <cairo.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "paper/words.h"
#include "wire/pdf_latin.h"
#include "wire/pdf_shape.h"

static struct arena *arena;
static struct pdf_latin *latin;
static char folder[] = "/tmp/portico-latin-XXXXXX";

/* As in test_paper.c. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{

	return ("leak:libfontconfig\nleak:libcairo\n");
}

static const char *const names[] = {"AVATAR Toy Works", "To Wong Foo, Yvonne & Tábor", "Łukasz Żółćński-Ťapák",
    "Émile L’Éçluse", "„Große Straße“ 17a–c", "Øystein Ærø", "Đorđe Šećerović", "İğdır Çeşme Şükrü", "Ștefan Țîrlea",
    "O'Neill/Fitz-Patrick (VAT: 7 %)", "ffi fl Affe fj Tj", "r.v.w. y, \"Yo\" 1/2 P.A. F. V", "Ñandú ¿qué? ¡sí! 9º 1ª",
    "Kö. @example.com_7~8|9 {x} [y] <z>", "§ 13b UStG × ½ © ® ± µ ¬", "DE00 Tax-ID AV-2026/7 To", "1 Tv", " T  o ",
    "Hij́", "Jean‑Luc", "e\u0301a", "AVWTYo…€ — ‘V’ “A”", "W", "Ďuriš ľahký ŀl l·l", "ǅ ǈ Ȁ ȶ ɏ"};

static void *
take(void *closure, size_t n)
{

	return (arena_alloc(closure, n));
}

static void
is_equal(const struct key *k, const struct pdf_latin_text *t)
{
	const struct shaped *want = pdf_shape_text(k, take, arena);
	const struct run *run = want->lines->runs;

	if (want->sum.n_lines != 1 || want->lines->n_runs != 1 || (int)t->n != run->n_glyphs || t->font != run->font ||
	    (int)t->n_text != run->n_text || memcmp(t->text, run->text, t->n_text) != 0)
		fail_msg("%.*s: other runs", STR_ARG(k->s));
	for (size_t i = 0; i < t->n; i++)
		if (t->glyphs[i] != run->glyphs[i].index || t->x[i] != run->glyphs[i].x || run->glyphs[i].y != 0 ||
		    t->n_bytes[i] != run->clusters[i].num_bytes)
			fail_msg("%.*s: glyph %zu is at %f, not %f", STR_ARG(k->s), i, t->x[i], run->glyphs[i].x);
	if (t->width != want->sum.width)
		fail_msg("%.*s: %f wide, not %f", STR_ARG(k->s), t->width, want->sum.width);
}

/* Tries s in faces of all kinds: in how many of them the tables do it. */
static size_t
compare(enum lang lang, struct str s)
{
	static const struct pdf_style styles[] = {{9, 13, false}, {9, 13, true}, {22, 28, true}, {7.5, 11, false}};
	const struct str tag = words_tag(lang);
	size_t n = 0;

	for (size_t i = 0; i < 8; i++) {
		struct key k = {.style = styles[i / 2], .serif = i % 2 == 1, .s = s};
		struct pdf_latin_text t;

		memcpy(k.language, tag.p, tag.n);
		if (!pdf_latin_text(latin, &k, arena, &t))
			continue;
		is_equal(&k, &t);
		n++;
	}
	return (n);
}

static void
names_are_set_as_pango_sets_them(void **state)
{
	size_t n = 0;

	(void)state;
	for (int lang = 0; lang < LANG__MAX; lang++)
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			n += compare(lang, str_of(names[i]));
	/* Three take combining marks, a hyphen or signs that the tables refuse. */
	assert_true(n >= (sizeof(names) / sizeof(names[0]) - 6) * 8 * LANG__MAX);
}

/* Capitals alone are a code, which is not kerned. */
static bool
has_small(struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			return (true);
	return (false);
}

static void
words_are_set_as_pango_sets_them(void **state)
{
	size_t n = 0;

	(void)state;
	for (int lang = 0; lang < LANG__MAX; lang++)
		for (int w = 0; w < W__MAX; w++)
			if (has_small(words_of(lang, w)))
				n += compare(lang, words_of(lang, w));
	assert_true(n >= 3 * 8 * (W__MAX - 8)); /* of English, German and French nearly all */
}

/* Every pair of printable characters of ASCII, in one long text and the other way round. */
static void
pairs_are_set_as_pango_sets_them(void **state)
{
	char text[3 * 95];

	(void)state;
	for (char a = ' '; a <= '~'; a++) {
		size_t n = 0;

		for (char b = ' '; b <= '~'; b++) {
			text[n++] = a;
			text[n++] = b;
		}
		text[n++] = 'x';
		assert_int_equal(compare(LANG_de, (struct str){text, n}), 8);
	}
}

static void
figures_are_equally_wide(void **state)
{
	struct key k = {.style = {9, 13, false}, .language = "de", .s = S("11111111")};
	struct pdf_latin_text ones, others;

	(void)state;
	assert_true(pdf_latin_text(latin, &k, arena, &ones));
	k.s = S("20947386");
	assert_true(pdf_latin_text(latin, &k, arena, &others));
	assert_true(ones.width == others.width);
	is_equal(&k, &others);
	k.s = S("1\u202f234,50\u00a0€"); /* spaces that do not break are spaces */
	assert_true(pdf_latin_text(latin, &k, arena, &others));
	assert_int_equal(others.n_text, sizeof("1 234,50 €") - 1);
	k.mirrored = true;
	memcpy(k.language, "ar", 3);
	k.s = S("1,250.00");
	assert_true(pdf_latin_text(latin, &k, arena, &others));
	is_equal(&k, &others);
}

static void
what_needs_pango_is_refused(void **state)
{
	static const char *const refused[] = {
	    "", "مثال", "見本", "two\nlines", "a\tb", "soft\u00adhyphen", "e\u0301a", "(-)"};
	struct key k = {.style = {9, 13, false}, .language = "de"};
	struct pdf_latin_text t;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		k.s = str_of(refused[i]);
		assert_false(pdf_latin_text(latin, &k, arena, &t));
	}
	k.s = S("too wide for its column");
	k.width = 20;
	assert_false(pdf_latin_text(latin, &k, arena, &t));
	k.width = 0;
	k.mirrored = true;
	k.s = S("Latin");
	assert_false(pdf_latin_text(latin, &k, arena, &t));
}

/* ---- set-up ---- */

static int
set_up(void **state)
{
	char command[128], conf[64];

	(void)state;
	arena = arena_open();
	if (mkdtemp(folder) == NULL)
		return (-1);
	snprintf(command, sizeof(command), "tools/fonts.sh %s", folder);
	if (system(command) != 0)
		return (-1);
	snprintf(conf, sizeof(conf), "%s/fonts.conf", folder);
	if (pdf_fontconf_load(conf) == -1)
		return (-1);
	pdf_shape_open();
	return ((latin = pdf_latin_open()) == NULL ? -1 : 0);
}

static int
tear_down(void **state)
{
	char command[64];

	(void)state;
	pdf_latin_close(latin);
	arena_close(arena);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return (system(command) == 0 ? 0 : -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_set_as_pango_sets_them),
	    cmocka_unit_test(words_are_set_as_pango_sets_them),
	    cmocka_unit_test(pairs_are_set_as_pango_sets_them),
	    cmocka_unit_test(figures_are_equally_wide),
	    cmocka_unit_test(what_needs_pango_is_refused),
	};

	return (cmocka_run_group_tests(tests, set_up, tear_down));
}
