/* The rules of a draft of a price list: read from a body, held against what its seller may sell and to whom, and stored.
 * Knows no scope: who calls has the list locked in the scope of the action. */
#ifndef TRADE_PRICE_RULES_H
#define TRADE_PRICE_RULES_H

#include "trade/price_bands.h"

#define PRICE_RULES_MAX 1000 /* of a draft: it is written in one transaction */

/* One rule; of the three ids 0 is: any.  Prices and per cents in millionths, days as date.h has them. */
struct price_rule {
	int64_t account, offering, product;
	int method; /* price_rules_methods */
	int64_t value, floor;
	bool has_floor;
	int64_t starts, ends;
	struct price_band *bands;
	size_t n_bands;
};

/* The whole list of a body into *rules, in the arena; each fault is told with its pointer.  0, or -1 with 422. */
int price_rules_read(struct rq *rq, const struct json *list, struct price_rule **rules, size_t *n)
    __attribute__((warn_unused_result));

/* May the seller (:tenant) name these offerings, segments and accounts, as far as who asks may see them?  0, or -1 with
 * the problem set. */
int price_rules_known(struct rq *rq, const struct price_rule *rules, size_t n) __attribute__((warn_unused_result));

/* Into the draft of the list of :id.  0, or -1 with the problem set. */
int price_rules_store(struct rq *rq, const struct price_rule *rules, size_t n) __attribute__((warn_unused_result));

/* The product segments whose offerings who asks may see; NULL: any. */
const struct products *price_rules_shown(const struct rq *rq);

/* Sets the parameter :shown of statements that name offerings: a text with a 1 at the place of each of these product
 * segments, NULL where all are shown. */
void price_rules_arg_shown(struct rq *rq);

/* May who asks see a rule of that account (0: any) on what is of that product segment (0: on everything)? */
bool price_rules_visible(const struct rq *rq, int64_t account, int64_t product);

#endif
