#include <cairo.h>

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "wire/pdf_shape.h"
#include "wire/pdf_text.h"

#define SLOTS 2048 /* of the cache of labels; a power of two */
#define LABELS_MAX 1200
#define BYTES_MAX ((size_t)512 * 1024)

struct label {
	struct key key;
	uint64_t hash;
	struct shaped *shaped; /* NULL: a free slot */
	char *text;            /* what key.s points to */
};

/* Glyphs of one font on their way to cairo. */
struct batch {
	cairo_scaled_font_t *font;
	cairo_text_cluster_flags_t flags;
	cairo_glyph_t *glyphs;
	cairo_text_cluster_t *clusters;
	char *text;
	int n_glyphs, n_clusters, n_text, max_glyphs, max_text;
};

struct pdf_glyphs {
	struct arena *a;
	struct key common; /* what all texts of the present document share */
	struct label labels[SLOTS];
	size_t n_labels, n_bytes;
	struct batch batch;
};

/* As an arena does: a process without memory ends, and the master starts another. */
static void *
larger(void *p, size_t n)
{

	p = realloc(p, n);
	if (p == NULL) {
		log_error("memory", "no room for %zu bytes of text", n);
		_Exit(70);
	}
	return (p);
}

/* ---- life ---- */

struct pdf_glyphs *
pdf_glyphs_open(void)
{

	pdf_shape_open();
	return (calloc(1, sizeof(struct pdf_glyphs)));
}

static void
labels_clear(struct pdf_glyphs *g)
{

	for (size_t i = 0; i < SLOTS; i++) {
		free(g->labels[i].shaped);
		free(g->labels[i].text);
	}
	memset(g->labels, 0, sizeof(g->labels));
	g->n_labels = g->n_bytes = 0;
}

void
pdf_glyphs_close(struct pdf_glyphs *g)
{

	labels_clear(g);
	free(g->batch.glyphs);
	free(g->batch.clusters);
	free(g->batch.text);
	free(g);
}

void
pdf_glyphs_begin(struct pdf_glyphs *g, const struct pdf_about *about, struct arena *a)
{

	if (g->n_labels >= LABELS_MAX || g->n_bytes >= BYTES_MAX)
		labels_clear(g);
	g->a = a;
	g->common = (struct key){.mirrored = about->mirrored, .serif = about->serif};
	if (about->language.n < sizeof(g->common.language))
		memcpy(g->common.language, about->language.p, about->language.n);
}

/* ---- labels ---- */

static void *
take_once(void *closure, size_t n)
{
	struct pdf_glyphs *g = closure;

	return (arena_alloc(g->a, n));
}

static void *
take_kept(void *closure, size_t n)
{
	struct pdf_glyphs *g = closure;

	g->n_bytes += n;
	return (larger(NULL, n));
}

static uint64_t
key_hash(const struct key *k)
{
	uint64_t h = 14695981039346656037u ^ (uint64_t)(k->style.size * 64) ^ (uint64_t)(k->width * 64) << 20 ^
	    (uint64_t)k->style.bold << 50 ^ (uint64_t)k->serif << 51 ^ (uint64_t)k->mirrored << 52;

	for (size_t i = 0; i < k->s.n; i++)
		h = (h ^ (unsigned char)k->s.p[i]) * 1099511628211u;
	return (h ^ h >> 32);
}

static bool
key_eq(const struct key *a, const struct key *b)
{

	return (a->style.size == b->style.size && a->style.leading == b->style.leading &&
	    a->style.bold == b->style.bold && a->width == b->width && strcmp(a->language, b->language) == 0 &&
	    a->mirrored == b->mirrored && a->serif == b->serif && str_eq(a->s, b->s));
}

static const struct shaped *
label(struct pdf_glyphs *g, const struct key *k)
{
	const uint64_t hash = key_hash(k);
	size_t i = hash % SLOTS;
	struct label *l;

	for (;; i = (i + 1) % SLOTS) {
		l = &g->labels[i];
		if (l->shaped == NULL)
			break;
		if (l->hash == hash && key_eq(&l->key, k))
			return (l->shaped);
	}
	if (g->n_labels >= LABELS_MAX || g->n_bytes >= BYTES_MAX)
		return (pdf_shape_text(
		    k, take_once, g)); /* emptied when the next document begins: this one still uses them */
	l->shaped = pdf_shape_text(k, take_kept, g);
	l->text = memcpy(take_kept(g, k->s.n + 1), k->s.p == NULL ? "" : k->s.p, k->s.n);
	l->hash = hash;
	l->key = *k;
	l->key.s.p = l->text;
	g->n_labels++;
	return (l->shaped);
}

