/* Numbers, dates and prices as text: what is accepted is what it says, and says itself again. */
#include <errno.h>

#include "base/date.h"
#include "base/money.h"
#include "tests/fuzz/fuzz.h"
#include "trade/price.h"

static void
whole(struct arena *a, struct str s)
{
	const char *z = arena_str(a, s).p;
	int64_t v;
	char *end;
	long long expected;

	if (str_int(s, &v) == -1)
		return;
	RULE(strspn(z, "-0123456789") == s.n);
	errno = 0;
	expected = strtoll(z, &end, 10);
	RULE(errno == 0 && *end == '\0' && expected == v);
}

static void
date(struct arena *a, struct str s)
{
	int year, month, day;
	struct buf b;
	int64_t days;

	if (date_parse(s, &days) == -1)
		return;
	buf_init(&b, a, 100);
	date_plain(&b, days);
	RULE(str_eq(buf_str(&b), s));
	date_split(days, &year, &month, &day);
	RULE(date_of(year, month, day) == days && month >= 1 && month <= 12 && day >= 1 && day <= 31);
	for (int n = -25; n <= 25; n++) {
		int64_t other = date_add_months(days, n);
		int y2, m2, d2;

		date_split(other, &y2, &m2, &d2);
		RULE(y2 * 12 + m2 == year * 12 + month + n && d2 <= day);
	}
}

/* The digits of s as a number of millionths, the slow way. */
static __int128
millionths(struct str s)
{
	bool negative = s.p[0] == '-';
	int decimals = -1;
	__int128 v = 0;

	for (size_t i = negative; i < s.n; i++) {
		if (s.p[i] == '.') {
			decimals = 0;
			continue;
		}
		v = v * 10 + (s.p[i] - '0');
		decimals += decimals >= 0;
	}
	for (decimals = decimals < 0 ? 0 : decimals; decimals < 6; decimals++)
		v *= 10;
	return (negative ? -v : v);
}

static void
price(struct arena *a, struct str s)
{
	struct buf b;
	int64_t v, again, minor;

	if (money_millionths(s, &v) == -1)
		return;
	if (s.n < 36) /* with more digits there are leading zeros, and no room in 128 bits */
		RULE(millionths(s) == v);
	for (int decimals = 0; decimals <= 3; decimals++) {
		buf_init(&b, a, 1 << 20);
		money_price(&b, s, decimals);
		RULE(money_millionths(buf_str(&b), &again) == 0 && again == v);
		if (money_line(v, PRICE_SCALE, decimals, &minor) == 0) {
			static const int64_t tens[] = {1, 10, 100, 1000};
			__int128 unit = PRICE_SCALE / tens[decimals], off = minor * unit - v;

			/* The nearest; of two as near, the one further from zero. */
			RULE(2 * off == (v < 0 ? -unit : unit) || 2 * (off < 0 ? -off : off) < unit);
			buf_init(&b, a, 100);
			money_plain(&b, minor, decimals);
			RULE(money_millionths(buf_str(&b), &again) == -1 || again == minor * (int64_t)unit);
		}
	}
}

/* A rate is its digits, and one of a price at it is it again as far as a price goes. */
static void
rate(struct str s)
{
	int64_t v, one;
	__int128 digits = 0;
	int places = -1;

	if (price_rate(s, &v) == -1)
		return;
	for (size_t i = 0; i < s.n; i++) {
		RULE(s.p[i] == '.' ? places == -1 : s.p[i] >= '0' && s.p[i] <= '9');
		if (s.p[i] != '.')
			digits = digits * 10 + (s.p[i] - '0');
		places += s.p[i] == '.' || places >= 0;
	}
	for (places = places < 0 ? 0 : places; places < 12; places++)
		digits *= 10;
	RULE(v > 0 && digits == v);
	RULE(price_convert(PRICE_SCALE, v, &one) == 0);
	RULE(one == v / 1000000 + (v % 1000000 >= 500000));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str s = fuzz_copy(data, n);

	whole(a, s);
	date(a, s);
	price(a, s);
	rate(s);
	RULE(money_decimals(s) <= 3);
	free((char *)s.p);
	return (0);
}
