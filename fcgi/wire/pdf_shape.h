/* Text to glyphs, by Pango, for wire/pdf; nobody else includes it.  Include it behind
 * cairo's header.  One Pango serves the process: it is not made for threads, and its fonts
 * are large. */
#ifndef WIRE_PDF_SHAPE_H
#define WIRE_PDF_SHAPE_H

#include "wire/pdf_part.h"

struct run {
	cairo_scaled_font_t *font; /* lives as long as the process */
	cairo_glyph_t *glyphs;
	cairo_text_cluster_t *clusters;
	char *text;
	int n_glyphs, n_clusters, n_text;
	cairo_text_cluster_flags_t flags;
};

struct line {
	struct run *runs;
	size_t n_runs;
	double width;
};

struct shaped {
	struct pdf_text sum; /* first: it is what callers see */
	struct pdf_style style;
	struct line *lines;
};

/* Starts Pango at the first call. */
void pdf_shape_open(void);

/* Glyphs of one text.  The memory is from take(closure, n), which does not fail; a scaled font
 * in it lives until the process ends. */
struct shaped *pdf_shape_text(const struct key *k, void *(*take)(void *closure, size_t n), void *closure);

#endif