/* ---- figures ---- */

/* The character at p, and how many bytes it has: of text that is well-formed. */
static size_t
character(const char *p, uint32_t *c)
{
	const unsigned char *u = (const unsigned char *)p;

	if (u[0] < 0x80) {
		*c = u[0];
		return (1);
	}
	if (u[0] < 0xe0) {
		*c = (uint32_t)(u[0] & 0x1f) << 6 | (u[1] & 0x3f);
		return (2);
	}
	if (u[0] < 0xf0) {
		*c = (uint32_t)(u[0] & 0x0f) << 12 | (uint32_t)(u[1] & 0x3f) << 6 | (u[2] & 0x3f);
		return (3);
	}
	*c = 0xfffd; /* what is beyond the first plane is no figure */
	return (4);
}

/* Amounts, dates in figures and codes: put together from the shapes of single characters,
 * which are few and kept.  Figures of these fonts are equally wide and not kerned, and codes
 * are the better read for it. */
static bool
is_figure(uint32_t c, bool mirrored)
{

	if ((c >= '0' && c <= '9') || c == '.' || c == ',')
		return (true);
	if (mirrored) /* only these stand in the order that they are written in */
		return (false);
	return ((c >= 'A' && c <= 'Z') || c == ' ' || c == '/' || c == '%' || c == '-' || c == 0xa0 || c == 0x202f ||
	    c == 0x20ac || c == 0xa3 || c == 0xa5 || c == 0x2013); /* spaces, euro, pound, yen, dash */
}

/* How many characters s has if all of them are such, or 0. */
static size_t
figures_in(struct str s, bool mirrored)
{
	size_t n = 0;
	uint32_t c;

	for (size_t i = 0; i < s.n; n++) {
		i += character(s.p + i, &c);
		if (!is_figure(c, mirrored))
			return (0);
	}
	return (n);
}

/* An empty text with room for n glyphs of one run. */
static struct shaped *
figures_room(struct pdf_glyphs *g, const struct key *k, size_t n)
{
	struct shaped *t;
	struct run *run;

	t = arena_alloc(g->a,
	    sizeof(*t) + sizeof(struct line) + sizeof(*run) +
		n * (sizeof(cairo_glyph_t) + sizeof(cairo_text_cluster_t)) + k->s.n);
	*t = (struct shaped){
	    .style = k->style, .lines = (struct line *)(t + 1), .sum = {.n_lines = 1, .height = k->style.leading}};
	run = (struct run *)(t->lines + 1);
	*run = (struct run){.glyphs = (cairo_glyph_t *)(run + 1)};
	run->clusters = (cairo_text_cluster_t *)(run->glyphs + n);
	run->text = (char *)(run->clusters + n);
	*t->lines = (struct line){.runs = run, .n_runs = 1};
	return (t);
}

/* NULL where they are too wide, or a sign is in another font than the others. */
static const struct shaped *
figures(struct pdf_glyphs *g, const struct key *k, size_t n)
{
	struct shaped *t = figures_room(g, k, n);
	struct run *run = t->lines->runs;
	struct key one = *k;
	uint32_t c;

	one.width = 0;
	for (size_t i = 0; i < k->s.n;) {
		const struct shaped *from;
		double advance;

		one.s = (struct str){k->s.p + i, character(k->s.p + i, &c)};
		i += one.s.n;
		from = label(g, &one);
		advance = from->sum.width;
		if (c == 0xa0 || c == 0x202f) {
			one.s = S(" "); /* as wide as the other, but without a font subset of its own */
			from = label(g, &one);
		}
		if (from->lines->n_runs != 1 || from->lines->runs->n_glyphs != 1 ||
		    (run->font != NULL && run->font != from->lines->runs->font))
			return (NULL);
		run->font = from->lines->runs->font;
		run->glyphs[run->n_glyphs] = from->lines->runs->glyphs[0];
		run->glyphs[run->n_glyphs++].x += t->sum.width;
		run->clusters[run->n_clusters++] = (cairo_text_cluster_t){(int)one.s.n, 1};
		memcpy(run->text + run->n_text, one.s.p, one.s.n);
		run->n_text += (int)one.s.n;
		t->sum.width += advance;
	}
	t->lines->width = t->sum.width;
	return (k->width == 0 || t->sum.width <= k->width ? t : NULL);
}

/* On a line that is not broken a no-break space is a space, and a minus is a dash: the fonts
 * have no minus, or would need a subset of their own for either. */
