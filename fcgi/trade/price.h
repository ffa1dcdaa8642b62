/* The price of a thing in C, exact: what the statements of chain.sql and charge.sql compute, once more and by another
 * hand, for previews and for the proof that both agree to the last digit.  Knows no database.
 * Prices and quantities are millionths (base/money.h); -1 where a number leaves its type. */
#ifndef TRADE_PRICE_H
#define TRADE_PRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum price_method {
	BY_fixed,
	BY_rrp_minus_pct,
	BY_rrp_plus_pct,
	BY_cost_plus_pct,
	BY_cost_plus_abs,
	BY_pass_through,
	BY_tiers,
	BY__MAX
};
enum price_model { MODEL_per_unit, MODEL_flat, MODEL_package, MODEL_graduated, MODEL_volume, MODEL__MAX };
extern const char *const price_methods[BY__MAX];
extern const char *const price_models[MODEL__MAX];

/* By its name, or -1. */
int price_method_of(struct str name);
int price_model_of(struct str name);

/* More than above, up to up_to. */
struct price_tier {
	int64_t above, up_to, unit, flat;
};
#define PRICE_NO_END 999999999999999999 /* up_to of the last tier */

/* What one of a currency is worth in another one, in 10^-12: "0.8612".  0, or -1 where it is no such number: above 0, with up
 * to six places before the point and twelve behind it. */
#define PRICE_RATE_SCALE 1000000000000
int price_rate(struct str text, int64_t *rate) __attribute__((warn_unused_result));

/* A price in another currency: millionths again, rounded once, before any rule has its say. */
int price_convert(int64_t price, int64_t rate, int64_t *converted) __attribute__((warn_unused_result));

/* Minor units in another currency, rounded once. */
int price_convert_minor(int64_t minor, int decimals, int64_t rate, int to_decimals, int64_t *converted)
    __attribute__((warn_unused_result));

/* Of which price a rule makes its own: the list price, or else the price of the edge above. */
bool price_by_list(enum price_method m);

/* What a unit costs on an edge, by the root's list price and the price of the edge above (on the first edge, the list
 * price).  Not for BY_tiers, which says its own. */
int price_unit(enum price_method m, int64_t value, int64_t list, int64_t above, int64_t *unit)
    __attribute__((warn_unused_result));

/* What a quantity comes to for a whole period, in 10^-12; -1 also where it is more than the tiers reach. */
int price_base(enum price_model m, int64_t size, const struct price_tier *tiers, size_t n, int64_t quantity,
    __int128 *base) __attribute__((warn_unused_result));

/* The line: its minor units for days of of_days, rounded once, and what one comes to. */
int price_line(__int128 base, int64_t quantity, int64_t days, int64_t of_days, int decimals, int64_t *net,
    int64_t *unit) __attribute__((warn_unused_result));

#endif
