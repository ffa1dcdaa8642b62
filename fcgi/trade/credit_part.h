/* Shared by the files of credits (credit.h) and nobody else. */
#ifndef TRADE_CREDIT_PART_H
#define TRADE_CREDIT_PART_H

#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/credit.h"

/* A billable thing on an edge, and what a credit takes of it there. */
struct credit_edge {
	int64_t billable, position, of;
	int64_t begun, passed; /* by credits that go up: of this edge, and from those below */
	bool free;
	int64_t document, lines, line; /* above: its bill, and how many lines could be its and the first of them */
	int64_t take_begun, take_passed;
	bool take_free;
};

/* A thing of the bill that was asked for. */
struct credit_thing {
	int64_t billable, quantity;
	size_t line; /* of the bill's */
	struct credit_edge edge;
	bool taken;
	int64_t take, take_quantity; /* take_quantity 0: by amount */
};

struct crediting {
	struct db *db;
	struct arena *a;
	const struct credit_want *want;
	struct credit *c;
	struct str today;
	struct credit_thing *things;
	size_t n_things;
	struct credit_edge *edges; /* of all things, as credit_edges has them */
	size_t n_edges;
};

/* credit.c: the parameter :asked, in hash. */
struct arg credit_asked(const struct credit_want *want, unsigned char hash[32]);

/* credit_load.c: the bill with what is left of it into c->bills[c->n], which is counted up. */
enum credit_end credit_load_bill(struct crediting *r, int64_t document);
/* Its things and their edges. */
enum credit_end credit_load_things(struct crediting *r);

/* credit_sum.c: parts of total in proportion to weights, whole units, the largest remainders first; none is beyond its
 * weight where total is not beyond their sum. */
void credit_spread(struct arena *a, const int64_t *weights, size_t n, int64_t total, int64_t *parts);
/* What the bill that was asked for comes to: lines, then taxes.  */
enum credit_end credit_sum(struct crediting *r);
/* Taxes and sums of a bill whose lines are set. */
void credit_total(struct credit_bill *b);

/* credit_chain.c: the same share of the same things on the edges above. */
enum credit_end credit_chain(struct crediting *r);

/* credit_write.c: the credit notes, in the order of the bills. */
enum credit_end credit_write(struct crediting *r);

#endif
