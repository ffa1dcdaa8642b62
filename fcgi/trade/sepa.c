#include "trade/sepa.h"

/* From U+00C0 on. */
static const char *const letters[] = {"A", "A", "A", "A", "Ae", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I",
    "D", "N", "O", "O", "O", "O", "Oe", ".", "O", "U", "U", "U", "Ue", "Y", "Th", "ss", "a", "a", "a", "a", "ae", "a",
    "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "oe", ".", "o", "u", "u", "u",
    "ue", "y", "th", "y", "A", "a", "A", "a", "A", "a", "C", "c", "C", "c", "C", "c", "C", "c", "D", "d", "D", "d", "E",
    "e", "E", "e", "E", "e", "E", "e", "E", "e", "G", "g", "G", "g", "G", "g", "G", "g", "H", "h", "H", "h", "I", "i",
    "I", "i", "I", "i", "I", "i", "I", "i", "IJ", "ij", "J", "j", "K", "k", "k", "L", "l", "L", "l", "L", "l", "L", "l",
    "L", "l", "N", "n", "N", "n", "N", "n", "n", "N", "n", "O", "o", "O", "o", "O", "o", "OE", "oe", "R", "r", "R", "r",
    "R", "r", "S", "s", "S", "s", "S", "s", "S", "s", "T", "t", "T", "t", "T", "t", "U", "u", "U", "u", "U", "u", "U",
    "u", "U", "u", "U", "u", "W", "w", "Y", "y", "Y", "Z", "z", "Z", "z", "Z", "z", "s"};
_Static_assert(sizeof(letters) / sizeof(letters[0]) == 0x180 - 0xc0, "up to U+017F");

static bool
is_letter(char c)
{

	return ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
}

static bool
is_digit(char c)
{

	return (c >= '0' && c <= '9');
}

/* Letters in capitals and digits, without spaces; p == NULL where there is anything else, or too much. */
static struct str
packed(struct arena *a, struct str text, size_t most)
{
	struct buf b;

	buf_init(&b, a, most);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == ' ')
			continue;
		if (!is_letter(c) && !is_digit(c))
			return ((struct str){NULL, 0});
		buf_char(&b, c >= 'a' ? (char)(c - 'a' + 'A') : c);
	}
	return (buf_failed(&b) ? (struct str){NULL, 0} : buf_str(&b));
}

struct str
sepa_iban(struct arena *a, struct str text)
{
	struct str s = packed(a, text, SEPA_IBAN_MAX);
	unsigned rest = 0;

	if (s.n < 15 || is_digit(s.p[0]) || is_digit(s.p[1]) || !is_digit(s.p[2]) || !is_digit(s.p[3]))
		return ((struct str){NULL, 0});
	/* What is behind the first four, then these; A is 10. */
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[(i + 4) % s.n];

		rest =
		    is_digit(c) ? (rest * 10 + (unsigned)(c - '0')) % 97 : (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return (rest == 1 ? s : (struct str){NULL, 0});
}

struct str
sepa_bic(struct arena *a, struct str text)
{
	struct str s = packed(a, text, 11);

	return (s.n == 8 || s.n == 11 ? s : (struct str){NULL, 0});
}

/* What a sign becomes. */
static char
sign(char c)
{

	switch (c) {
	case '/':
	case '-':
	case '?':
	case ':':
	case '(':
	case ')':
	case '.':
	case ',':
	case '\'':
	case '+':
	case ' ':
		return (c);
	case '&':
		return ('+');
	case '_':
		return ('-');
	}
	return ('.');
}

/* The next code point of well-formed UTF-8; *i goes behind it. */
static unsigned
next(struct str s, size_t *i)
{
	unsigned char c = (unsigned char)s.p[(*i)++];
	unsigned point = c < 0x80 ? c : c < 0xe0 ? c & 0x1fu : c < 0xf0 ? c & 0x0fu : c & 0x07u;

	while (*i < s.n && ((unsigned char)s.p[*i] & 0xc0) == 0x80)
		point = point << 6 | ((unsigned char)s.p[(*i)++] & 0x3fu);
	return (point);
}

struct str
sepa_text(struct arena *a, struct str text, size_t most)
{
	struct buf b;
	struct str s;
	unsigned point;

	buf_init(&b, a, 4 * text.n + 1);
	for (size_t i = 0; i < text.n;) {
		point = next(text, &i);
		if (point < 0x80)
			buf_char(&b, is_letter((char)point) || is_digit((char)point) ? (char)point : sign((char)point));
		else if (point >= 0xc0 && point < 0x180)
			buf_addz(&b, letters[point - 0xc0]);
		else if (point == 0xa0)
			buf_char(&b, ' ');
		else if (point == 0x2018 || point == 0x2019)
			buf_char(&b, '\'');
		else if (point < 0xc0 || (point >= 0x2010 && point < 0x2060))
			buf_char(&b, point >= 0x2010 && point <= 0x2015 ? '-' : '.');
		else
			return ((struct str){NULL, 0});
	}
	s = buf_str(&b);
	if (s.n > 0 && s.p[0] == '/') /* a text does not begin with one */
		b.p[0] = '.';
	return (s.n > most ? (struct str){s.p, most} : s);
}
