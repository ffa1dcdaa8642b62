/* A whole list as CSV or NDJSON (?format=csv): the same rows and fields as its pages, walked in one answer.  Who may
 * see a list may not take all of it away: that is an action of its own, <resource>.export, and the rows are those of
 * both.  Each leaves two rows in the audit: one before the first byte, so that nothing leaves unseen, and one at its
 * end, with the number of rows. */
#ifndef CORE_EXPORT_H
#define CORE_EXPORT_H

#include "core/rq.h"

/* The action that lets export rows of the resource, or -1: they are not exported. */
int export_action(enum resource res);

/* Is it asked for?  Sets rq->format. */
bool export_asked(struct rq *rq);

/* Once the right to see the list is there: the right to export it, and from here on rq->action and the rights of this
 * request are those of the export alone.  0, or the status of a problem. */
int export_admit(struct rq *rq) __attribute__((warn_unused_result));

/* The export begins: its row in the audit, and the headers of its answer.  0, or -1 with the problem set. */
int export_begin(struct rq *rq) __attribute__((warn_unused_result));

/* It ended after so many rows; whole: all that was asked for left.  0, or -1 with the problem set. */
int export_end(struct rq *rq, int64_t rows, bool whole) __attribute__((warn_unused_result));

#endif
