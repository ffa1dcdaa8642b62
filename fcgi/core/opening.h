/* Who opened or changed what is a customer's: one row a person, thing and day, for the customer and its reseller to
 * read.  Only others are noted, not who acts for the customer itself.  Nothing is opened unseen: what must be noted
 * and cannot be is not answered. */
#ifndef CORE_OPENING_H
#define CORE_OPENING_H

#include "core/rq.h"

/* What one thread has noted today, so that only the first opening costs a statement. */
struct openings *openings_open(void);
void openings_close(struct openings *o);

/* Are the rows of that action's resource a customer's, so that who asks for one by its id opens it? */
bool opening_of(enum action a);

/* rq->id_text has been read, and its answer is made but not sent.  0, or -1 with a problem: of status
 * 503 where the row could not be written. */
int opening_read(struct rq *rq) __attribute__((warn_unused_result));

/* It has been changed, in the transaction that this is a part of.  Likewise. */
int opening_changed(struct rq *rq) __attribute__((warn_unused_result));

/* Takes away a thousand rows that are older than the setting says.  How many, or -1 (logged). */
int64_t opening_sweep(struct db *db, struct arena *a) __attribute__((warn_unused_result));

#endif
