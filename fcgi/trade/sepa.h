/* What banks take in payments: accounts by IBAN, and texts of few characters. */
#ifndef TRADE_SEPA_H
#define TRADE_SEPA_H

#include "base/buf.h"

#define SEPA_IBAN_MAX 34
#define SEPA_NAME_MAX 70

/* The IBAN without spaces and in capitals, where it is one (ISO 13616: its check digits are right); else p == NULL. */
struct str sepa_iban(struct arena *a, struct str text);

/* A BIC without spaces, 8 or 11 characters; else p == NULL. */
struct str sepa_bic(struct arena *a, struct str text);

/* The text in letters, digits, spaces and / - ? : ( ) . , ' + alone, cut at most bytes: letters lose what is above and
 * below them, signs become others.  p == NULL where it has letters that have none of those for them. */
struct str sepa_text(struct arena *a, struct str text, size_t most);

#endif
