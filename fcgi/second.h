/* A second person (SECOND of access.def).  What is asked for is tried and undone, so that nobody has to judge what cannot
 * be, and written down; it is done, by the same handler and as its asker, when somebody else agrees who could do the
 * very same.  Nothing is done by rights of the day before: both are held against those of that moment. */
#ifndef SECOND_H
#define SECOND_H

#include "page/page.h"

/* Of a transaction that has begun and is ended here.  202 with the address of what waits, or as without a second person
 * where the condition does not hold.  Returns the status. */
int second_run(struct rq *rq);

/* See page_carry_out. */
int second_carry_out(struct rq *rq, const struct page_asked *what, enum problem *why);

#endif
