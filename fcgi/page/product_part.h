/* What the handlers have in common that name product segments. */
#ifndef PAGE_PRODUCT_PART_H
#define PAGE_PRODUCT_PART_H

#include "core/products.h"
#include "core/rq.h"
#include "core/statement.h"

/* The catalogue as it stands.  0, or -1 with the problem set. */
int product_tree_get(struct rq *rq, struct product_tree *t) __attribute__((warn_unused_result));

/* What who asks can give away: NULL is all, an empty set nothing.  In the arena. */
struct products *product_held(struct rq *rq);

/* The list of a body as a set, with all below what it names.  What who asks
 * has not (held) is as what there is not.  0, or -1 with 422. */
int product_read_ids(struct rq *rq, const struct json *list, const struct product_tree *t, const struct products *held,
    struct products *set) __attribute__((warn_unused_result));

/* Runs the statement once for each of the nodes that say the whole set, as :product.  0, or -1 with the problem set. */
int product_store(struct rq *rq, enum query q, const struct products *set) __attribute__((warn_unused_result));

/* ["prd_...",...]: the nodes that say the whole set. */
void product_ids(struct rq *rq, const struct product_tree *t, const struct products *set);

#endif
