/* MariaDB.  The only file that includes its header is db.c.  Knows statements and
 * values; knows nothing of what they mean.  One connection a thread. */
#ifndef WIRE_DB_H
#define WIRE_DB_H

#include "base/arena.h"

struct db;
struct db_stmt;

struct db_conf {
	const char *socket; /* path, or NULL for TCP */
	const char *hosts;  /* "a:3306,b:3306", tried in turn, or NULL */
	const char *user, *password, *database;
	const char *tls_ca; /* file, or NULL: no TLS */
	unsigned wait_s;    /* for an answer; a longer one counts as a lost connection */
};

/* What a failed call was, and so what may be done about it. */
enum db_error {
	DB_OK,
	DB_AGAIN,     /* deadlock, lock wait, certification: roll back and run it again */
	DB_LOST,      /* the connection broke: what ran on it is gone; a new one may do better at once */
	DB_DOWN,      /* no connection could be made: later */
	DB_DUPLICATE, /* a unique key said no */
	DB_FULL,      /* no room on the disk */
	DB_REFUSED    /* anything else */
};

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BYTES };

struct db_val {
	enum db_type type;
	int64_t i;
	struct str s; /* of a result: lives until the next db_fetch on this connection */
};

/* A handle that connects at first use.  The strings of conf must outlive it. */
struct db *db_open(const struct db_conf *conf);
/* One more handle to the same database, for another thread. */
struct db *db_another(const struct db *db);
void db_close(struct db *db);

/* The last failure: its class, and text for the log (never a value of a request). */
enum db_error db_error(const struct db *db);
const char *db_error_text(const struct db *db);
unsigned db_error_code(const struct db *db);

/* A transaction.  Where its connection breaks, every call fails until db_rollback or db_commit (which
 * fails too): nothing of a lost transaction is ever done on a new connection.  0, or -1; db_rollback
 * closes a connection that cannot roll back. */
int db_begin(struct db *db) __attribute__((warn_unused_result));
int db_commit(struct db *db) __attribute__((warn_unused_result));
void db_rollback(struct db *db);

/* Plain statements without parameters (DDL, bulk INSERTs made by db_quote): 0, or -1. */
int db_plain(struct db *db, struct str sql) __attribute__((warn_unused_result));
int64_t db_changed(const struct db *db); /* rows of the last db_plain or db_run */

/* Connects if it is not connected.  0, or -1. */
int db_connect(struct db *db) __attribute__((warn_unused_result));
/* Is it without a connection now?  Then its statements are gone too. */
bool db_gone(const struct db *db);
/* Counts up at every new connection: statements of an older one are gone. */
unsigned db_generation(const struct db *db);

/* Prepares; the handle belongs to the connection and dies with it.  NULL on failure. */
struct db_stmt *db_prepare(struct db *db, struct str sql);
void db_stmt_close(struct db_stmt *st);
unsigned db_n_cols(const struct db_stmt *st);
struct str db_col_name(const struct db_stmt *st, unsigned i);

/* Runs with one value a parameter.  A statement with a result must be read to its
 * end with db_fetch, or ended with db_done, before the next one.  0, or -1. */
int db_run(struct db_stmt *st, const struct db_val *args) __attribute__((warn_unused_result));
/* Values of one parameter: of row i first[i * step]; step 0: the same in all. */
struct db_values {
	const struct db_val *first;
	size_t step;
};
/* Runs a statement without a result once for each of n rows, all sent at once: `values` of each parameter, those of one all
 * of one type or NULL.  db_changed: of all rows.  0, or -1 where any failed. */
int db_run_rows(struct db_stmt *st, struct arena *a, const struct db_values *values, size_t n)
    __attribute__((warn_unused_result));
/* 1 and *row (db_n_cols values), 0 at the end, -1 on failure. */
int db_fetch(struct db_stmt *st, const struct db_val **row) __attribute__((warn_unused_result));
void db_done(struct db_stmt *st);

#endif
