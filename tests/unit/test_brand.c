/* Brands: the contrast gate, what is refused, and the published folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/conf.h"
#include "trade/brand.h"
#include "trade/site.h"

static char dir[] = "/tmp/portico-brand-XXXXXX";
static struct arena *a;

static int
prepare(void **state)
{
	char path[128], here[1024];
	FILE *f;

	(void)state;
	if (mkdtemp(dir) == NULL || getcwd(here, sizeof(here)) == NULL)
		return (-1);
	snprintf(path, sizeof(path), "%s/site", dir);
	if (mkdir(path, 0755) == -1)
		return (-1);
	snprintf(path, sizeof(path), "%s/conf", dir);
	f = fopen(path, "we");
	if (f == NULL)
		return (-1);
	fprintf(f, "theme_dir = %s/themes\nlogo_dir = %s/site\nrelease_dir = /nowhere\nsite_dir = %s/site\n", here, dir,
	    dir);
	fclose(f);
	snprintf(path, sizeof(path), "%s/outside.svg", dir); /* what a logo's name must not reach */
	f = fopen(path, "we");
	if (f == NULL)
		return (-1);
	fprintf(f, "<svg/>");
	fclose(f);
	snprintf(path, sizeof(path), "%s/conf", dir);
	a = arena_open();
	return (conf_load(path));
}

static int
clean(void **state)
{
	char command[128];

	(void)state;
	arena_close(a);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return (system(command));
}

static struct colour
colour(const char *z)
{
	struct colour c = {{0, 0, 0}};

	assert_int_equal(colour_parse(str_of(z), &c), 0);
	return (c);
}

static struct brand
good(void)
{
	return ((struct brand){.id = 1,
	    .tenant_id = 1,
	    .version = 3,
	    .current = true,
	    .slug = S("muster"),
	    .kind = S("dealer"),
	    .name = S("Muster"),
	    .tagline = S(""),
	    .theme = S("default"),
	    .accent = S("#1f4e79"),
	    .accent_text = S("#ffffff"),
	    .font = S("sans"),
	    .logo = S(""),
	    .language = S("de"),
	    .support_email = S("help@muster.example"),
	    .footer = S("")});
}

/* The colour of a token in CSS text, the last time that it is set. */
static struct colour
token(struct str css, const char *name)
{
	char *text = strndup(css.p, css.n), *at = text, *last = NULL, line[64], value[8];
	struct colour c;

	snprintf(line, sizeof(line), "  %s: #", name);
	while ((at = strstr(at, line)) != NULL)
		last = at++;
	assert_non_null(last);
	snprintf(value, sizeof(value), "%.7s", last + strlen(line) - 1);
	c = colour(value);
	free(text);
	return (c);
}

static void
contrast_is_that_of_wcag(void **state)
{
	(void)state;
	assert_true(colour_contrast(colour("#000000"), colour("#ffffff")) > 20.99);
	assert_true(colour_contrast(colour("#ffffff"), colour("#ffffff")) < 1.001);
	assert_true(colour_contrast(colour("#767676"), colour("#ffffff")) >= 4.5);
	assert_true(colour_contrast(colour("#777777"), colour("#ffffff")) < 4.5);
}

static void
only_plain_colours_are_colours(void **state)
{
	const char *const wrong[] = {"", "#fff", "red", "#12345g", "#1234567", "#12345;", "url(x)#", "1234567"};
	struct colour c;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(colour_parse(str_of(wrong[i]), &c), -1);
	assert_int_equal(colour_parse(S("#ABCDEF"), &c), 0);
}

static void
text_on_the_accent_needs_contrast(void **state)
{
	struct brand_fault faults[BRAND_FAULTS];
	struct brand b = good();

	(void)state;
	assert_int_equal(brand_check(a, &b, faults), 0);
	b.accent = S("#ffd400");
	assert_int_equal(brand_check(a, &b, faults), 1);
	assert_string_equal(faults[0].field, "accent_text");
	assert_string_equal(faults[0].code, "contrast");
	b.accent_text = S("#101010");
	assert_int_equal(brand_check(a, &b, faults), 0);
	b.accent = S("#808080"); /* 3.95 with white: enough for a control, not for text */
	b.accent_text = S("#ffffff");
	assert_int_equal(brand_check(a, &b, faults), 1);
}

