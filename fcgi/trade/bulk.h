/* Many rows into several tables by few, large INSERTs: the rows are collected as text
 * and sent a chunk at a time by two threads, each chunk one transaction.  For loads that
 * own their tables: order is not kept and foreign keys are not checked, so each row
 * carries its id and the caller must be right.
 * The first failure is said on stderr and is sticky: later rows are dropped. */
#ifndef TRADE_BULK_H
#define TRADE_BULK_H

#include "wire/db.h"

struct bulk_table {
	const char *name, *columns; /* "a, b, c": every row gives one value for each */
	const char *insert;         /* the statement up to the first row */
};

struct bulk;

/* Lives in the arena; ended by bulk_close.  The threads have connections of their own.
 * tick is called on the caller's thread after each chunk; its -1 ends the load. */
struct bulk *bulk_open(struct db *db, struct arena *a, const struct bulk_table *tables, size_t n_tables,
    int (*tick)(void *), void *tick_arg);

/* One row: bulk_row, a value for each column in its order, bulk_end. */
void bulk_row(struct bulk *b, size_t table);
void bulk_int(struct bulk *b, int64_t v);
void bulk_millionths(struct bulk *b, int64_t v); /* as a decimal with six places */
void bulk_hundredths(struct bulk *b, int64_t v); /* with two */
void bulk_date(struct bulk *b, int64_t days);
void bulk_text(struct bulk *b, struct str s);
void bulk_z(struct bulk *b, const char *z);
void bulk_null(struct bulk *b);
void bulk_end(struct bulk *b);

int64_t bulk_rows(struct bulk *b); /* sent so far */
bool bulk_failed(struct bulk *b);

/* Sends what is left and ends the threads.  All rows sent, or -1 where anything failed. */
int64_t bulk_close(struct bulk *b) __attribute__((warn_unused_result));

#endif
