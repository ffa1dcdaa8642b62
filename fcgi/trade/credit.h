/* Credits: an issued invoice is corrected by a credit note of its seller; whole, by lines or by an amount, and where it
 * is asked for on all edges above for the same share of the same things.  Never more than is left, and the last credit
 * takes the rest: all credits of a bill sum to it exactly, by line, by tax rate and as a whole.  Changes no issued
 * document; begins and ends no transaction. */
#ifndef TRADE_CREDIT_H
#define TRADE_CREDIT_H

#include "base/arena.h"
#include "wire/db.h"

enum credit_mode { CREDIT_WHOLE, CREDIT_LINES, CREDIT_AMOUNT };

struct credit_want_line {
	int64_t position;
	int64_t quantity; /* 0: by net; both in millionths, as people write them */
	int64_t net;
};

struct credit_want {
	int64_t document, user; /* user: who asks, or 0 */
	bool full;              /* on the edges above too */
	enum credit_mode mode;
	const struct credit_want_line *lines;
	size_t n_lines;
	int64_t amount;        /* gross, millionths */
	struct str key, asked; /* the same key must come with the same words, and does nothing anew */
	struct str reason;
};

struct credit_line {
	int64_t position, of, of_quantity;
	int64_t left, left_quantity;
	bool by_amount; /* what is left has no quantity */
	size_t tax;     /* its rate, of the bill's */
	/* What is credited of it now. */
	bool taken;
	int64_t take, take_quantity; /* take_quantity 0: by amount */
};

struct credit_tax {
	struct str category, rate;
	int64_t hundredths; /* of per cent */
	int64_t base, amount, left_base, left_amount;
	bool taken;
	int64_t take_base, take_amount;
};

/* A bill, and its credit note. */
struct credit_bill {
	int64_t id, seller, account;
	struct str kind, number, currency;
	int decimals;
	bool closed, of_run; /* its seller; does the edge ledger know its things? */
	int64_t gross, open;
	struct credit_line *lines;
	size_t n_lines;
	struct credit_tax *taxes;
	size_t n_taxes;
	int64_t net, tax, total; /* of the credit note, without its sign */
	int64_t taken;           /* of that off what is open; the rest stays as balance on the credit note */
	int64_t note;            /* 0 before it is issued */
};

enum credit_end {
	CREDIT_FAILED = -1, /* logged; see db_error */
	CREDIT_DONE,
	CREDIT_AGAIN,   /* was done before with this key: `made` is that credit, and nothing is new */
	CREDIT_KEY,     /* the key was used for something else */
	CREDIT_KIND,    /* no invoice, or there is none */
	CREDIT_CLOSED,  /* its seller, or one above, sells no more */
	CREDIT_NOTHING, /* nothing is left of it */
	CREDIT_MORE,    /* more than is left: of line `at`, or of the bill (0) */
	CREDIT_LINE,    /* there is no line `at`, or it is named twice */
	CREDIT_PLACES,  /* an amount, of line `at` or as a whole, has more places than the currency, or is too large */
	CREDIT_ALONE,   /* not made by a bill run, so that nobody knows what it is above */
	CREDIT_EARLY,   /* a bill above is not issued */
	CREDIT_MANY,    /* of more things than can be followed at once */
};

#define CREDIT_BILLS 64

struct credit {
	struct credit_bill bills[CREDIT_BILLS]; /* [0] what was asked for, then the edges above */
	size_t n;
	int64_t at, made;
};

/* What would be credited, into *c; changes nothing. */
enum credit_end credit_preview(struct db *db, struct arena *a, const struct credit_want *want, struct credit *c)
    __attribute__((warn_unused_result));

/* Locks the bill and takes the number before it reads anything, so it comes first in its transaction.  may is asked for the bill, and then for each above that
 * it goes up to, and says 0, or -1 to end it all as failed.  What is not CREDIT_DONE or CREDIT_AGAIN is to be rolled back. */
enum credit_end credit_issue(struct db *db, struct arena *a, const struct credit_want *want,
    int (*may)(void *ctx, int64_t document), void *ctx, struct credit *c) __attribute__((warn_unused_result));

#endif
