#include <pango/pangocairo.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "wire/pdf_shape.h"

#define FACES 24

struct face {
	struct pdf_style style;
	bool serif;
	PangoFontDescription *description;
};

/* Everything here is used under its lock. */
static struct shaper {
	pthread_mutex_t lock;
	PangoFontMap *map; /* NULL before the first use */
	PangoContext *context;
	PangoLayout *layout;
	PangoAttrList *attributes;
	struct face faces[FACES];
	size_t n_faces;
	PangoFont **fonts; /* every font ever used, so that the scaled fonts of kept texts stay */
	size_t n_fonts;
} shaper = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
shaper_open(void)
{
	cairo_font_options_t *options;

	if (shaper.map != NULL)
		return;
	shaper.map = pango_cairo_font_map_new();
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(shaper.map), 72); /* a unit is a point */
	shaper.context = pango_font_map_create_context(shaper.map);
	options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(shaper.context, options);
	cairo_font_options_destroy(options);
	pango_context_set_round_glyph_positions(shaper.context, FALSE);
	shaper.layout = pango_layout_new(shaper.context);
	shaper.attributes = pango_attr_list_new();
	/* A ligature is outside of Latin-1, so it would cost every bill that has one a further subset of the font. */
	pango_attr_list_insert(shaper.attributes, pango_attr_font_features_new("liga=0,clig=0"));
	pango_attr_list_insert(
	    shaper.attributes, pango_attr_insert_hyphens_new(FALSE)); /* a name has the hyphens that it has */
	pango_layout_set_attributes(shaper.layout, shaper.attributes);
	pango_layout_set_wrap(shaper.layout, PANGO_WRAP_WORD_CHAR);
}

void
pdf_shape_open(void)
{

	pthread_mutex_lock(&shaper.lock);
	shaper_open();
	pthread_mutex_unlock(&shaper.lock);
}

/* ---- fonts ---- */

static void
faces_clear(void)
{

	while (shaper.n_faces > 0)
		pango_font_description_free(shaper.faces[--shaper.n_faces].description);
}

static struct face *
face(bool serif, const struct pdf_style *st)
{
	struct face *f;

	for (size_t i = 0; i < shaper.n_faces; i++) {
		f = &shaper.faces[i];
		if (f->style.size == st->size && f->style.bold == st->bold && f->serif == serif)
			return (f);
	}
	if (shaper.n_faces == FACES) /* more styles than any document has: begin again */
		faces_clear();
	f = &shaper.faces[shaper.n_faces++];
	*f = (struct face){.style = *st, .serif = serif, .description = pango_font_description_new()};
	/* Every family is named, so the choice depends on no other font of the machine.  The first
	 * Japanese one is the part of the second that nearly all texts get by with (tools/fonts.sh). */
	pango_font_description_set_family_static(f->description,
	    serif ? "Noto Serif,Noto Naskh Arabic,Portico Japanese,Noto Sans CJK JP"
		  : "Noto Sans,Noto Sans Arabic,Portico Japanese,Noto Sans CJK JP");
	pango_font_description_set_weight(f->description, st->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(f->description, st->size * PANGO_SCALE);
	return (f);
}

static cairo_scaled_font_t *
scaled(PangoFont *font)
{
	PangoFont **more;
	size_t i;

	for (i = 0; i < shaper.n_fonts && shaper.fonts[i] != font; i++)
		;
	if (i == shaper.n_fonts) {
		if ((more = realloc(shaper.fonts, (i + 1) * sizeof(PangoFont *))) == NULL) {
			log_error("memory", "no room for a font");
			_Exit(70); /* as an arena does */
		}
		shaper.fonts = more;
		shaper.fonts[shaper.n_fonts++] = g_object_ref(font);
	}
	return (pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)));
}

/* ---- shaping ---- */

/* The glyph items of one line from left to right, and how much room they need.  A cluster
 * has at least one byte of text. */
struct size {
	size_t lines, runs, glyphs, text;
};

static void
measure(struct size *n, GSList *items)
{

	for (GSList *r = items; r != NULL; r = r->next) {
		n->runs++;
		n->glyphs += (size_t)((PangoGlyphItem *)r->data)->glyphs->num_glyphs;
	}
}

static bool
is_backward(const PangoGlyphItem *item)
{

	return (item->item->analysis.level & 1);
}

/* Not drawn: what has no glyph, and spaces between Arabic words, for which cairo would embed
 * a further subset of the font; who reads the text out of a PDF goes by the gaps. */
static bool
is_blank(const PangoGlyphItem *item, const char *text, const PangoGlyphInfo *info)
{
	const PangoGlyphString *gs = item->glyphs;

	return (info->glyph == PANGO_GLYPH_EMPTY ||
	    (is_backward(item) && text[item->item->offset + gs->log_clusters[info - gs->glyphs]] == ' '));
}

