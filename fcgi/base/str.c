#include "base/str.h"

#include <string.h>

struct str
str_of(const char *z)
{

	return ((struct str){z, z == NULL ? 0 : strlen(z)});
}

bool
str_eq(struct str a, struct str b)
{

	return (a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0));
}

bool
str_eqz(struct str a, const char *z)
{

	return (str_eq(a, str_of(z)));
}

static char
lower(char c)
{

	return (c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
}

bool
str_eq_nocase(struct str a, struct str b)
{

	if (a.n != b.n)
		return (false);
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return (false);
	return (true);
}

bool
str_starts(struct str s, struct str prefix)
{

	return (s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0));
}

struct str
str_cut(struct str s, char c, struct str *rest)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, c, s.n);
	struct str first = s;

	*rest = (struct str){NULL, 0};
	if (at != NULL) {
		first.n = (size_t)(at - s.p);
		*rest = (struct str){at + 1, s.n - first.n - 1};
	}
	return (first);
}

int
str_int(struct str s, int64_t *v)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	int64_t x = 0;

	if (s.n == (size_t)negative)
		return (-1);
	for (size_t i = negative; i < s.n; i++) {
		int d = s.p[i] - '0';

		if (d < 0 || d > 9 || __builtin_mul_overflow(x, 10, &x) ||
		    __builtin_sub_overflow(x, d, &x)) /* downwards: INT64_MIN has no positive twin */
			return (-1);
	}
	if (!negative && __builtin_sub_overflow(0, x, &x))
		return (-1);
	*v = x;
	return (0);
}

/* Bytes of the well-formed sequence at p, or 0 (Unicode 15, table 3-7). */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t need;

	if (p[0] < 0x80)
		return (1);
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		need = 2;
	else if ((p[0] & 0xf0) == 0xe0)
		need = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		need = 4;
	else
		return (0);
	if (p[0] == 0xe0)
		low = 0xa0; /* shorter forms exist */
	else if (p[0] == 0xed)
		high = 0x9f; /* surrogates */
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f; /* above U+10FFFF */
	if (n < need || p[1] < low || p[1] > high)
		return (0);
	for (size_t i = 2; i < need; i++)
		if ((p[i] & 0xc0) != 0x80)
			return (0);
	return (need);
}

/* utf8_length for all of s, with no control characters but those in `allowed`. */
static bool
only(struct str s, const char *allowed)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t step;

	for (size_t i = 0; i < s.n; i += step) {
		if ((p[i] < 0x20 && (p[i] == 0 || strchr(allowed, p[i]) == NULL)) || p[i] == 0x7f)
			return (false);
		if ((step = utf8_length(p + i, s.n - i)) == 0)
			return (false);
	}
	return (true);
}

bool
str_is_text(struct str s)
{

	return (only(s, "\t\n"));
}

bool
str_is_line(struct str s)
{

	return (only(s, ""));
}

bool
str_is_ascii(struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 126)
			return (false);
	return (true);
}

bool
str_is_blank(struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\n')
			return (false);
	return (true);
}

bool
str_is_lines(struct str s)
{

	return (only(s, "\t\n\r"));
}

size_t
str_chars(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return (n);
}
