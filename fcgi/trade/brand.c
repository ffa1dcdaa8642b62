#include "trade/brand.h"

#include <string.h>

#include "base/conf.h"
#include "base/log.h"
#include "trade/site.h"

static const struct {
	const char *name, *stack;
} fonts[] = {
#define FONT(name, stack) {#name, stack},
#include "trade/font.def"
#undef FONT
};

static const char *const languages[] = {
#define LANGUAGE(code) #code,
#include "trade/language.def"
#undef LANGUAGE
};

static const char *
font_stack(struct str name)
{
	for (size_t i = 0; i < sizeof(fonts) / sizeof(fonts[0]); i++) {
		if (str_eqz(name, fonts[i].name))
			return (fonts[i].stack);
	}
	return (NULL);
}

static bool
is_language(struct str code)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
		if (str_eqz(code, languages[i]))
			return (true);
	}
	return (false);
}

/* ---- themes ------------------------------------------------------------------------------ */

/* The value of a custom property in "  --name: value;" lines; p == NULL where it is absent. */
static struct str
token(struct str css, const char *name)
{
	struct str rest = css;

	while (rest.p != NULL) {
		struct str value, key = str_cut(str_cut(rest, '\n', &rest), ':', &value);

		while (key.n > 0 && (key.p[0] == ' ' || key.p[0] == '\t')) {
			key.p++;
			key.n--;
		}
		if (value.p == NULL || !str_eqz(key, name))
			continue;
		value = str_cut(value, ';', &(struct str){NULL, 0});
		while (value.n > 0 && value.p[0] == ' ') {
			value.p++;
			value.n--;
		}
		return (value);
	}
	return ((struct str){NULL, 0});
}

int
brand_theme_load(struct arena *a, struct str name, struct brand_theme *theme)
{
	struct str path;

	if (!site_name(name))
		return (-1);
	path = arena_printf(a, "%s/%.*s/tokens.css", conf_text(CONF_theme_dir), STR_ARG(name));
	if (site_read(a, path.p, BRAND_FILE_MAX, &theme->tokens) == -1)
		return (-1);
	if (colour_parse(token(theme->tokens, "--paper"), &theme->paper) == -1 ||
	    colour_parse(token(theme->tokens, "--surface"), &theme->surface) == -1 ||
	    colour_parse(token(theme->tokens, "--ink"), &theme->ink) == -1) {
		log_error("theme", "%s: --paper, --surface or --ink is no colour", path.p);
		return (-1);
	}
	theme->dark = str_eqz(token(theme->tokens, "--scheme"), "dark");
	return (0);
}

/* ---- the gate ------------------------------------------------------------------------------ */

static void
fault(struct brand_fault *faults, size_t *n, const char *field, const char *code, struct str detail)
{
	if (*n < BRAND_FAULTS)
		faults[(*n)++] = (struct brand_fault){field, code, detail};
}

static void
check_text(struct brand_fault *faults, size_t *n, const char *field, struct str s, size_t least, size_t most)
{
	if (!str_is_text(s) || memchr(s.p, '\n', s.n) != NULL)
		fault(faults, n, field, "text", S("one line of text, please"));
	else if (str_chars(s) < least || str_chars(s) > most)
		fault(faults, n, field, "length", S("too short or too long"));
}

static void
check_colours(struct arena *a, const struct brand *b, struct brand_fault *faults, size_t *n)
{
	struct colour accent, text;

	if (colour_parse(b->accent, &accent) == -1)
		fault(faults, n, "accent", "colour", S("a colour is #rrggbb"));
	else if (colour_parse(b->accent_text, &text) == -1)
		fault(faults, n, "accent_text", "colour", S("a colour is #rrggbb"));
	else if (colour_contrast(accent, text) < COLOUR_TEXT)
		fault(faults, n, "accent_text", "contrast",
		    arena_printf(a, "contrast to the main colour is %.2f and must be at least %.1f",
			colour_contrast(accent, text), COLOUR_TEXT));
}

/* A plain address: one @, no blanks, no brackets; it is written into links. */
static bool
is_email(struct str s)
{
	struct str domain, local = str_cut(s, '@', &domain);

	if (local.n == 0 || domain.n == 0 || !site_host(domain))
		return (false);
	for (size_t i = 0; i < local.n; i++) {
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-", local.p[i]) == NULL)
			return (false);
	}
	return (true);
}

