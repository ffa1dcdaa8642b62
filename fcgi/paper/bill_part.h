/* Questions about a bill that HTML and PDF answer alike. */
#ifndef PAPER_BILL_PART_H
#define PAPER_BILL_PART_H

#include "paper/bill.h"
#include "paper/words.h"

bool bill_is_credit(const struct bill *bill);

/* What a line's discount is called on the bill. */
struct str bill_discount_name(const struct bill_line *line, enum lang lang);

/* An IBAN begins with a country and two check digits; elsewhere accounts have plain numbers. */
bool bill_is_iban(struct str account);

/* What Article 226 (11) and (11a) of Directive 2006/112/EC ask for: why tax i is zero, in words and, for a
 * seller in the EU, with the provision.  Appends plain text; false where nothing is to be said. */
bool bill_mention(const struct bill *bill, enum lang lang, size_t i, struct buf *b);

#endif
