/* How rows of what is sold are kept to the product segments of who asks: in the text of a statement, and row by row.
 * For query.c and whoever has two statements to choose from. */
#ifndef CORE_SOLD_H
#define CORE_SOLD_H

#include "core/rq.h"
#include "core/statement.h"

/* The product segments that rows of this statement are kept to; NULL: any. */
const struct products *sold_only(const struct rq *rq, const struct declaration *d);

/* They, as part of the variant, whose arms are set already. */
void sold_variant(const struct rq *rq, const struct declaration *d, struct variant *v);

/* Product segments as a text with a 1 at the place of each. */
struct str sold_text(struct rq *rq, const struct products *set);

/* The value of a PARAM_PRODUCT or PARAM_PRODUCTS. */
struct db_val sold_value(struct rq *rq, const struct param *p);

/* Is the row of one of them?  What is of no product segment is nobody's who is kept to some.  Counts in rq->n_unsold
 * what is not. */
bool sold_shown(struct rq *rq, const struct prepared *p, const struct db_val *row);

/* The lines of a document: for who is kept to product segments, the statement that tells each line's. */
enum query sold_lines(const struct rq *rq);

#endif
