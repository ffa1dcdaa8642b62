/* How query.c, query_json.c and query_export.c run a statement; not for handlers. */
#ifndef CORE_QUERY_RUN_H
#define CORE_QUERY_RUN_H

#include "core/query.h"
#include "core/seal.h"

struct run {
	struct variant v;
	struct db_val filters[FILTERS_MAX];
	struct db_val after_key;
	int64_t after_id, page;
	const char *const
	    *of_row; /* parameters that differ from row to row, where one statement runs for many; n_of_row of them */
	size_t n_of_row;
	struct prepared *p;    /* after query_start */
	uint64_t plain;        /* after query_visible: columns that are shown as they are; bit i is column i */
	int decimals;          /* of the row's currency; -1 where it has none */
	struct seal_batch ids; /* written into rq->out, and sealed when the run ends */
};

/* Puts the action's scope into run->v and prepares: the values of its parameters, those of_row NULL.  NULL with the problem set. */
struct db_val *query_prepare(struct rq *rq, enum query q, struct run *run) __attribute__((warn_unused_result));
/* Which one of_row that parameter is, or -1. */
int query_of_row(const struct run *run, struct str name);

/* The same, and executes.  0, or -1 with the problem set. */
int query_start(struct rq *rq, enum query q, struct run *run) __attribute__((warn_unused_result));

/* The next row: 1 and whether it may be shown, 0 at the end, -1 with the problem set.  Not to be shown is one
 * whose customer is in none of the role's segments, not of the group or not the user's to look after, or that the
 * tenant tree does not allow. */
int
query_fetch(struct rq *rq, struct run *run, const struct db_val **row, bool *shown) __attribute__((warn_unused_result));
/* The next row that may be shown: 1, 0 at the end, -1 with the problem set. */
int query_next(struct rq *rq, struct run *run, const struct db_val **row) __attribute__((warn_unused_result));

/* Columns of a row into the members of *out, each that may be read: 0, or -1 with the problem set. */
int query_keep(struct rq *rq, const struct prepared *p, const struct db_val *row, const struct col *cols, size_t n,
    void *out) __attribute__((warn_unused_result));

/* Ends a run before its last row. */
void query_stop(struct rq *rq, struct run *run);

/* May the asking role see column i, or its shape? */
bool query_may_see(const struct rq *rq, const struct prepared *p, size_t i);
/* The same of all columns: bit i is column i; and run->plain. */
uint64_t query_visible(const struct rq *rq, struct run *run);

/* A row as JSON, with the columns of the mask. */
void query_write_object(struct rq *rq, struct run *run, const struct db_val *row, uint64_t mask);
/* "2026-06-01 10:00:00.123" as RFC 3339 has it. */
void query_write_time(struct buf *b, struct str at);
/* The id of an OBJECT: public where the resource is one of ours, else the number. */
void query_write_of(struct rq *rq, struct run *run, const struct db_val *row, int64_t id);
/* Where a list goes on behind the row with that key and id. */
void query_write_cursor(struct rq *rq, const struct run *run, struct str key, int64_t id);

/* The whole list as rq->format says, from where run begins; run has read the parameters.  Returns the status. */
int query_export(struct rq *rq, struct run *run) __attribute__((warn_unused_result));

#endif
