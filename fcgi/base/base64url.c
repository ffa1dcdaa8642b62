#include "base/base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void
base64url_add(struct buf *b, struct str bytes)
{
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | (unsigned char)bytes.p[i];
		for (have += 8; have >= 6; have -= 6)
			buf_char(b, alphabet[bits >> (have - 6) & 63]);
	}
	if (have > 0)
		buf_char(b, alphabet[bits << (6 - have) & 63]);
}

static int
value_of(char c)
{

	return (c >= 'A' && c <= 'Z'   ? c - 'A'
		: c >= 'a' && c <= 'z' ? c - 'a' + 26
		: c >= '0' && c <= '9' ? c - '0' + 52
		: c == '-'             ? 62
		: c == '_'             ? 63
				       : -1);
}

int
base64url_open(struct arena *a, struct str text, struct str *bytes)
{
	char *to = arena_alloc(a, text.n / 4 * 3 + 3);
	unsigned bits = 0, have = 0;
	size_t n = 0;
	int v;

	for (size_t i = 0; i < text.n; i++) {
		if ((v = value_of(text.p[i])) == -1)
			return (-1);
		bits = bits << 6 | (unsigned)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[n++] = (char)(bits >> have);
		}
	}
	if (have >= 6 || (bits & ((1u << have) - 1)) != 0)
		return (-1); /* a letter too many, or bits that no byte has */
	*bytes = (struct str){to, n};
	return (0);
}
