#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "wire/pdf_latin.h"

#define FIRST_SIGN 0x250 /* below it a character is its own place in the tables */
#define PLACES (FIRST_SIGN + 10)
#define FACES 64
#define PAIRS 16384 /* a power of two */
#define PAIRS_MAX 12000

#define NO_BREAK 0xa0

/* Characters behind the Latin ones that stand among them. */
static const uint16_t signs[PLACES - FIRST_SIGN] = {
    0x2013, 0x2014, 0x2018, 0x2019, 0x201c, 0x201d, 0x201e, 0x2026, 0x202f, 0x20ac};
#define NARROW_NO_BREAK (FIRST_SIGN + 8)
#define EURO (FIRST_SIGN + 9)

/* What a character may stand in. */
enum { LETTER = 1, TEXT = 2, FIGURES = 4, FIGURES_MIRRORED = 8 };

struct letter {
	uint32_t glyph; /* 0: not asked yet; NO_GLYPH: it takes more than a glyph of this face */
	float advance;  /* all lengths are whole 1/1024 points, so sums of them are exact */
};
#define NO_GLYPH UINT32_MAX

/* The font of one size, in one language: some give their letters other shapes. */
struct face {
	double size;
	bool bold, serif, mirrored;
	char language[16];
	struct _cairo_scaled_font *font;
	struct letter letters[PLACES];
};

struct pair {
	uint32_t key; /* 0: free */
	float step;   /* from the left end of one glyph to that of the next; NO_STEP: not a matter of pairs */
};
#define NO_STEP (-1.0f)

struct pdf_latin {
	unsigned char kinds[PLACES];
	size_t n_faces, n_pairs;
	struct face *faces[FACES];
	struct pair pairs[PAIRS];
};

/* A text on its way. */
struct text {
	const struct key *key;
	struct arena *a;
	uint32_t n_face;
	size_t n;
	uint16_t *places;
	double *x, width;
	bool is_figures;
};

/* ---- life ---- */

/* Amounts, dates in figures and codes.  Figures of these fonts are equally wide and not
 * kerned, and codes are the better read for it. */
static unsigned char
kind(size_t place)
{
	const bool is_figure = place >= '0' && place <= '9';
	const bool is_capital = place >= 'A' && place <= 'Z', is_small = place >= 'a' && place <= 'z';
	unsigned char k = 0;

	if (place < 0x20 || (place >= 0x7f && place < NO_BREAK) || place == 0xad)
		return (0);
	if (is_figure || place == '.' || place == ',') /* in Arabic only these stand in the order of writing */
		k |= FIGURES | FIGURES_MIRRORED;
	if (is_capital || place == NO_BREAK || place == NARROW_NO_BREAK || place == 0xa3 || place == 0xa5 ||
	    place == FIRST_SIGN || place == EURO || (place < 0x80 && strchr(" /%-", (int)place) != NULL))
		k |= FIGURES;
	if (place != NO_BREAK && place != NARROW_NO_BREAK)
		k |= TEXT;
	return (is_capital || is_small ? k | LETTER : k);
}

struct pdf_latin *
pdf_latin_open(void)
{
	struct pdf_latin *l = calloc(1, sizeof(*l));

	for (size_t i = 0; l != NULL && i < PLACES; i++)
		l->kinds[i] = kind(i);
	return (l);
}

static void
pairs_clear(struct pdf_latin *l)
{

	memset(l->pairs, 0, sizeof(l->pairs));
	l->n_pairs = 0;
}

static void
faces_clear(struct pdf_latin *l)
{

	while (l->n_faces > 0)
		free(l->faces[--l->n_faces]);
	pairs_clear(l); /* they name faces by number */
}

void
pdf_latin_close(struct pdf_latin *l)
{

	faces_clear(l);
	free(l);
}

/* ---- tables ---- */

/* What Pango makes of the n characters of s behind an H, which makes it a Latin text: between
 * figures alone it would not kern. */
static bool
ask(const struct text *t, struct str s, size_t n, struct pdf_probe *found)
{
	struct key k = *t->key;
	char p[8] = "H";

	memcpy(p + 1, s.p, s.n);
	k.s = (struct str){p, s.n + 1};
	k.width = 0;
	return (pdf_shape_probe(&k, n + 1, t->a, found));
}

static bool
is_face(const struct face *f, const struct key *k)
{

	return (f->size == k->style.size && f->bold == k->style.bold && f->serif == k->serif &&
	    f->mirrored == k->mirrored && strcmp(f->language, k->language) == 0);
}

static void
find_face(struct pdf_latin *l, struct text *t)
{
	const struct key *k = t->key;
	struct pdf_probe found;
	struct face *f;

	for (t->n_face = 0; t->n_face < l->n_faces; t->n_face++)
		if (is_face(l->faces[t->n_face], k))
			return;
	if (l->n_faces == FACES)
		faces_clear(l);
	if ((f = calloc(1, sizeof(*f))) == NULL) {
		log_error("memory", "no room for a font");
		_Exit(70); /* as an arena does */
	}
	f->size = k->style.size;
	f->bold = k->style.bold;
	f->serif = k->serif;
	f->mirrored = k->mirrored;
	memcpy(f->language, k->language, sizeof(f->language));
	f->font = ask(t, S(""), 0, &found) ? found.font : NULL;
	t->n_face = (uint32_t)l->n_faces;
	l->faces[l->n_faces++] = f;
}