/* Which bytes of the text each group of glyphs stands for.  Text without a glyph (marks of
 * direction, a space where a line was broken) is left out, or each would be a marked span. */
static void
convert_clusters(struct run *run, PangoGlyphItem *item, const char *text)
{
	const PangoGlyphInfo *info = item->glyphs->glyphs;
	PangoGlyphItemIter it;
	gboolean more;

	for (more = pango_glyph_item_iter_init_start(&it, item, text); more;
	     more = pango_glyph_item_iter_next_cluster(&it)) {
		const int n_bytes = it.end_index - it.start_index, step = it.start_glyph < it.end_glyph ? 1 : -1;
		int n_glyphs = 0;

		for (int i = it.start_glyph; i != it.end_glyph; i += step)
			if (!is_blank(item, text, &info[i]))
				n_glyphs++;
		if (n_glyphs == 0)
			continue;
		run->clusters[run->n_clusters++] = (cairo_text_cluster_t){n_bytes, n_glyphs};
		memcpy(run->text + run->n_text, text + it.start_index, (size_t)n_bytes);
		run->n_text += n_bytes;
	}
}

/* One run of a line from *x on: its glyphs with their places. */
static void
convert_run(struct run *run, PangoGlyphItem *item, const char *text, int *x)
{
	const PangoGlyphString *gs = item->glyphs;

	run->font = scaled(item->item->analysis.font);
	run->flags = is_backward(item) ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0;
	for (int i = 0; i < gs->num_glyphs; i++) {
		const PangoGlyphInfo *info = &gs->glyphs[i];

		if (!is_blank(item, text, info)) {
			const bool is_unknown = (info->glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0;

			run->glyphs[run->n_glyphs++] =
			    (cairo_glyph_t){.index = is_unknown ? 0 : info->glyph, /* the font's own box */
				.x = (double)(*x + info->geometry.x_offset) / PANGO_SCALE,
				.y = (double)info->geometry.y_offset / PANGO_SCALE};
		}
		*x += info->geometry.width;
	}
	convert_clusters(run, item, text);
}

struct places {
	struct run *runs;
	cairo_glyph_t *glyphs;
	cairo_text_cluster_t *clusters;
	char *text;
};

static void
convert_line(struct line *line, GSList *items, const char *text, struct places *at)
{
	int x = 0;

	line->runs = at->runs;
	for (GSList *r = items; r != NULL; r = r->next) {
		PangoGlyphItem *item = r->data;
		struct run *run = at->runs++;

		*run = (struct run){.glyphs = at->glyphs, .clusters = at->clusters, .text = at->text};
		convert_run(run, item, text, &x);
		at->glyphs += run->n_glyphs;
		at->clusters += run->n_clusters;
		at->text += run->n_text;
		line->n_runs++;
	}
	line->width = (double)x / PANGO_SCALE;
}

/* Who gives the memory of a text. */
struct giver {
	void *(*take)(void *closure, size_t n);
	void *closure;
};

/* A text with room for n. */
static struct shaped *
room(const struct key *k, const struct size *n, const struct giver *from, struct places *at)
{
	const size_t n_bytes = sizeof(struct shaped) + n->lines * sizeof(struct line) + n->runs * sizeof(struct run) +
	    n->glyphs * sizeof(cairo_glyph_t) + n->text * (sizeof(cairo_text_cluster_t) + 1);
	struct shaped *t = from->take(from->closure, n_bytes);

	*t = (struct shaped){.style = k->style, .lines = (struct line *)(t + 1)};
	memset(t->lines, 0, n->lines * sizeof(struct line));
	at->glyphs = (cairo_glyph_t *)(t->lines + n->lines);
	at->runs = (struct run *)(at->glyphs + n->glyphs);
	at->clusters = (cairo_text_cluster_t *)(at->runs + n->runs);
	at->text = (char *)(at->clusters + n->text);
	t->sum.n_lines = n->lines;
	t->sum.height = (double)n->lines * k->style.leading;
	return (t);
}

/* By PangoLayout, which breaks lines. */
static struct shaped *
shape_lines(const struct key *k, const struct giver *from)
{
	struct size n = {.text = k->s.n};
	struct shaped *t;
	struct places at;
	size_t i = 0;

	pango_layout_context_changed(shaper.layout);
	pango_layout_set_font_description(shaper.layout, face(k->serif, &k->style)->description);
	pango_layout_set_width(shaper.layout, k->width > 0 ? (int)(k->width * PANGO_SCALE) : -1);
	pango_layout_set_text(shaper.layout, k->s.p, (int)k->s.n);
	for (GSList *l = pango_layout_get_lines_readonly(shaper.layout); l != NULL; l = l->next) {
		measure(&n, ((PangoLayoutLine *)l->data)->runs);
		n.lines++;
	}
	t = room(k, &n, from, &at);
	for (GSList *l = pango_layout_get_lines_readonly(shaper.layout); l != NULL; l = l->next) {
		struct line *line = &t->lines[i++];

		convert_line(line, ((PangoLayoutLine *)l->data)->runs, pango_layout_get_text(shaper.layout), &at);
		if (line->width > t->sum.width)
			t->sum.width = line->width;
	}
	return (t);
}

/* Of the first letter; of the document where there is none. */
static PangoDirection
direction(const struct key *k)
{

	for (const char *p = k->s.p; p < k->s.p + k->s.n; p = g_utf8_next_char(p)) {
		const gunichar c = g_utf8_get_char(p);

		if (g_unichar_isalpha(c)) /* Hebrew to Arabic Extended, and their presentation forms */
			return (
			    (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfeff)
				? PANGO_DIRECTION_RTL
				: PANGO_DIRECTION_LTR);
	}
	return (k->mirrored ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
}

static PangoGlyphItem *
shape_item(const struct key *k, PangoItem *item)
{
	PangoGlyphItem *shaped = g_slice_new0(PangoGlyphItem);

	shaped->item = item;
	shaped->glyphs = pango_glyph_string_new();
	pango_shape_full(k->s.p + item->offset, item->length, k->s.p, (int)k->s.n, &item->analysis, shaped->glyphs);
	return (shaped);
}

/* The glyph items of a text as one line, in the order that they are drawn in. */
static GSList *
items_of(const struct key *k)
{
	GList *logical, *visual;
	GSList *items = NULL;

	pango_context_set_font_description(shaper.context, face(k->serif, &k->style)->description);
	logical =
	    pango_itemize_with_base_dir(shaper.context, direction(k), k->s.p, 0, (int)k->s.n, shaper.attributes, NULL);
	visual = pango_reorder_items(logical);
	g_list_free(logical);
	for (GList *i = visual; i != NULL; i = i->next)
		items = g_slist_prepend(items, shape_item(k, i->data));
	g_list_free(visual);
	return (g_slist_reverse(items));
}

/* Nearly all texts are one line that fits; for them the layout's search for places to
 * break at, which costs several times the shaping, is not needed. */
static struct shaped *
shape_locked(const struct key *k, const struct giver *from)
{
	struct size n = {.lines = 1, .text = k->s.n};
	struct shaped *t = NULL;
	struct places at;
	GSList *items;
	int width = 0;

	if (k->s.n == 0 || memchr(k->s.p, '\n', k->s.n) != NULL)
		return (shape_lines(k, from));
	items = items_of(k);
	for (GSList *i = items; i != NULL; i = i->next)
		width += pango_glyph_string_get_width(((PangoGlyphItem *)i->data)->glyphs);
	if (k->width == 0 || width <= (int)(k->width * PANGO_SCALE)) {
		measure(&n, items);
		t = room(k, &n, from, &at);
		convert_line(t->lines, items, k->s.p, &at);
		t->sum.width = t->lines->width;
	}
	for (GSList *i = items; i != NULL; i = i->next)
		pango_glyph_item_free(i->data);
	g_slist_free(items);
	return (t == NULL ? shape_lines(k, from) : t);
}

struct shaped *
pdf_shape_text(const struct key *k, void *(*take)(void *closure, size_t n), void *closure)
{
	const struct giver from = {take, closure};
	struct shaped *t;

	pthread_mutex_lock(&shaper.lock);
	pango_context_set_language(shaper.context, pango_language_from_string(k->language));
	pango_context_set_base_dir(shaper.context, k->mirrored ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
	t = shape_locked(k, &from);
	pthread_mutex_unlock(&shaper.lock);
	return (t);
}

static void *
take_from_arena(void *closure, size_t n)
{

	return (arena_alloc(closure, n));
}

bool
pdf_shape_probe(const struct key *k, size_t n, struct arena *a, struct pdf_probe *found)
{
	const struct shaped *t = pdf_shape_text(k, take_from_arena, a);
	const struct run *run = t->lines->runs;

	if (t->lines->n_runs != 1 || run->n_glyphs != (int)n || run->n_clusters != run->n_glyphs)
		return (false);
	for (size_t i = 0; i < n; i++) {
		if (run->glyphs[i].index == 0 || run->glyphs[i].y != 0)
			return (false);
		found->glyphs[i] = (uint32_t)run->glyphs[i].index;
		found->x[i] = run->glyphs[i].x;
	}
	found->font = run->font;
	found->width = t->sum.width;
	return (true);
}
