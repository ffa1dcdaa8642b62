#include <cairo.h>

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "wire/pdf_latin.h"
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
	struct pdf_latin *latin;
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
	struct pdf_glyphs *g = calloc(1, sizeof(*g));

	pdf_shape_open();
	if (g != NULL && (g->latin = pdf_latin_open()) == NULL) {
		free(g);
		return (NULL);
	}
	return (g);
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
	pdf_latin_close(g->latin);
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

static size_t
shaped_size(const struct pdf_latin_text *t)
{

	return (sizeof(struct shaped) + sizeof(struct line) + sizeof(struct run) +
	    t->n * (sizeof(cairo_glyph_t) + sizeof(cairo_text_cluster_t)) + t->n_text);
}

/* In to, which has room for it. */
static struct shaped *
shaped_of(const struct pdf_latin_text *t, const struct key *k, struct shaped *to)
{
	struct run *run;

	*to = (struct shaped){.sum = {.width = t->width, .height = k->style.leading, .n_lines = 1},
	    .style = k->style,
	    .lines = (struct line *)(to + 1)};
	run = (struct run *)(to->lines + 1);
	*to->lines = (struct line){.runs = run, .n_runs = 1, .width = t->width};
	*run = (struct run){.font = t->font,
	    .glyphs = (cairo_glyph_t *)(run + 1),
	    .n_glyphs = (int)t->n,
	    .n_clusters = (int)t->n,
	    .n_text = (int)t->n_text};
	run->clusters = (cairo_text_cluster_t *)(run->glyphs + t->n);
	run->text = memcpy(run->clusters + t->n, t->text, t->n_text);
	for (size_t i = 0; i < t->n; i++) {
		run->glyphs[i] = (cairo_glyph_t){t->glyphs[i], t->x[i], 0};
		run->clusters[i] = (cairo_text_cluster_t){t->n_bytes[i], 1};
	}
	return (to);
}

static struct shaped *
shape(struct pdf_glyphs *g, const struct key *k, void *(*take)(void *closure, size_t n))
{
	struct pdf_latin_text t;

	return (pdf_latin_text(g->latin, k, g->a, &t) ? shaped_of(&t, k, take(g, shaped_size(&t)))
						      : pdf_shape_text(k, take, g));
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
		return (shape(g, k, take_once)); /* emptied when the next document begins: this one still uses them */
	l->shaped = shape(g, k, take_kept);
	l->text = memcpy(take_kept(g, k->s.n + 1), k->s.p == NULL ? "" : k->s.p, k->s.n);
	l->hash = hash;
	l->key = *k;
	l->key.s.p = l->text;
	g->n_labels++;
	return (l->shaped);
}

/* ---- shaping ---- */

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
	for (size_t i = 0; i < s.n; i++) {
		if (i + 1 < s.n && memcmp(s.p + i, "\u00a0", 2) == 0) {
			to[copy.n++] = ' ';
			i++;
		} else if (i + 2 < s.n && memcmp(s.p + i, "\u2212", 3) == 0) {
			memcpy(to + copy.n, "\u2013", 3);
			copy.n += 3;
			i += 2;
		} else {
			to[copy.n++] = s.p[i];
		}
	}
	return (copy);
}

const struct pdf_text *
pdf_glyphs_shape(struct pdf_glyphs *g, const struct pdf_style *st, struct str s, double width, enum pdf_keep keep)
{
	struct key k = g->common;
	const struct shaped *t;

	k.style = *st;
	k.width = width;
	k.s = width == 0 ? plain_signs(g, s) : s;
	t = keep == PDF_LABEL ? label(g, &k) : shape(g, &k, take_once);
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