int
brand_logo(struct arena *a, const struct brand *b, const char *end, struct str *svg)
{
	if (!site_name(b->logo))
		return (-1);
	return (site_read(
	    a, arena_printf(a, "%s/%.*s%s", conf_text(CONF_logo_dir), STR_ARG(b->logo), end).p, BRAND_FILE_MAX, svg));
}

size_t
brand_check(struct arena *a, const struct brand *b, struct brand_fault faults[BRAND_FAULTS])
{
	struct brand_theme theme;
	struct str bytes;
	size_t n = 0;

	check_text(faults, &n, "name", b->name, 1, 100);
	check_text(faults, &n, "tagline", b->tagline, 0, 200);
	check_text(faults, &n, "footer", b->footer, 0, 400);
	check_colours(a, b, faults, &n);
	if (brand_theme_load(a, b->theme, &theme) == -1)
		fault(faults, &n, "theme", "unknown", S("there is no such theme"));
	if (font_stack(b->font) == NULL)
		fault(faults, &n, "font", "unknown", S("not on the list of fonts"));
	if (!is_language(b->language))
		fault(faults, &n, "language", "unknown", S("the portals do not speak it"));
	if (!is_email(b->support_email))
		fault(faults, &n, "support_email", "email", S("an e-mail address, please"));
	if (b->logo.n > 0 && brand_logo(a, b, ".svg", &bytes) == -1)
		fault(faults, &n, "logo", "unknown", S("there is no such logo"));
	return (n);
}

/* ---- tokens ------------------------------------------------------------------------------ */

static void
css_colour(struct buf *css, const char *name, struct colour c)
{
	char text[8];

	colour_text(c, text);
	buf_printf(css, "  %s: %s;\n", name, text);
}

/* The brand's text colour where it can be read on the accent, else black or white. */
static struct colour
text_on(struct colour accent, struct colour wish)
{
	const struct colour white = {{255, 255, 255}}, black = {{0, 0, 0}};

	if (colour_contrast(wish, accent) >= COLOUR_TEXT)
		return (wish);
	return (colour_contrast(white, accent) >= colour_contrast(black, accent) ? white : black);
}

void
brand_css(struct buf *css, const struct brand *b, const struct brand_theme *theme)
{
	struct colour accent, text, soft, readable, grounds[3] = {theme->paper, theme->surface, {{0, 0, 0}}};

	if (colour_parse(b->accent, &accent) == -1 || colour_parse(b->accent_text, &text) == -1)
		return; /* brand_check has refused it */
	soft = colour_mix(theme->surface, accent, theme->dark ? 0.22 : 0.1);
	grounds[2] = soft;
	readable = colour_readable(accent, theme->ink, grounds, 3, COLOUR_TEXT);
	buf_add(css, theme->tokens);
	buf_addz(css, "\n:root {\n");
	css_colour(css, "--brand-accent", accent);
	css_colour(css, "--brand-accent-text", text);
	buf_printf(css, "  --brand-font: %s;\n", font_stack(b->font));
	css_colour(css, "--accent", readable);
	css_colour(css, "--accent-text", text_on(readable, text));
	css_colour(css, "--accent-soft", soft);
	css_colour(css, "--focus", colour_readable(accent, theme->ink, grounds, 2, COLOUR_CONTROL));
	buf_addz(css, "}\n");
}

void
brand_bill_css(struct buf *css, const struct brand *b)
{
	const struct colour paper = {{255, 255, 255}}, ink = {{0x1b, 0x1d, 0x20}};
	struct colour accent, text, readable;

	if (colour_parse(b->accent, &accent) == -1 || colour_parse(b->accent_text, &text) == -1)
		return; /* brand_check has refused it */
	readable = colour_readable(accent, ink, &paper, 1, COLOUR_TEXT);
	buf_addz(css, ":root {\n");
	css_colour(css, "--accent", readable);
	css_colour(css, "--accent-text", text_on(readable, text));
	css_colour(css, "--paper", paper);
	css_colour(css, "--ink", ink);
	css_colour(css, "--muted", (struct colour){{0x5a, 0x61, 0x6b}});
	css_colour(css, "--line", (struct colour){{0xd5, 0xd9, 0xde}});
	buf_printf(css, "  --font: %s;\n}\n", font_stack(b->font));
}
