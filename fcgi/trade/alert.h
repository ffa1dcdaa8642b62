/* Alerts: an account has used 80 or 100 per cent of what is included of an offering in a period.  Looks for them behind
 * intake, which does nothing for it, and puts their mail into the outbox.  Never takes one back: it is what was so when it was seen. */
#ifndef TRADE_ALERT_H
#define TRADE_ALERT_H

#include "base/arena.h"
#include "wire/db.h"

/* Looks at usage that is new since the last time, some thousand events a step, as long as go_on says so, and writes the
 * alerts and their mail; each step is one transaction, and one that is done again adds nothing.  Any number of machines may
 * do so at once.  0, or -1 (logged). */
int alert_look(struct db *db, struct arena *a, bool (*go_on)(void *), void *ctx) __attribute__((warn_unused_result));

#endif
