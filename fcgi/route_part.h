/* What the files of the router have in common: a row of the route table. */
#ifndef ROUTE_PART_H
#define ROUTE_PART_H

#include "page/page.h"

enum pool { API, BULK, POOL__MAX };

#define READ 0
#define WRITE 1  /* in one transaction, with an audit row, after same-origin proof */
#define HASHES 2 /* too slow for a transaction from its beginning: the handler begins it before it writes */
#define MATCH 4  /* needs If-Match with the tag of what GET answers */
#define NO_BODY 8
#define OWN_BODY 16 /* its members are no fields of the action's resource: the handler reads them */
#define CHANNEL 32  /* changes who may what: one at a time, by the rights of that moment, and all caches end */

#define LEAVE 64   /* goes on where somebody looks as somebody else, also when that is over */
#define OWN 128    /* what is the person's alone: not shown to whoever looks as that person */
#define PERSON 256 /* for people who signed in: no API key opens it */
#define LINES 512 /* its body is many lines (core/lines.h): each is judged and done by itself, and answered by a line */
#define SETS 2048 /* likewise, but many lines at once, in sets */
#define AGREED 1024 /* repeats what two agreed to when it was done first: nobody is asked again */
#define PROVED 4096 /* whoever does it has proved the second step in this session a moment ago, as for a STEPUP */
#define COMMITTED \
	8192 /* reads what is committed by then: whoever waits for a bill run, or notes for one, sees what it did */

_Static_assert((WRITE ^ HASHES ^ MATCH ^ NO_BODY ^ OWN_BODY ^ CHANNEL ^ LEAVE ^ OWN ^ PERSON ^ LINES ^ SETS ^ AGREED ^
		   PROVED ^ COMMITTED) == 16383,
    "each flag has a bit of its own");

struct route {
	struct page_route page;
	int (*handler)(struct rq *);
	enum pool pool;
	int flags;
};

/* The row whose handler has that name, or NULL. */
const struct route *route_of(struct str handler);
/* Is a customer's data opened or changed there, by whoever is not of the customer (core/opening.h)? */
bool route_opens(const struct route *r);
/* The row that GET has at the same address, or NULL. */
const struct route *route_reading(const struct route *r);

#endif
