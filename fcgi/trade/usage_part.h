/* What the files of intake have in common; for nobody else. */
#ifndef TRADE_USAGE_PART_H
#define TRADE_USAGE_PART_H

#include "trade/usage.h"

/* What an account has of an offering for a while. */
struct usage_sold {
	int64_t n, tenant, segment, agent, product, account, offering, customer, family, closed, varies;
	int64_t starts, ends; /* days; DATE_NONE: it has no end */
	struct str zone;
};

/* Finds for each good line whose it is and what (line->sold, line->day); what finds nothing gets its reason.  The rows
 * found are held until the transaction ends.  0, or -1 with the problem set. */
int usage_resolve(struct rq *rq, struct usage_line *lines, size_t n) __attribute__((warn_unused_result));

/* Gives the lines of :offerings that do not say their time of day that of the hours of what was sold, where these have it.
 * 0, or -1 with the problem set. */
int usage_hours(struct rq *rq, struct usage_line *lines, size_t n) __attribute__((warn_unused_result));

/* Finds as which offering each good line counts.  0, or -1 with the problem set. */
int usage_vary(struct rq *rq, struct usage_line *lines, size_t n) __attribute__((warn_unused_result));

/* Sets each line's source_id, 0 where its source cannot be one.  *waiting: lines of one of them wait to be mended. */
int usage_sources(struct rq *rq, struct usage_line *lines, size_t n, bool *waiting) __attribute__((warn_unused_result));

/* Keeps the rejected lines that come from outside, and says of those that wait what became of them.  A line that came
 * before and was mended is the same.  0, or -1 with the problem set. */
int usage_keep(struct rq *rq, struct usage_line *lines, size_t n) __attribute__((warn_unused_result));

/* "2026-06-01 10:00:00.000001" of microseconds. */
void usage_time(struct buf *b, int64_t at);

#endif
