#include "core/mask.h"

#include "base/buf.h"

#define LONG 10 /* signs that count, from which on some are shown */
#define FIRST 2
#define LAST 4

static bool
is_separator(char c)
{

	return (c == ' ' || c == '-' || c == '.' || c == '/' || c == '+' || c == '(' || c == ')' || c == ',');
}

/* How many bytes the character at s.p has. */
static size_t
width(struct str s)
{
	const unsigned char c = (unsigned char)*s.p;
	const size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	return (n < s.n ? n : s.n);
}

static struct str
first_of(struct str s)
{

	return ((struct str){s.p, s.n == 0 ? 0 : width(s)});
}

/* The first letter of both parts, and the domain's end. */
static void
mask_mail(struct buf *b, struct str name, struct str domain)
{
	size_t dot = domain.n;

	while (dot > 0 && domain.p[dot - 1] != '.')
		dot--;
	buf_add(b, first_of(name));
	buf_addz(b, "***@");
	buf_add(b, first_of(domain));
	buf_addz(b, "***");
	if (dot > 0)
		buf_add(b, (struct str){domain.p + dot - 1, domain.n - dot + 1});
}

struct str
mask_text(struct arena *a, struct str s)
{
	struct str domain, name = str_cut(s, '@', &domain);
	size_t count = 0, at = 0, n;
	struct buf b;

	buf_init(&b, a, s.n + 16);
	if (domain.p != NULL && name.n > 0 && domain.n > 0) {
		mask_mail(&b, name, domain);
		return (buf_str(&b));
	}
	for (size_t i = 0; i < s.n; i += width((struct str){s.p + i, s.n - i}))
		count += !is_separator(s.p[i]);
	for (size_t i = 0; i < s.n; i += n) {
		n = width((struct str){s.p + i, s.n - i});
		if (is_separator(s.p[i]) || (count >= LONG && (at < FIRST || at >= count - LAST)))
			buf_add(&b, (struct str){s.p + i, n});
		else
			buf_char(&b, '*');
		at += !is_separator(s.p[i]);
	}
	return (buf_str(&b));
}