static struct str
plain_signs(struct pdf_glyphs *g, struct str s)
{
	struct str copy;
	char *to;

	if (s.n == 0 || (memchr(s.p, '\xc2', s.n) == NULL && memchr(s.p, '\xe2', s.n) == NULL))
		return (s);
	copy = (struct str){to = arena_alloc(g->a, s.n), 0};
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		const size_t n = character(s.p + i, &c);

		i += n;
		if (c == 0xa0) {
			to[copy.n++] = ' ';
			continue;
		}
		memcpy(to + copy.n, c == 0x2212 ? "\u2013" : s.p + i - n, n);
		copy.n += n;
	}
	return (copy);
}

const struct pdf_text *
pdf_glyphs_shape(struct pdf_glyphs *g, const struct pdf_style *st, struct str s, double width, enum pdf_keep keep)
{
	struct key k = g->common;
	const struct shaped *t;
	size_t n;

	k.style = *st;
	k.width = width;
	k.s = width == 0 ? plain_signs(g, s) : s;
	n = figures_in(k.s, k.mirrored);
	if (n > 0 && (t = figures(g, &k, n)) != NULL)
		return (&t->sum);
	t = keep == PDF_LABEL ? label(g, &k) : pdf_shape_text(&k, take_once, g);
	return (&t->sum);
}

/* ---- drawing ---- */

/* What is drawn one after the other in one font goes to cairo in one call. */
static void
batch_room(struct pdf_glyphs *g, const struct run *run)
{
	struct batch *b = &g->batch;

	if (b->max_glyphs < b->n_glyphs + run->n_glyphs) {
		b->max_glyphs = 2 * (b->n_glyphs + run->n_glyphs);
		b->glyphs = larger(b->glyphs, (size_t)b->max_glyphs * sizeof(*b->glyphs));
	}
	if (b->max_text < b->n_text + run->n_text) { /* a cluster has at least one byte */
		b->max_text = 2 * (b->n_text + run->n_text);
		b->text = larger(b->text, (size_t)b->max_text);
		b->clusters = larger(b->clusters, (size_t)b->max_text * sizeof(*b->clusters));
	}
}

void
pdf_glyphs_flush(struct pdf_glyphs *g, struct _cairo *cr)
{
	struct batch *b = &g->batch;

	if (b->n_glyphs > 0) {
		cairo_set_scaled_font(cr, b->font);
		cairo_show_text_glyphs(
		    cr, b->text, b->n_text, b->glyphs, b->n_glyphs, b->clusters, b->n_clusters, b->flags);
	}
	b->n_glyphs = b->n_clusters = b->n_text = 0;
}

static void
draw_run(struct pdf_glyphs *g, cairo_t *cr, const struct run *run, double x, double y)
{
	struct batch *b = &g->batch;
	cairo_glyph_t *to;

	if (b->font != run->font || b->flags != run->flags)
		pdf_glyphs_flush(g, cr);
	b->font = run->font;
	b->flags = run->flags;
	batch_room(g, run);
	to = b->glyphs + b->n_glyphs;
	if (run->flags & CAIRO_TEXT_CLUSTER_FLAG_BACKWARD) { /* clusters then count from the last glyph on */
		memmove(b->glyphs + run->n_glyphs, b->glyphs, (size_t)b->n_glyphs * sizeof(*to));
		to = b->glyphs;
	}
	for (int i = 0; i < run->n_glyphs; i++)
		to[i] = (cairo_glyph_t){run->glyphs[i].index, run->glyphs[i].x + x, run->glyphs[i].y + y};
	b->n_glyphs += run->n_glyphs;
	memcpy(b->clusters + b->n_clusters, run->clusters, (size_t)run->n_clusters * sizeof(*b->clusters));
	b->n_clusters += run->n_clusters;
	memcpy(b->text + b->n_text, run->text, (size_t)run->n_text);
	b->n_text += run->n_text;
}

void
pdf_glyphs_draw(
    struct pdf_glyphs *g, struct _cairo *cr, const struct pdf_text *text, double x, double y, bool from_right)
{
	const struct shaped *t = (const struct shaped *)(const void *)text;
	/* Capitals stand in the middle of the line's height, whatever the fonts say of themselves. */
	double baseline = y + (t->style.leading + 0.714 * t->style.size) / 2;

	for (size_t i = 0; i < t->sum.n_lines; i++) {
		const struct line *line = &t->lines[i];

		for (size_t r = 0; r < line->n_runs; r++)
			draw_run(g, cr, &line->runs[r], from_right ? x - line->width : x, baseline);
		baseline += t->style.leading;
	}
}
