/* Numbers, amounts and dates in the language of a document, by the table locale.def.
 * Writes plain text that holds no markup; escape it like any other. */
#ifndef PAPER_FORMAT_H
#define PAPER_FORMAT_H

#include "base/buf.h"
#include "paper/words.h"

bool format_is_rtl(enum lang lang);

/* Minor units without and with their currency: "1.234,56", "1.234,56 €". */
void format_money(struct buf *b, enum lang lang, int64_t minor, int decimals);
void format_amount(struct buf *b, enum lang lang, int64_t minor, int decimals, struct str currency);

/* Decimal text as it comes from the database, without trailing zeros but with at least `decimals` of them. */
void format_decimal(struct buf *b, enum lang lang, struct str decimal, int decimals);
void format_percent(struct buf *b, enum lang lang, struct str decimal);

/* "1. Juni 2026"; "01.06.2026". */
void format_date(struct buf *b, enum lang lang, int64_t days);
void format_date_short(struct buf *b, enum lang lang, int64_t days);

/* "01.06.2026 – 30.06.2026": the end is excluded in the data and included in print.  One day is one date. */
void format_period(struct buf *b, enum lang lang, int64_t start, int64_t end);

/* Postcode and city as the country writes them. */
void format_city(struct buf *b, struct str postcode, struct str city, struct str country);

#endif
