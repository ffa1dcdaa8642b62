/* Latin text put together from tables of glyphs and of the steps from one to the next, for
 * wire/pdf; nobody else includes it.  The tables are filled from what Pango says of single
 * characters and of pairs, so nothing in them tells a name. */
#ifndef WIRE_PDF_LATIN_H
#define WIRE_PDF_LATIN_H

#include "wire/pdf_part.h"

/* The tables of one thread. */
struct pdf_latin;

/* NULL: no memory. */
struct pdf_latin *pdf_latin_open(void);
void pdf_latin_close(struct pdf_latin *l);

/* A text on one line, as long as the arena. */
struct pdf_latin_text {
	struct _cairo_scaled_font *font;
	size_t n; /* glyphs */
	uint32_t *glyphs;
	double *x, width;
	unsigned char *n_bytes; /* of the text that each glyph stands for */
	char *text;             /* not what was given: spaces that do not break are spaces */
	size_t n_text;
};

/* What pdf_shape_text makes of k, in a: whether this can do it.  Not other characters than Latin
 * ones, nor from right to left, nor more than one line.  Figures and codes are set without kerning. */
bool pdf_latin_text(struct pdf_latin *l, const struct key *k, struct arena *a, struct pdf_latin_text *to);

#endif
