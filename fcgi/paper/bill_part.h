/* Questions about a bill that HTML and PDF answer alike. */
#ifndef PAPER_BILL_PART_H
#define PAPER_BILL_PART_H

#include "paper/bill.h"
#include "paper/words.h"

bool bill_is_credit(const struct bill *bill);

/* What a line's discount is called on the bill. */
struct str bill_discount_name(const struct bill_line *line, enum lang lang);

/* Did who buys write it, in the name of who sells?  Then its lines are commissions. */
bool bill_is_self(const struct bill *bill);

/* Is it what one house owes another at the end of a period?  Nothing is sold on it. */
bool bill_is_statement(const struct bill *bill);

/* What it is called. */
enum word bill_title(const struct bill *bill);

/* What the sum of it is called, and what it is: without a sign where the name says which way it goes. */
enum word bill_total(const struct bill *bill);
int64_t bill_total_amount(const struct bill *bill);

/* An IBAN begins with a country and two check digits; elsewhere accounts have plain numbers. */
bool bill_is_iban(struct str account);

/* What Article 226 (11) and (11a) of Directive 2006/112/EC ask for: why tax i is zero, in words and, for a
 * seller in the EU, with the provision.  Appends plain text; false where nothing is to be said. */
bool bill_mention(const struct bill *bill, enum lang lang, size_t i, struct buf *b);

#endif
