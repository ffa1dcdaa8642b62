#include "paper/format.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"

struct locale {
	bool is_rtl;
	const char *decimal, *group, *minus;
	const char *before, *behind; /* the space at a currency that stands before, behind; NULL: it does not */
	const char *percent;
	const char *long_date, *short_date;
};

static const struct locale locales[LANG__MAX] = {
#define LOCALE(lang, rtl, ...) [LANG_##lang] = {rtl, __VA_ARGS__},
#include "paper/locale.def"
};

static const char *const months[LANG__MAX][12] = {
#define MONTHS(lang, ...) [LANG_##lang] = {__VA_ARGS__},
#include "paper/locale.def"
};

static const struct symbol {
	const char *currency, *text;
} symbols[] = {
#define SYMBOL(currency, text) {#currency, text},
#include "paper/locale.def"
};

bool
format_is_rtl(enum lang lang)
{

	return (locales[lang].is_rtl);
}

/* Digits in groups of three from the right. */
static void
groups(struct buf *b, const struct locale *l, struct str digits)
{
	size_t first = digits.n % 3 == 0 ? 3 : digits.n % 3;

	if (first > digits.n)
		first = digits.n;
	buf_add(b, (struct str){digits.p, first});
	for (size_t i = first; i < digits.n; i += 3) {
		buf_addz(b, l->group);
		buf_add(b, (struct str){digits.p + i, 3});
	}
}

/* Plain "-1234.5" with the signs of the language. */
static void
number(struct buf *b, const struct locale *l, struct str plain)
{
	struct str whole, fraction;

	if (plain.n > 0 && plain.p[0] == '-') {
		buf_addz(b, l->minus);
		plain.p++;
		plain.n--;
	}
	whole = str_cut(plain, '.', &fraction);
	groups(b, l, whole);
	if (fraction.n > 0) {
		buf_addz(b, l->decimal);
		buf_add(b, fraction);
	}
}

/* Of minor units, into out from its end. */
static struct str
plain_money(int64_t minor, int decimals, char *out, size_t size)
{
	uint64_t u = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	size_t n = size;
	int places = 0;

	do {
		if (places == decimals && decimals > 0)
			out[--n] = '.';
		out[--n] = (char)('0' + u % 10);
		u /= 10;
		places++;
	} while (u > 0 || places <= decimals);
	if (minor < 0)
		out[--n] = '-';
	return ((struct str){out + n, size - n});
}

void
format_money(struct buf *b, enum lang lang, int64_t minor, int decimals)
{
	char out[32];

	number(b, &locales[lang], plain_money(minor, decimals, out, sizeof(out)));
}

static void
symbol(struct buf *b, struct str currency)
{

	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (str_eqz(currency, symbols[i].currency)) {
			buf_addz(b, symbols[i].text);
			return;
		}
	buf_add(b, currency);
}

static bool
has_symbol(struct str currency)
{

	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (str_eqz(currency, symbols[i].currency))
			return (true);
	return (false);
}

void
format_amount(struct buf *b, enum lang lang, int64_t minor, int decimals, struct str currency)
{
	const struct locale *l = &locales[lang];
	char out[32];
	struct str plain = plain_money(minor, decimals, out, sizeof(out));

	if (l->before != NULL) {
		if (plain.p[0] == '-') {
			buf_addz(b, l->minus);
			plain.p++;
			plain.n--;
		}
		symbol(b, currency);
		buf_addz(b, has_symbol(currency) ? l->before : "\u00a0"); /* letters never touch figures */
	}
	number(b, l, plain);
	if (l->behind != NULL) {
		buf_addz(b, l->behind);
		symbol(b, currency);
	}
}

void
format_decimal(struct buf *b, enum lang lang, struct str decimal, int decimals)
{
	const char *point = memchr(decimal.p == NULL ? "" : decimal.p, '.', decimal.n);
	const size_t at_least = point == NULL ? decimal.n : (size_t)(point - decimal.p) + 1 + (size_t)decimals;
	char out[64];
	size_t n = decimal.n;

	if (point == NULL || n >= sizeof(out)) { /* whole, and such columns have a scale: nothing to cut or add */
		number(b, &locales[lang], decimal);
		return;
	}
	while (n > at_least && decimal.p[n - 1] == '0')
		n--;
	memcpy(out, decimal.p, n);
	while (n < at_least && n < sizeof(out))
		out[n++] = '0';
	if (out[n - 1] == '.')
		n--;
	number(b, &locales[lang], (struct str){out, n});
}

void
format_percent(struct buf *b, enum lang lang, struct str decimal)
{

	format_decimal(b, lang, decimal, 0);
	buf_addz(b, locales[lang].percent);
	buf_char(b, '%');
}

static void
two_digits(struct buf *b, int v)
{

	buf_char(b, (char)('0' + v / 10 % 10));
	buf_char(b, (char)('0' + v % 10));
}

static void
date(struct buf *b, enum lang lang, const char *pattern, int64_t days)
{
	int y, m, d;

	date_split(days, &y, &m, &d);
	for (const char *p = pattern; *p != '\0'; p++) {
		switch (*p) {
		case 'd':
			buf_int(b, d);
			break;
		case 'D':
			two_digits(b, d);
			break;
		case 'o':
			buf_int(b, d);
			buf_addz(b, d == 1 ? "er" : "");
			break;
		case 'm':
			two_digits(b, m);
			break;
		case 'M':
			buf_addz(b, months[lang][m - 1]);
			break;
		case 'b':
			buf_add(b, (struct str){months[lang][m - 1], 3});
			break;
		case 'y':
			buf_int(b, y);
			break;
		default:
			buf_char(b, *p);
		}
	}
}

void
format_date(struct buf *b, enum lang lang, int64_t days)
{

	date(b, lang, locales[lang].long_date, days);
}

void
format_date_short(struct buf *b, enum lang lang, int64_t days)
{

	date(b, lang, locales[lang].short_date, days);
}

void
format_period(struct buf *b, enum lang lang, int64_t start, int64_t end)
{

	format_date_short(b, lang, start);
	if (end - 1 > start) {
		buf_addz(b, " – ");
		format_date_short(b, lang, end - 1);
	}
}

void
format_city(struct buf *b, struct str postcode, struct str city, struct str country)
{
	const bool is_behind = str_eqz(country, "GB") || str_eqz(country, "IE") || str_eqz(country, "US") ||
	    str_eqz(country, "CA") || str_eqz(country, "AU") || str_eqz(country, "AE");
	struct str first = is_behind ? city : postcode, second = is_behind ? postcode : city;

	if (str_eqz(country, "JP") && postcode.n > 0)
		buf_addz(b, "〒");
	buf_add(b, first);
	if (first.n > 0 && second.n > 0)
		buf_char(b, ' ');
	buf_add(b, second);
}
