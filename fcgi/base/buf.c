#include "base/buf.h"

#include <stdio.h>
#include <string.h>

void
buf_init(struct buf *b, struct arena *a, size_t limit)
{

	*b = (struct buf){.a = a, .limit = limit};
}

void
buf_clear(struct buf *b)
{

	b->n = 0;
	b->failed = false;
}

/* After a failure there is no room for anything. */
char *
buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->cap < 4096 ? 4096 : b->cap;
	char *p;

	if (b->failed || n > b->limit - b->n) {
		b->failed = true;
		b->cap = b->n;
		return (NULL);
	}
	while (cap - b->n < n)
		cap *= 2;
	if (cap > b->limit)
		cap = b->limit;
	p = arena_alloc(b->a, cap);
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return (b->p + b->n);
}

void
buf_int(struct buf *b, int64_t v)
{
	char digits[20];
	size_t n = sizeof(digits);
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	do {
		digits[--n] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		digits[--n] = '-';
	buf_add(b, (struct str){digits + n, sizeof(digits) - n});
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_add(b, arena_vprintf(b->a, fmt, ap));
	va_end(ap);
}

bool
buf_failed(const struct buf *b)
{

	return (b->failed);
}

struct str
buf_str(const struct buf *b)
{

	return ((struct str){b->p, b->n});
}

/* Adds s with every byte c for which to[c] is set replaced by that text. */
static void
replace(struct buf *b, struct str s, const char *const to[256])
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char *with = to[(unsigned char)s.p[i]];

		if (with == NULL)
			continue;
		buf_add(b, (struct str){s.p + from, i - from});
		buf_addz(b, with);
		from = i + 1;
	}
	buf_add(b, (struct str){s.p + from, s.n - from});
}

static const char *const html_escapes[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

void
html_text(struct buf *b, struct str s)
{

	replace(b, s, html_escapes);
}

void
html_attr(struct buf *b, struct str s)
{

	replace(b, s, html_escapes);
}

static const char *const json_escapes[256] = {"\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005",
    "\\u0006", "\\u0007", "\\b", "\\t", "\\n", "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f", "\\u0010", "\\u0011",
    "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b",
    "\\u001c", "\\u001d", "\\u001e", "\\u001f", ['"'] = "\\\"", ['\\'] = "\\\\"};

/* Has one of these eight bytes an escape?  The lowest one that this says of has; those above it may be said of in vain. */
static bool
json_special(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101u, quote = x ^ ones * '"', slash = x ^ ones * '\\';

	return ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((x - ones * 0x20) & ~x)) & ones * 0x80);
}

void
json_str(struct buf *b, struct str s)
{
	char *p = buf_room(b, s.n + 2);
	size_t i = 0;
	uint64_t x;

	if (p == NULL)
		return;
	*p++ = '"';
	for (; i + sizeof(x) <= s.n; i += sizeof(x)) {
		memcpy(&x, s.p + i, sizeof(x));
		if (json_special(x))
			break;
		memcpy(p + i, &x, sizeof(x));
	}
	for (; i < s.n && json_escapes[(unsigned char)s.p[i]] == NULL; i++)
		p[i] = s.p[i];
	buf_took(b, i + 1);
	if (i < s.n)
		replace(b, (struct str){s.p + i, s.n - i}, json_escapes);
	buf_char(b, '"');
}

void
json_name(struct buf *b, const char *name)
{

	if (b->n > 0 && b->p[b->n - 1] != '{')
		buf_char(b, ',');
	buf_char(b, '"');
	buf_addz(b, name);
	buf_addz(b, "\":");
}

void
json_text(struct buf *b, const char *name, struct str s)
{

	json_name(b, name);
	if (s.n == 0)
		buf_addz(b, "null");
	else
		json_str(b, s);
}

void
url_arg(struct buf *b, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		    c == '_' || c == '.' || c == '~') {
			buf_char(b, (char)c);
		} else {
			buf_char(b, '%');
			buf_char(b, hex[c >> 4]);
			buf_char(b, hex[c & 15]);
		}
	}
}
