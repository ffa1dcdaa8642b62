/* Empties the outbox.  Each message is claimed, sent and marked, each in one statement: a process that is killed
 * in between loses none, and whoever comes next sends at most one message a second time, with the same link and
 * the same Message-ID.  Any number of machines may do this at the same time. */
#ifndef TRADE_POST_H
#define TRADE_POST_H

#include "core/worker.h"
#include "trade/letter.h"

/* Sends the next message that is due; one that fails is tried again after growing pauses and given up after a
 * day.  1, 0 where none is due, -1 where the database cannot be asked (logged).  alert: fills in
 * what an alert says (alert_letter.h): 1, 0 where that user may not read it, -1 (logged). */
int post_next(struct worker *w,
    int (*alert)(struct worker *w, int64_t alert, int64_t user, struct str language, struct letter *l))
    __attribute__((warn_unused_result));

#endif
