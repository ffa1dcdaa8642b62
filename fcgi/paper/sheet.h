/* The sheets that a bill is printed on: measures, colours, head and foot of each page, and
 * text with its escape from the wrong direction.  What stands on them is pdf*.c. */
#ifndef PAPER_SHEET_H
#define PAPER_SHEET_H

#include "paper/bill_part.h"
#include "paper/format.h"
#include "wire/pdf.h"

#define SHEET_SIDE 48.0 /* margins, points */
#define SHEET_TOP 52.0  /* of the pages behind the first */
#define SHEET_BOTTOM 78.0

#define INK 0x1b1d21
#define MUTED 0x5d646e
#define RULE 0xd8dce2
#define FAINT 0xf4f5f7

enum sheet_style { TITLE, AMOUNT, HEADING, STRONG, BODY, SMALL, SHEET_STYLE__MAX };

struct sheet {
	struct pdf *pdf;
	const struct bill *bill;
	struct arena *a;
	struct buf text; /* what is being put together */
	enum lang lang;
	double width, height, inner; /* inner: between the side margins */
	double y, bottom;            /* where the next thing goes; where nothing goes any more */
	uint32_t accent, accent_text;
	int page, n_pages;
};

/* Fixed text, kept for later documents; and text of this document only.  width 0: one line. */
const struct pdf_text *sheet_word(struct sheet *s, enum sheet_style st, enum word w, double width);
const struct pdf_text *sheet_label(struct sheet *s, enum sheet_style st, struct str t, double width);
const struct pdf_text *sheet_value(struct sheet *s, enum sheet_style st, struct str t, double width);
/* What was put together in s->text, which is empty then; the second is kept like fixed text. */
const struct pdf_text *sheet_text(struct sheet *s, enum sheet_style st, double width);
const struct pdf_text *sheet_common(struct sheet *s, enum sheet_style st, double width);

/* Adds t to s->text, isolated so that its direction does not turn what stands beside it. */
void sheet_add(struct sheet *s, struct str t);
void sheet_add_word(struct sheet *s, enum word w);

/* Draws at x from the margin. */
void sheet_draw(struct sheet *s, const struct pdf_text *t, double x, double y, enum pdf_align align, uint32_t rgb);
void sheet_rect(struct sheet *s, double x, double y, double w, double h, uint32_t rgb);
void sheet_rule(struct sheet *s, double x, double y, double w);

/* "Invoice 2026-001" in s->text. */
void sheet_add_title(struct sheet *s);

/* The foot of the present page; then, with sheet_next, the next page and its head. */
void sheet_foot(struct sheet *s);
void sheet_next(struct sheet *s);

/* pdf_lines.c: shapes all lines and says how many pages they take from s->y on when `last` points
 * follow them unbroken; then draws them. */
struct lines;
struct lines *lines_shape(struct sheet *s);
int lines_pages(const struct sheet *s, const struct lines *l, double last);
void lines_draw(struct sheet *s, const struct lines *l);

/* pdf_sum.c: payment, taxes and totals: one block that is not broken. */
struct sum;
struct sum *sum_shape(struct sheet *s);
double sum_height(const struct sum *sum);
void sum_draw(struct sheet *s, const struct sum *sum);

#endif
