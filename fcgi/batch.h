/* A bulk change: each line of the body is a change of its own, judged and done like a single one.  A line that is
 * refused stops no other; where the connection breaks, or the process dies, whole lines are done and the rest is
 * untouched. */
#ifndef BATCH_H
#define BATCH_H

#include "core/rq.h"

/* Runs one(line) for each line, a request of its own with the line's body and id, and answers each as a line
 * {line, id, status, problem?}.  Returns the status of the whole: 200 once a line has been tried. */
int batch_run(struct rq *rq, int (*one)(struct rq *line)) __attribute__((warn_unused_result));

/* The same in sets of lines (core/lines.h), each one transaction of one(set), which writes a line {line, ...} for each of
 * its lines to set->out; end writes a last line of what all came to, set->set->sums.  A set that fails is answered line by line as
 * {line, verdict: "failed", problem}, and so are all behind it, which are not tried; where nothing was done before it, the
 * whole is its problem. */
int
batch_sets(struct rq *rq, int (*one)(struct rq *set), void (*end)(struct rq *set)) __attribute__((warn_unused_result));

#endif
