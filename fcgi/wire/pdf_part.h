/* What the parts of wire/pdf share; nobody else includes it. */
#ifndef WIRE_PDF_PART_H
#define WIRE_PDF_PART_H

#include "wire/pdf.h"

struct _cairo; /* cairo_t, without cairo's header */
struct _cairo_scaled_font;
struct pdf_glyphs; /* pdf_text.c: fonts and shaped text of a thread */
struct pdf_logos;  /* pdf_logo.c: parsed logos of a thread */

/* What decides how a text looks when it is shaped. */
struct key {
	struct pdf_style style;
	double width;
	char language[16]; /* BCP 47 */
	bool mirrored, serif;
	struct str s;
};

struct pdf_fonts {
	struct pdf_glyphs *glyphs;
	struct pdf_logos *logos;
};

/* Makes the file the process's fontconfig configuration, once.  0, or -1 (logged). */
int pdf_fontconf_load(const char *file);

/* What Pango makes of a few characters. */
#define PDF_PROBE 3
struct pdf_probe {
	struct _cairo_scaled_font *font;
	uint32_t glyphs[PDF_PROBE];
	double x[PDF_PROBE], width;
};

/* Shapes k, of n <= PDF_PROBE characters; a: for what is needed meanwhile.  Whether it is one
 * glyph for each of them, in one font and on the line. */
bool pdf_shape_probe(const struct key *k, size_t n, struct arena *a, struct pdf_probe *found);

struct pdf_logos *pdf_logos_open(void);
void pdf_logos_close(struct pdf_logos *l);
/* The size that the logo takes within max_w x max_h: 0, or -1. */
int pdf_logos_fit(struct pdf_logos *l, const char *file, double max_w, double max_h, double *w, double *h);
/* Draws the logo of the last pdf_logos_fit with its top left corner at x, y: 0, or -1. */
int pdf_logos_draw(struct pdf_logos *l, struct _cairo *cr, double x, double y, double w, double h);

/* Adds to the PDF that begins at out->p[begin] an update of its catalogue that names the
 * language and the direction of reading, for which cairo 1.16 has no call.  0, or -1. */
int pdf_tail(struct buf *out, size_t begin, struct str language, bool mirrored);

#endif
