#include "trade/colour.h"

#include <math.h>
#include <stdio.h>

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}

int
colour_parse(struct str s, struct colour *c)
{
	if (s.n != 7 || s.p[0] != '#')
		return (-1);
	for (size_t i = 0; i < 3; i++) {
		int high = hex(s.p[1 + 2 * i]), low = hex(s.p[2 + 2 * i]);

		if (high < 0 || low < 0)
			return (-1);
		c->rgb[i] = (unsigned char)(high * 16 + low);
	}
	return (0);
}

void
colour_text(struct colour c, char out[8])
{
	snprintf(out, 8, "#%02x%02x%02x", c.rgb[0], c.rgb[1], c.rgb[2]);
}

/* One channel of sRGB as linear light. */
static double
linear(unsigned char channel)
{
	double c = channel / 255.0;

	return (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
}

static double
luminance(struct colour c)
{
	return (0.2126 * linear(c.rgb[0]) + 0.7152 * linear(c.rgb[1]) + 0.0722 * linear(c.rgb[2]));
}

double
colour_contrast(struct colour a, struct colour b)
{
	double x = luminance(a), y = luminance(b);

	return ((fmax(x, y) + 0.05) / (fmin(x, y) + 0.05));
}

struct colour
colour_mix(struct colour a, struct colour b, double share)
{
	struct colour c;

	for (size_t i = 0; i < 3; i++)
		c.rgb[i] = (unsigned char)lround(a.rgb[i] + (b.rgb[i] - a.rgb[i]) * share);
	return (c);
}

struct colour
colour_readable(struct colour c, struct colour ink, const struct colour *grounds, size_t n, double least)
{
	for (int step = 0; step < 25; step++) {
		struct colour moved = colour_mix(c, ink, step * 0.04);
		size_t i = 0;

		while (i < n && colour_contrast(moved, grounds[i]) >= least)
			i++;
		if (i == n)
			return (moved);
	}
	return (ink);
}
