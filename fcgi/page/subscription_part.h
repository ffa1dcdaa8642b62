/* What the handlers of subscriptions have in common. */
#ifndef PAGE_SUBSCRIPTION_PART_H
#define PAGE_SUBSCRIPTION_PART_H

#include "trade/bill_trial.h"
#include "trade/subscribe.h"

/* ---- what a body says (subscription_read.c) ---- */
enum subscription_member {
	SAYS_account = 1,
	SAYS_customer = 2,
	SAYS_offering = 4,
	SAYS_parent = 8,
	SAYS_quantity = 16,
	SAYS_from = 32,
	SAYS_starts = 64,
	SAYS_ends = 128,
	SAYS_free_until = 256,
	SAYS_committed_until = 512,
	SAYS_early = 1024,
	SAYS_preview = 2048,
};

struct subscription_said {
	int64_t account, customer, offering, parent;             /* 0: not said */
	struct str quantity;                                     /* empty: not said */
	int64_t from, starts, ends, free_until, committed_until; /* DATE_NONE: not said, or null */
	bool ends_said;                                          /* also as null */
	bool early, preview;
};

/* members: those that can be said, of enum subscription_member.  0, or -1 with 422. */
int
subscription_read(struct rq *rq, unsigned members, struct subscription_said *said) __attribute__((warn_unused_result));

/* One wrong member of the body. */
void subscription_wrong(struct rq *rq, const char *member, const char *code, const char *why);

/* The day that was said as that member (from, starts or ends), or of a preview, which names it, the first one that can be
 * and is not over; it is not billed, and not before least (DATE_NONE: any).  The day, or DATE_NONE with 422. */
int64_t subscription_day(struct rq *rq, const struct subscriber *who, const char *member,
    const struct subscription_said *said, int64_t least);

/* ---- what it is about (subscription_read.c) ---- */
struct subscription_subject {
	int64_t id, account, offering, starts, ends, free_until, committed_until, parent, parent_ends, replaced,
	    bundled;
	struct str kind;
	struct subscriber who;
};

/* The account, or the only one of the customer, in the scope of the action.  0, or -1 with the problem set. */
int subscription_account(struct rq *rq, int64_t account, int64_t customer, struct subscriber *who)
    __attribute__((warn_unused_result));

/* The subscription of the address, locked, with its account and what is billed of it.  0, or -1 with the problem set. */
int subscription_subject(struct rq *rq, struct subscription_subject *s) __attribute__((warn_unused_result));

/* Its day: subscription_day, within the subscription. */
int64_t subscription_from(
    struct rq *rq, const struct subscription_subject *s, const char *member, const struct subscription_said *said);

/* ---- what is to be inserted (subscription_order.c) ---- */
struct subscription_order {
	const struct subscriber *who;
	int64_t offering, parent, replaces; /* parent, replaces: 0 for none */
	struct str quantity, kind;
	struct str bundled; /* so many for each of parent; empty: it does not follow it */
	int64_t starts, ends, free_until, committed_until; /* DATE_NONE: none */
};

/* Is it there to be sold, by who asks and by the account's seller?  Finds its kind.  0, or -1 with the problem set. */
int subscription_offered(struct rq *rq, struct subscription_order *o) __attribute__((warn_unused_result));

/* 0 and its id, or -1 with the problem set. */
int
subscription_add(struct rq *rq, const struct subscription_order *o, int64_t *id) __attribute__((warn_unused_result));

/* ---- what comes along (subscription_bundle.c) ---- */

/* Orders what comes with *o, which is there as id.  0, or -1 with the problem set. */
int subscription_add_parts(struct rq *rq, const struct subscription_order *o, int64_t id)
    __attribute__((warn_unused_result));

/* What came along with it is so many from that day on as goes with its quantity; kind, told: as it is noted.  0, or -1 with
 * the problem set. */
int subscription_follow(struct rq *rq, int64_t id, int64_t from, struct str quantity, const char *kind, bool told)
    __attribute__((warn_unused_result));

/* ---- the money of both sides (subscription_preview.c) ---- */
#define PREVIEW_PERIODS 2 /* that of the day, and the one behind it */

struct subscription_preview {
	const struct subscriber *who;
	int64_t from;
	struct {
		struct str starts, ends;
		struct trial before, after;
	} periods[PREVIEW_PERIODS];
	bool early; /* what is owed of commitments is told by itself too */
};

/* As it is, before anything changes on that day.  0, or -1 with the problem set. */
int subscription_preview_begin(struct rq *rq, const struct subscriber *who, int64_t from,
    struct subscription_preview *p) __attribute__((warn_unused_result));

/* As it is now: answers both, and has the transaction undone.  Returns the status. */
int subscription_preview_end(struct rq *rq, struct subscription_preview *p) __attribute__((warn_unused_result));

/* The end of a change, answered by a preview or by the subscription as it is now.  Returns the status. */
int subscription_changed(struct rq *rq, int64_t id, struct subscription_preview *p) __attribute__((warn_unused_result));

#endif
