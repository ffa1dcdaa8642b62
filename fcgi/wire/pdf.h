/* PDF pages of text, rules and logos, by cairo, Pango, fontconfig and librsvg.  Knows
 * points and glyphs; knows nothing of bills.  Equal calls give equal bytes: no clock, no
 * chance, no state of an earlier document shows.  Lengths are points of 1/72 inch, y goes
 * down, and x goes from the side where reading begins: left, or right in a mirrored document. */
#ifndef WIRE_PDF_H
#define WIRE_PDF_H

#include "base/buf.h"

/* What a thread keeps between documents: fonts, shaped labels, parsed logos. */
struct pdf_fonts;
struct pdf;

/* fonts_conf: a fontconfig file; it becomes the configuration of the whole process at the
 * first call.  NULL after logging that it cannot be used.  One a thread, kept for its life. */
struct pdf_fonts *pdf_fonts_open(const char *fonts_conf);
void pdf_fonts_close(struct pdf_fonts *f);

struct pdf_about {
	struct str title, author;
	struct str language; /* BCP 47 */
	int64_t created;     /* days since 1970-01-01 */
	double width, height;
	bool mirrored; /* reads from right to left */
	bool serif;
};

/* A document that goes to out; lives in out's arena until pdf_close, which must be called.
 * NULL where cairo cannot begin one (logged). */
struct pdf *pdf_open(struct pdf_fonts *f, const struct pdf_about *about, struct buf *out);
/* Ends the last page and the document.  0, or -1 where something failed since pdf_open (logged). */
int pdf_close(struct pdf *p) __attribute__((warn_unused_result));

/* Ends the present page and begins the next one. */
void pdf_next_page(struct pdf *p);

struct pdf_style {
	double size, leading; /* of the type, and from line to line */
	bool bold;
};

/* Text broken into lines; lives as long as the document. */
struct pdf_text {
	double width, height; /* of the widest line; of all lines */
	size_t n_lines;
};

/* Whether the shaped text is kept for later documents: for words that many have in
 * common, never for names of people. */
enum pdf_keep { PDF_ONCE, PDF_LABEL };

/* Shapes s, broken at `width`; 0: one line however long.  Never NULL. */
const struct pdf_text *
pdf_shape(struct pdf *p, const struct pdf_style *st, struct str s, double width, enum pdf_keep keep);

enum pdf_align { PDF_START, PDF_END };

/* Draws t with the top of its first line at y, beginning (or with PDF_END ending) at x.  rgb is 0xrrggbb. */
void pdf_draw(struct pdf *p, const struct pdf_text *t, double x, double y, enum pdf_align align, uint32_t rgb);
void pdf_rect(struct pdf *p, double x, double y, double w, double h, uint32_t rgb);

/* A hairline above everything else on the page. */
void pdf_rule(struct pdf *p, double x, double y, double w, uint32_t rgb);

/* Draws the SVG file as large as fits into max_w x max_h and sets its size.  0, or -1 where
 * there is no such file or it is no SVG (logged once by each thread). */
int pdf_logo(struct pdf *p, const char *file, double x, double y, double max_w, double max_h, double *w, double *h);

/* An entry of the outline that leads to y of the present page; parent 0 is the top.  Its id. */
int pdf_bookmark(struct pdf *p, int parent, struct str title, double y);

#endif
