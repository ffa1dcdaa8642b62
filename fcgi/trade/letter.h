/* Letters in the languages of the portals, from trade/letter.def.  Sends nothing. */
#ifndef TRADE_LETTER_H
#define TRADE_LETTER_H

#include "base/buf.h"
#include "core/outbox.h"

struct letter {
	struct str brand, name, email, link, support;                  /* what is filled in */
	struct str offering, account, percent, used, included, period; /* of an alert, as its language writes them */
};

/* The subject and the text, in English where there is none in that language (a BCP 47 tag). */
void letter_write(struct arena *a, enum outbox_kind kind, struct str language, const struct letter *l,
    struct str *subject, struct str *text);

#endif
