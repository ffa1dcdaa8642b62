#include "trade/price.h"

#include "base/money.h"

const char *const price_methods[BY__MAX] = {
    [BY_fixed] = "fixed",
    [BY_rrp_minus_pct] = "rrp_minus_pct",
    [BY_rrp_plus_pct] = "rrp_plus_pct",
    [BY_cost_plus_pct] = "cost_plus_pct",
    [BY_cost_plus_abs] = "cost_plus_abs",
    [BY_pass_through] = "pass_through",
    [BY_tiers] = "tiers",
};
const char *const price_models[MODEL__MAX] = {
    [MODEL_per_unit] = "per_unit",
    [MODEL_flat] = "flat",
    [MODEL_package] = "package",
    [MODEL_graduated] = "graduated",
    [MODEL_volume] = "volume",
};

static const int64_t tens[] = {1, 10, 100, 1000, 10000}; /* minor units of one, by decimals */

static int
of_name(const char *const *names, int n, struct str name)
{

	for (int i = 0; i < n; i++)
		if (str_eqz(name, names[i]))
			return (i);
	return (-1);
}

int
price_method_of(struct str name)
{

	return (of_name(price_methods, BY__MAX, name));
}

int
price_model_of(struct str name)
{

	return (of_name(price_models, MODEL__MAX, name));
}

int
price_rate(struct str text, int64_t *rate)
{
	struct str rest, whole = str_cut(text, '.', &rest);
	int64_t v = 0;

	if (whole.n == 0 || whole.n > 6 || rest.n > 12 || (rest.n == 0 && whole.n != text.n))
		return (-1);
	for (size_t i = 0; i < whole.n + 12; i++) {
		char c = i < whole.n ? whole.p[i] : i - whole.n < rest.n ? rest.p[i - whole.n] : '0';

		if (c < '0' || c > '9')
			return (-1);
		v = v * 10 + (c - '0');
	}
	*rate = v;
	return (v > 0 ? 0 : -1);
}

int
price_convert(int64_t price, int64_t rate, int64_t *converted)
{

	return (money_muldiv(price, rate, PRICE_RATE_SCALE, converted));
}

int
price_convert_minor(int64_t minor, int decimals, int64_t rate, int to_decimals, int64_t *converted)
{
	__int128 x = (__int128)minor * rate;

	if (__builtin_mul_overflow(x, (__int128)tens[to_decimals], &x))
		return (-1);
	return (money_divide(x, (__int128)PRICE_RATE_SCALE * tens[decimals], converted));
}

bool
price_by_list(enum price_method m)
{

	return (m == BY_fixed || m == BY_rrp_minus_pct || m == BY_rrp_plus_pct);
}

/* price x (100 + percent) / 100 */
static int
percent(int64_t price, int64_t value, int64_t *unit)
{
	int64_t whole;

	if (__builtin_add_overflow((int64_t)100 * PRICE_SCALE, value, &whole))
		return (-1);
	return (money_muldiv(price, whole, (int64_t)100 * PRICE_SCALE, unit));
}

int
price_unit(enum price_method m, int64_t value, int64_t list, int64_t above, int64_t *unit)
{

	switch (m) {
	case BY_fixed:
		*unit = value;
		return (0);
	case BY_rrp_minus_pct:
		return (percent(list, -value, unit));
	case BY_rrp_plus_pct:
		return (percent(list, value, unit));
	case BY_cost_plus_pct:
		return (percent(above, value, unit));
	case BY_cost_plus_abs:
		return (__builtin_add_overflow(above, value, unit) ? -1 : 0);
	case BY_pass_through:
		*unit = above;
		return (0);
	case BY_tiers:
	case BY__MAX:
		break;
	}
	return (-1);
}

/* quantity x unit + flat, in 10^-12 */
static __int128
of_tier(int64_t quantity, const struct price_tier *t)
{

	return ((__int128)quantity * t->unit + (__int128)t->flat * PRICE_SCALE);
}

static __int128
of_model(enum price_model m, int64_t size, const struct price_tier *t, int64_t quantity)
{
	int64_t packages = quantity / size + (quantity % size > 0);

	return (m == MODEL_flat      ? of_tier(PRICE_SCALE, t)
		: m == MODEL_package ? (__int128)packages * PRICE_SCALE * t->unit + (__int128)t->flat * PRICE_SCALE
				     : of_tier(quantity, t));
}

int
price_base(enum price_model m, int64_t size, const struct price_tier *tiers, size_t n, int64_t quantity, __int128 *base)
{
	bool graduated = m == MODEL_per_unit || m == MODEL_graduated;
	bool reached = false;

	*base = 0;
	for (size_t i = 0; i < n; i++) {
		const struct price_tier *t = &tiers[i];

		if (quantity <= t->above)
			continue;
		reached |= quantity <= t->up_to;
		if (graduated)
			*base += of_tier((quantity < t->up_to ? quantity : t->up_to) - t->above, t);
		else if (quantity <= t->up_to)
			*base += of_model(m, size, t, quantity);
	}
	return (reached ? 0 : -1);
}

int
price_line(__int128 base, int64_t quantity, int64_t days, int64_t of_days, int decimals, int64_t *net, int64_t *unit)
{
	__int128 share;

	if (__builtin_mul_overflow(base, (__int128)days, &share))
		return (-1);
	return (money_divide(share, (__int128)PRICE_SCALE * PRICE_SCALE / tens[decimals] * of_days, net) == -1 ||
		    money_divide(base, quantity, unit) == -1
		? -1
		: 0);
}
