/* Runs named statements for a request: puts the row scope of the action into them,
 * checks each row against the tenant tree, and lets out only fields that the role may
 * read.  There is no other way to a row.  -1 means: the problem is set already. */
#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include "core/rq.h"
#include "core/statement.h"

/* A column that goes into a struct member: by name, so order does not matter.  A column
 * that the role may not read arrives as 0 or empty, so it is in no rendering either.
 * STR members live in the arena. */
enum col_type { COL_INT, COL_STR, COL_DATE };
struct col {
	const char *name;
	enum col_type type;
	size_t offset;
};
#define COL_I(s, m)                                \
	{                                          \
#m, COL_INT, offsetof(struct s, m) \
	} /* int64_t */
#define COL_S(s, m)                                \
	{                                          \
#m, COL_STR, offsetof(struct s, m) \
	} /* struct str */
#define COL_D(s, m)                                 \
	{                                           \
#m, COL_DATE, offsetof(struct s, m) \
	} /* int64_t days; DATE_NONE where NULL */
#define COL_I_(s, m)                                   \
	{                                              \
		"_" #m, COL_INT, offsetof(struct s, m) \
	} /* the column _m, which never leaves the server */
#define COL_S_(s, m)                                   \
	{                                              \
		"_" #m, COL_STR, offsetof(struct s, m) \
	}
#define DATE_NONE INT64_MIN
#define COLS(c) (c), sizeof(c) / sizeof((c)[0])

/* GET of a list: reads cursor, limit, sort and the statement's filters from the query
 * string, answers {"data":[...],"next":...}.  Returns the status. */
int query_list(struct rq *rq, enum query q) __attribute__((warn_unused_result));

/* GET of one: opens rq->id_text as an id of the statement's resource, answers the object.
 * 404 where there is none in scope.  Returns the status. */
int query_one(struct rq *rq, enum query q) __attribute__((warn_unused_result));
/* The same, and columns of the row into *out for the handler. */
int query_one_keep(struct rq *rq, enum query q, const struct col *cols, size_t n, void *out)
    __attribute__((warn_unused_result));

/* One row into *out: 1, 0 where there is none, -1. */
int
query_row(struct rq *rq, enum query q, const struct col *cols, size_t n, void *out) __attribute__((warn_unused_result));

/* All rows (at most max; more is a problem, never silently cut) into an array in the
 * arena, each of `size` bytes: the count, or -1. */
int64_t query_rows(struct rq *rq, enum query q, const struct col *cols, size_t n, size_t size, size_t max, void **rows)
    __attribute__((warn_unused_result));

/* Appends to the object in rq->out: `"key":[{...},...]`, behind a comma unless it is the first member.  0, or -1. */
int query_member_list(struct rq *rq, enum query q, const char *key) __attribute__((warn_unused_result));

/* INSERT, UPDATE, DELETE: the rows changed, or -1. */
int64_t query_run(struct rq *rq, enum query q) __attribute__((warn_unused_result));

/* The same for the system and not for who asks: statements of guard admin, without scope and field filter.  For what
 * is decided before a right or beside one: who signs in, what rights hang on, mail, the audit. */
int query_row_system(struct rq *rq, enum query q, const struct col *cols, size_t n, void *out)
    __attribute__((warn_unused_result));
int64_t query_rows_system(struct rq *rq, enum query q, const struct col *cols, size_t n, size_t size, size_t max,
    void **rows) __attribute__((warn_unused_result));
int64_t query_run_system(struct rq *rq, enum query q) __attribute__((warn_unused_result));
/* The same for n rows at once: the statement's parameters of these names have a value a row, the others are the same in all. */
int64_t query_run_rows_system(struct rq *rq, enum query q, const char *const *names, size_t n_names,
    const struct db_val *rows, size_t n) __attribute__((warn_unused_result));
/* The same for a row that must be written: a limit that is not written down would be none.  0, or -1. */
int query_run_one_system(struct rq *rq, enum query q) __attribute__((warn_unused_result));

/* Opens rq->id_text as an id of res and sets :id.  0, or -1 with 404 set. */
int query_id(struct rq *rq, enum resource res) __attribute__((warn_unused_result));

/* Locks the row of :id in the action's scope until the transaction ends (statement <res>_lock).
 * 0, or -1 with the problem set. */
int query_lock(struct rq *rq, enum resource res) __attribute__((warn_unused_result));

/* For the router: turns the failure of a plain statement into a problem; its status. */
int query_failed(struct rq *rq, const char *what);

#endif
