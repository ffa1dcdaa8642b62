/* Exact amounts: int64_t minor units of a currency, unit prices as decimal text with
 * up to six decimals.  One rounding rule: half away from zero. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/buf.h"

#define PRICE_SCALE 1000000 /* unit prices and quantities in C: millionths */

/* Decimals of an ISO 4217 code (EUR 2, JPY 0, KWD 3), or -1 where it is not in currency.def. */
int money_decimals(struct str currency);

/* "1234.56" for 123456 minor units at 2 decimals; plain digits, '.', leading '-'. */
void money_plain(struct buf *b, int64_t minor, int decimals);

/* A member of a JSON object: {"amount":"1234.56","currency":"EUR"}. */
void money_member(struct buf *b, const char *name, int64_t minor, struct str currency);

/* Decimal text without trailing zeros, but with at least `decimals` of them: "0.020000" at 2 -> "0.02". */
void money_price(struct buf *b, struct str decimal, int decimals);

/* "12.5" -> 12500000 (millionths): 0, or -1 where it is no such number or too large. */
int money_millionths(struct str decimal, int64_t *v);

/* Minor units of an amount in millionths: 0, or -1 where it has more places than the currency. */
int money_minor(int64_t millionths, struct str currency, int64_t *minor);

/* round(x / d), half away from zero; d > 0.  -1 where it leaves int64_t. */
int money_divide(__int128 x, __int128 d, int64_t *result);

/* round(a * b / d), half away from zero; d > 0.  -1 where it leaves int64_t. */
int money_muldiv(int64_t a, int64_t b, int64_t d, int64_t *result);

/* The minor units of quantity x unit price, both in millionths, rounded once.  -1 where it leaves int64_t. */
int money_line(int64_t quantity, int64_t unit_price, int decimals, int64_t *minor);

#endif
