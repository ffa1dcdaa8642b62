#include "base/money.h"

static const struct {
	char code[4];
	int decimals;
} currencies[] = {
#define CURRENCY(code, decimals) {#code, decimals},
#include "base/currency.def"
#undef CURRENCY
};

static const int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

int
money_decimals(struct str currency)
{

	for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++)
		if (str_eqz(currency, currencies[i].code))
			return (currencies[i].decimals);
	return (-1);
}

void
money_plain(struct buf *b, int64_t minor, int decimals)
{
	uint64_t u = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	uint64_t unit = (uint64_t)tens[decimals];
	char fraction[6];

	if (decimals == 0) {
		buf_int(b, minor);
		return;
	}
	if (minor < 0)
		buf_char(b, '-');
	buf_int(b, (int64_t)(u / unit));
	u %= unit;
	for (int i = decimals - 1; i >= 0; i--, u /= 10)
		fraction[i] = (char)('0' + u % 10);
	buf_char(b, '.');
	buf_add(b, (struct str){fraction, (size_t)decimals});
}

void
money_member(struct buf *b, const char *name, int64_t minor, struct str currency)
{

	json_name(b, name);
	buf_addz(b, "{\"amount\":\"");
	money_plain(b, minor, money_decimals(currency));
	buf_addz(b, "\",\"currency\":");
	json_str(b, currency);
	buf_char(b, '}');
}

void
money_price(struct buf *b, struct str decimal, int decimals)
{
	struct str fraction, whole = str_cut(decimal, '.', &fraction);

	while (fraction.n > (size_t)decimals && fraction.p[fraction.n - 1] == '0')
		fraction.n--;
	buf_add(b, whole);
	if (fraction.n == 0 && decimals == 0)
		return;
	buf_char(b, '.');
	buf_add(b, fraction);
	for (size_t i = fraction.n; i < (size_t)decimals; i++)
		buf_char(b, '0');
}

int
money_millionths(struct str decimal, int64_t *v)
{
	bool negative = decimal.n > 0 && decimal.p[0] == '-';
	struct str fraction, whole;
	int64_t w, f = 0;

	if (negative)
		decimal.p++, decimal.n--;
	whole = str_cut(decimal, '.', &fraction);
	if (whole.n == 0 || whole.p[0] == '-' || str_int(whole, &w) == -1)
		return (-1);
	if (fraction.p != NULL &&
	    (fraction.n == 0 || fraction.n > 6 || fraction.p[0] == '-' || str_int(fraction, &f) == -1))
		return (-1);
	if (fraction.p != NULL)
		f *= tens[6 - fraction.n];
	if (__builtin_mul_overflow(w, PRICE_SCALE, &w) || __builtin_add_overflow(w, f, &w))
		return (-1);
	*v = negative ? -w : w;
	return (0);
}

int
money_minor(int64_t millionths, struct str currency, int64_t *minor)
{
	int64_t parts = PRICE_SCALE;

	for (int i = money_decimals(currency); i > 0; i--)
		parts /= 10;
	*minor = millionths / parts;
	return (millionths % parts == 0 ? 0 : -1);
}

int
money_divide(__int128 x, __int128 d, int64_t *result)
{
	__int128 half = d / 2, q;

	/* d - half instead of half: an odd d has no tie, and 2r >= d is the question. */
	if (x >= 0)
		q = x / d + (x % d >= d - half);
	else
		q = x / d - (-(x % d) >= d - half);
	if (q > INT64_MAX || q < INT64_MIN)
		return (-1);
	*result = (int64_t)q;
	return (0);
}

int
money_muldiv(int64_t a, int64_t b, int64_t d, int64_t *result)
{

	return (money_divide((__int128)a * b, d, result));
}

int
money_line(int64_t quantity, int64_t unit_price, int decimals, int64_t *minor)
{

	/* millionths x millionths is 10^12 too much, minor units are 10^decimals. */
	return (
	    money_divide((__int128)quantity * unit_price, (__int128)PRICE_SCALE * PRICE_SCALE / tens[decimals], minor));
}
