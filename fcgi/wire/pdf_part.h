/* What the parts of wire/pdf share; nobody else includes it. */
#ifndef WIRE_PDF_PART_H
#define WIRE_PDF_PART_H

#include "wire/pdf.h"

struct _cairo;     /* cairo_t, without cairo's header */
struct pdf_glyphs; /* pdf_text.c: fonts and shaped text of a thread */
struct pdf_logos;  /* pdf_logo.c: parsed logos of a thread */

struct pdf_fonts {
	struct pdf_glyphs *glyphs;
	struct pdf_logos *logos;
};

/* Makes the file the process's fontconfig configuration, once.  0, or -1 (logged). */
int pdf_fontconf_load(const char *file);

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
