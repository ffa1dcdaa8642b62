/* What may be done to subscriptions from which day on.  Nothing is changed on a day that is billed, and no run bills while
 * something changes: whoever asks for the first day holds the runs until its transaction ends. */
#ifndef TRADE_SUBSCRIBE_H
#define TRADE_SUBSCRIBE_H

#include "core/rq.h"

/* Who subscribes: an account, and where its seller stands. */
struct subscriber {
	int64_t id, seller, cycle_day, level, a1, a2, a3, a4;
	int64_t open; /* it, its customer and its seller are */
	int64_t buys; /* it is an end customer's */
	struct str currency;
	int64_t first; /* of the days that are on no bill and through no run; set by subscribe_first */
	int64_t today;
};

/* The first day that can be another, with the runs held.  0, or -1 with the problem set. */
int subscribe_first(struct rq *rq, struct subscriber *who) __attribute__((warn_unused_result));

/* How many there are on a day, and how many it goes on with where that is 0: it is suspended. */
struct subscribed {
	struct str quantity, resumes;
	int64_t suspended;
};
/* 0, or -1 with the problem set. */
int subscribe_on(struct rq *rq, int64_t subscription, int64_t from, struct subscribed *s)
    __attribute__((warn_unused_result));

/* So many from that day on, whatever was planned behind it; 0 suspends.  0, or -1 with the problem set. */
int subscribe_quantity(struct rq *rq, int64_t subscription, int64_t from, struct str quantity)
    __attribute__((warn_unused_result));

/* What was done, for its history: kind of subscription_change; an empty quantity, and DATE_NONE: nothing to say.  0, or -1
 * with the problem set. */
int subscribe_note(struct rq *rq, int64_t subscription, const char *kind, int64_t from, struct str quantity,
    int64_t until, bool early) __attribute__((warn_unused_result));

#endif
