/* A tenant goes to another parent, with all below it. */
#ifndef TRADE_MOVE_H
#define TRADE_MOVE_H

#include "base/arena.h"
#include "wire/db.h"

/* How the tree stands to a move: the row of the statement move_check.  Levels count from the root, 0. */
struct move_check {
	int64_t level, from;        /* of who moves; its parent */
	int64_t parent_level, open; /* of whom it goes to: open where it is not closed */
	int64_t below;              /* is the new parent who moves, or below it? */
	int64_t depth;              /* levels below who moves */
	int64_t again;              /* has it another move that is not done? */
};

/* Why the tree does not allow it, for people; NULL where it does. */
const char *move_refused(const struct move_check *c, int64_t parent);

/* Carries out what is due: the tree in one transaction, whereupon nobody sees by it what they saw by the old
 * one; then the rows of customers and documents, a thousand at a time, which are hidden until they have
 * followed.  Can be cut anywhere and goes on at the next call.  go_on is asked before each step.
 * The moves that came to an end, or -1 (logged). */
int move_due(struct db *db, struct arena *a, bool (*go_on)(void *ctx), void *ctx) __attribute__((warn_unused_result));

#endif
