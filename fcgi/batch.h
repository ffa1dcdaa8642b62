/* A bulk change: each line of the body is a change of its own, judged and done like a single one.  A line that is
 * refused stops no other; where the connection breaks, or the process dies, whole lines are done and the rest is
 * untouched. */
#ifndef BATCH_H
#define BATCH_H

#include "core/rq.h"

/* Runs one(line) for each line, a request of its own with the line's body and id, and answers each as a line
 * {line, id, status, problem?}.  Returns the status of the whole: 200 once a line has been tried. */
int batch_run(struct rq *rq, int (*one)(struct rq *line)) __attribute__((warn_unused_result));

#endif