static void
nothing_but_typed_tokens_is_published(void **state)
{
	struct brand_fault faults[BRAND_FAULTS];
	struct brand b;

	(void)state;
#define REFUSED(member, text)                            \
	b = good();                                      \
	b.member = S(text);                              \
	assert_int_equal(brand_check(a, &b, faults), 1); \
	assert_string_equal(faults[0].field, #member)
	REFUSED(accent, "#1f4e79;} body{");
	REFUSED(accent_text, "white");
	REFUSED(font, "Comic");
	REFUSED(font, "sans; } * { color: red");
	REFUSED(theme, "../themes/default");
	REFUSED(theme, "nowhere");
	REFUSED(logo, "nowhere");
	REFUSED(logo, "../outside");
	REFUSED(language, "xx");
	REFUSED(support_email, "javascript:alert(1)");
	REFUSED(support_email, "a@b c.example");
	REFUSED(name, "");
	REFUSED(name, "two\nlines");
	REFUSED(name, "\xff");
}

static void
every_accent_can_be_read_on_every_theme(void **state)
{
	const char *const themes[] = {"default", "clinical", "night"};
	struct brand b = good();
	struct brand_theme theme;
	struct buf css;
	char accent[8];

	(void)state;
	for (size_t t = 0; t < 3; t++) {
		assert_int_equal(brand_theme_load(a, str_of(themes[t]), &theme), 0);
		for (unsigned c = 0; c < 1000; c++) {
			snprintf(accent, sizeof(accent), "#%06x", (c * 16769023u + 77u) & 0xffffff);
			b.accent = str_of(accent);
			buf_init(&css, a, 1 << 20);
			brand_css(&css, &b, &theme);
			assert_true(colour_contrast(token(buf_str(&css), "--accent"), theme.paper) >= COLOUR_TEXT);
			assert_true(colour_contrast(token(buf_str(&css), "--accent"), theme.surface) >= COLOUR_TEXT);
			assert_true(colour_contrast(token(buf_str(&css), "--accent"),
					token(buf_str(&css), "--accent-soft")) >= COLOUR_TEXT);
			assert_true(colour_contrast(token(buf_str(&css), "--accent-text"),
					token(buf_str(&css), "--accent")) >= COLOUR_TEXT);
			assert_true(colour_contrast(token(buf_str(&css), "--focus"), theme.paper) >= COLOUR_CONTROL);
			buf_init(&css, a, 1 << 20);
			brand_bill_css(&css, &b);
			assert_true(
			    colour_contrast(token(buf_str(&css), "--accent"), colour("#ffffff")) >= COLOUR_TEXT);
			arena_reset(a);
			assert_int_equal(brand_theme_load(a, str_of(themes[t]), &theme), 0);
		}
	}
}

static void
host_names_that_are_no_folder_are_refused(void **state)
{
	(void)state;
	assert_true(site_host(S("bills.muster.example")));
	assert_true(site_host(S("muster.localhost")));
	assert_false(site_host(S("")));
	assert_false(site_host(S("..")));
	assert_false(site_host(S("a/b")));
	assert_false(site_host(S("a..b")));
	assert_false(site_host(S(".a")));
	assert_false(site_host(S("a.")));
	assert_false(site_host(S("-a.example")));
	assert_false(site_host(S("A.example")));
}

static void
publishing_the_same_again_changes_nothing(void **state)
{
	struct site_file files[] = {{"brand/x.css", S("one"), false}, {"_www", S("/nowhere"), true}};
	struct str hosts[] = {S("a.example"), S("b.example")}, bytes;
	char path[128];
	int site = site_open();

	(void)state;
	assert_int_not_equal(site, -1);
	assert_int_equal(site_tenant(site, a, S("muster"), files, 2), 1);
	assert_int_equal(site_tenant(site, a, S("muster"), files, 2), 0);
	assert_int_equal(site_link_host(site, a, hosts[0], S("muster")), 1);
	assert_int_equal(site_link_host(site, a, hosts[1], S("muster")), 1);
	assert_int_equal(site_link_host(site, a, hosts[1], S("muster")), 0);
	snprintf(path, sizeof(path), "%s/site/hosts/b.example/brand/x.css", dir);
	assert_int_equal(site_read(a, path, 100, &bytes), 0);
	assert_true(str_eqz(bytes, "one"));
	files[0].bytes = S("two");
	assert_int_equal(site_tenant(site, a, S("muster"), files, 2), 1);
	assert_int_equal(site_read(a, path, 100, &bytes), 0);
	assert_true(str_eqz(bytes, "two"));
	assert_int_equal(site_drop_hosts(site, hosts, 2), 0);
	assert_int_equal(site_drop_hosts(site, hosts, 1), 1);
	assert_int_equal(site_read(a, path, 100, &bytes), -1);
	assert_int_equal(site_read(a, "/dev/zero", 100, &bytes), -1);
	site_close(site);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(contrast_is_that_of_wcag),
	    cmocka_unit_test(only_plain_colours_are_colours),
	    cmocka_unit_test(text_on_the_accent_needs_contrast),
	    cmocka_unit_test(nothing_but_typed_tokens_is_published),
	    cmocka_unit_test(every_accent_can_be_read_on_every_theme),
	    cmocka_unit_test(host_names_that_are_no_folder_are_refused),
	    cmocka_unit_test(publishing_the_same_again_changes_nothing),
	};

	return (cmocka_run_group_tests(tests, prepare, clean));
}
