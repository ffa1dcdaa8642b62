/* Reads the model of a bill. */
#ifndef PAPER_LOAD_H
#define PAPER_LOAD_H

#include "core/query.h"
#include "paper/bill.h"

/* The document of rq's :id (query_id first), in the action's scope, by the statement that reads it for who sells
 * (Q_document_frozen) or for who gets it (Q_incoming_frozen), or of a self-billed one (Q_self_bill_frozen, Q_self_incoming_frozen); and not one with a line of products that the role has not:
 * it is shown whole or not at all.  0, or -1 with the problem set. */
int bill_load(struct rq *rq, enum query frozen, struct bill *bill) __attribute__((warn_unused_result));

/* The closed statement of rq's :id as such a model: its entries are the lines, summed by day and kind where they are very many, and
 * none for a role that does not read entries.  0, or -1 with the problem set. */
int bill_load_statement(struct rq *rq, struct bill *bill) __attribute__((warn_unused_result));

#endif
