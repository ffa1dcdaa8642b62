/* Shaping and drawing of text for wire/pdf; nobody else includes it. */
#ifndef WIRE_PDF_TEXT_H
#define WIRE_PDF_TEXT_H

#include "wire/pdf_part.h"

struct pdf_glyphs *pdf_glyphs_open(void);
void pdf_glyphs_close(struct pdf_glyphs *g);

/* What the texts of one document have in common.  a: where texts go that are not kept. */
void pdf_glyphs_begin(struct pdf_glyphs *g, const struct pdf_about *about, struct arena *a);

const struct pdf_text *
pdf_glyphs_shape(struct pdf_glyphs *g, const struct pdf_style *st, struct str s, double width, enum pdf_keep keep);

/* Draws in the present colour, at the latest at the next flush, which must come before the
 * colour changes; x is the left end of each line, or with from_right the right end. */
void
pdf_glyphs_draw(struct pdf_glyphs *g, struct _cairo *cr, const struct pdf_text *t, double x, double y, bool from_right);
void pdf_glyphs_flush(struct pdf_glyphs *g, struct _cairo *cr);

#endif
