/* Tiers of a price: read from a body and written for a statement, for rules of a price list and for list prices.  Knows
 * nothing of what they are the price of. */
#ifndef TRADE_PRICE_BANDS_H
#define TRADE_PRICE_BANDS_H

#include "core/rq.h"

#define PRICE_TIERS_MAX 50                       /* of a price */
#define PRICE_MOST ((int64_t)999999999999999999) /* of a DECIMAL(18,6) in millionths; up_to of the last tier */

/* More than `above`, up to `up_to`; in millionths. */
struct price_band {
	int64_t above, up_to, unit, flat;
};

/* The decimal of a member from 0 to most, as text, into *to; `at` is the pointer that a fault is told with. */
void price_decimal(struct rq *rq, struct str at, const struct json *m, int64_t most, int64_t *to);

/* The list of a member into *bands, in the arena, one behind the other from 0 without an end; each fault is told with its
 * pointer, which begins with `at`. */
void price_bands_read(struct rq *rq, struct str at, const struct json *list, struct price_band **bands, size_t *n);

/* `,"12.500000"` */
void price_millionths(struct buf *b, int64_t v);
/* `1,"0.000000","10.000000","12.500000","0.000000"`: the tier's number, above, up_to, unit, flat. */
void price_band_write(struct buf *b, size_t number, const struct price_band *band);

#endif
