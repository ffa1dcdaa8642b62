/* A customer goes to another reseller: ends at one and begins at the other. */
#ifndef TRADE_TRANSFER_H
#define TRADE_TRANSFER_H

#include "base/arena.h"
#include "wire/db.h"

/* How things stand to a transfer: the row of the statement transfer_check. */
struct transfer_check {
	int64_t from, active; /* whose customer it is; is it active? */
	int64_t open;         /* is the new reseller active? */
	int64_t place;        /* the segment that it gets there; 0: there is none */
	int64_t head;         /* has it a group of members, who would stay behind without it? */
	int64_t again;        /* has it another transfer that is not done? */
};

/* Why the customer cannot go, and why not to that reseller; for people, NULL where it can. */
const char *transfer_stays(const struct transfer_check *c);
const char *transfer_refused(const struct transfer_check *c, int64_t to);

/* Carries out what is due, each in one transaction: until its end the old reseller has the customer, from then
 * on the new one has it too, and past bills stay with who issued them.  Can be cut anywhere and goes on at
 * the next call.  go_on is asked before each.  Those that came to an end, or -1 (logged). */
int
transfer_due(struct db *db, struct arena *a, bool (*go_on)(void *ctx), void *ctx) __attribute__((warn_unused_result));

#endif
