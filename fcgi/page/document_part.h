/* What bills have in common, whether they are seen by who sells or by who gets them. */
#ifndef PAGE_DOCUMENT_PART_H
#define PAGE_DOCUMENT_PART_H

#include "core/query.h"

/* The object of a document in rq->out, whose :id and :currency are set, goes on with its lines and taxes.  The status. */
int document_parts(struct rq *rq);

/* Answers the PDF of the document that rq's id of `res` names, as the statement reads it.  The status. */
int document_paper(struct rq *rq, enum resource res, enum query frozen);

#endif