static const struct letter *
letter(struct pdf_latin *l, const struct text *t, size_t place, struct str s)
{
	struct face *f = l->faces[t->n_face];
	struct letter *to = &f->letters[place];
	struct pdf_probe found;

	if (to->glyph != 0)
		return (to);
	if (!ask(t, s, 1, &found) || found.font != f->font) {
		to->glyph = NO_GLYPH;
		return (to);
	}
	to->glyph = found.glyphs[1];
	to->advance = (float)(found.width - found.x[1]);
	if (place == NO_BREAK || place == NARROW_NO_BREAK) /* without a font subset of its own */
		to->glyph = letter(l, t, ' ', S(" "))->glyph;
	return (to);
}

/* A pair whose glyphs are those of its characters, and of which only the step is its own. */
static float
ask_step(const struct letter *a, const struct letter *b, const struct text *t, struct str s)
{
	struct pdf_probe found;

	if (!ask(t, s, 2, &found) || found.glyphs[1] != a->glyph || found.glyphs[2] != b->glyph ||
	    (float)(found.width - found.x[2]) != b->advance || found.x[2] < found.x[1])
		return (NO_STEP);
	return ((float)(found.x[2] - found.x[1]));
}

/* s: both characters. */
static float
step(struct pdf_latin *l, const struct text *t, const uint16_t *places, struct str s)
{
	const struct letter *letters = l->faces[t->n_face]->letters;
	const uint32_t key = t->n_face << 20 | (uint32_t)places[0] << 10 | places[1];
	struct pair *p;
	size_t i;

	if (l->n_pairs == PAIRS_MAX)
		pairs_clear(l);
	for (i = key * 2654435761u >> 18; (p = &l->pairs[i % PAIRS])->key != 0; i++)
		if (p->key == key)
			return (p->step);
	l->n_pairs++;
	*p = (struct pair){key, ask_step(&letters[places[0]], &letters[places[1]], t, s)};
	return (p->step);
}

/* ---- texts ---- */

/* The character at p, of text that is well-formed; 0: none of these. */
static uint16_t
place_of(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	uint16_t c;

	if (u[0] < 0x80)
		return (u[0]);
	if (u[0] < 0xe0) {
		c = (uint16_t)((u[0] & 0x1f) << 6 | (u[1] & 0x3f));
		return (c < FIRST_SIGN ? c : 0);
	}
	if (u[0] != 0xe2)
		return (0);
	c = (uint16_t)(0x2000 | (u[1] & 0x3f) << 6 | (u[2] & 0x3f));
	for (uint16_t i = 0; i < PLACES - FIRST_SIGN; i++)
		if (signs[i] == c)
			return (FIRST_SIGN + i);
	return (0);
}

static size_t
n_bytes(uint16_t place)
{

	return (place < 0x80 ? 1 : place < FIRST_SIGN ? 2 : 3);
}

/* Whether it is a text of these characters. */
static bool
read_text(const struct pdf_latin *l, struct text *t)
{
	const struct str s = t->key->s;
	unsigned char all = 0xff, any = 0;

	t->places = arena_alloc(t->a, (s.n + 1) * sizeof(*t->places));
	for (size_t i = 0; i < s.n; t->n++) {
		const uint16_t place = place_of(s.p + i);

		all &= l->kinds[place];
		any |= l->kinds[place];
		t->places[t->n] = place;
		i += n_bytes(place);
		if (all == 0)
			return (false);
	}
	t->is_figures = (all & (t->key->mirrored ? FIGURES_MIRRORED : FIGURES)) != 0;
	/* Of a text without a letter Pango does not know that it is a Latin one. */
	return (t->n > 0 && (t->is_figures || (!t->key->mirrored && (all & TEXT) && (any & LETTER))));
}

/* Finds the place of each glyph: whether it is known, and all fit on the line. */
static bool
set_text(struct pdf_latin *l, struct text *t)
{
	const char *p = t->key->s.p;

	find_face(l, t);
	t->x = arena_alloc(t->a, t->n * sizeof(*t->x));
	for (size_t i = 0; i < t->n; i++) {
		const size_t n = n_bytes(t->places[i]);
		const struct letter *to = letter(l, t, t->places[i], (struct str){p, n});
		float d;

		if (to->glyph == NO_GLYPH)
			return (false);
		if (i > 0 && !t->is_figures) {
			const size_t before = n_bytes(t->places[i - 1]);

			if ((d = step(l, t, &t->places[i - 1], (struct str){p - before, before + n})) == NO_STEP)
				return (false);
			t->width = t->x[i - 1] + d;
		}
		t->x[i] = t->width;
		t->width += to->advance;
		p += n;
	}
	return (t->key->width == 0 || t->width <= t->key->width);
}

bool
pdf_latin_text(struct pdf_latin *l, const struct key *k, struct arena *a, struct pdf_latin_text *to)
{
	struct text t = {.key = k, .a = a};
	const char *p = k->s.p;

	if (!read_text(l, &t) || !set_text(l, &t))
		return (false);
	*to = (struct pdf_latin_text){.font = l->faces[t.n_face]->font, .n = t.n, .x = t.x, .width = t.width};
	to->glyphs = arena_alloc(a, t.n * sizeof(*to->glyphs));
	to->n_bytes = arena_alloc(a, t.n);
	to->text = arena_alloc(a, k->s.n);
	for (size_t i = 0; i < t.n; i++) {
		const uint16_t place = t.places[i];
		const size_t n = n_bytes(place);

		to->glyphs[i] = l->faces[t.n_face]->letters[place].glyph;
		if (place == NO_BREAK || place == NARROW_NO_BREAK) {
			to->n_bytes[i] = 1;
			to->text[to->n_text++] = ' ';
		} else {
			to->n_bytes[i] = (unsigned char)n;
			for (size_t b = 0; b < n; b++)
				to->text[to->n_text++] = p[b];
		}
		p += n;
	}
	return (true);
}
