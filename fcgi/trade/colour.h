/* Colours as #rrggbb, and whether one can be read on another (WCAG 2.2).  The brand
 * preview of www/lib/colour.js does the same sums. */
#ifndef TRADE_COLOUR_H
#define TRADE_COLOUR_H

#include "base/str.h"

struct colour {
	unsigned char rgb[3];
};

#define COLOUR_TEXT 4.5    /* contrast that text needs */
#define COLOUR_CONTROL 3.0 /* contrast that a control's edge or a focus ring needs */

/* "#1f4e79", either case: 0, or -1 where it is no such colour. */
int colour_parse(struct str s, struct colour *c) __attribute__((warn_unused_result));
/* "#1f4e79" with NUL. */
void colour_text(struct colour c, char out[8]);

/* 1 (the same) to 21 (black on white). */
double colour_contrast(struct colour a, struct colour b);

/* share of b in a, 0 to 1. */
struct colour colour_mix(struct colour a, struct colour b, double share);

/* c, moved towards ink in steps of 4 % until it has `least` contrast to every one of the
 * grounds; ink itself where nothing between reaches it. */
struct colour colour_readable(struct colour c, struct colour ink, const struct colour *grounds, size_t n, double least);

#endif
