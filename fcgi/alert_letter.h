/* What the mail of an alert says: numbers, units and days as paper writes them in the reader's language.  Sends nothing. */
#ifndef ALERT_LETTER_H
#define ALERT_LETTER_H

#include "core/worker.h"
#include "trade/letter.h"

/* What that alert says to that user, into l: 1; 0 where the user may not read all of it by now; -1 (logged). */
int alert_letter(struct worker *w, int64_t alert, int64_t user, struct str language, struct letter *l)
    __attribute__((warn_unused_result));

#endif
