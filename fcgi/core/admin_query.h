/* Statements with guard `admin`: for sign-in, jobs and the command line, which act for
 * the system and not for a user.  A handler cannot use them: they take no request. */
#ifndef CORE_ADMIN_QUERY_H
#define CORE_ADMIN_QUERY_H

#include "core/statement.h"

struct arg;

/* Prepares, runs and closes q; calls row for each row, columns in the statement's order.
 * Stops early where row returns non-zero.  The rows read, or -1 (logged; see db_error). */
int64_t query_each_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n,
    int (*row)(void *ctx, const struct db_val *v), void *ctx) __attribute__((warn_unused_result));

/* The whole number that q selects into *v, which stays as it is where there is no row: 1, 0, or -1 (logged; see db_error). */
int64_t query_number_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n, int64_t *v)
    __attribute__((warn_unused_result));

/* INSERT, UPDATE, DELETE: rows changed, or -1 (logged; see db_error). */
int64_t query_run_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n)
    __attribute__((warn_unused_result));

/* The same, prepared once and run as long as next says so, which sets the values of args before. */
int64_t query_repeat_admin(struct db *db, struct arena *a, enum query q, const struct arg *args, size_t n,
    bool (*next)(void *ctx), void *ctx) __attribute__((warn_unused_result));

#endif
