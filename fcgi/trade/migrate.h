/* Brings the database to the schema of this version: forward only, statement by
 * statement, so that an interrupted run goes on where it stopped. */
#ifndef TRADE_MIGRATE_H
#define TRADE_MIGRATE_H

#include "wire/db.h"

/* db: connected as the administrator, with no database chosen.  Makes the database, runs
 * what is missing of CONF_migrate_dir in the order of names, and gives the worker's user its
 * rights.  0, or -1 after saying on stderr what failed. */
int migrate(struct db *db) __attribute__((warn_unused_result));

/* The same schema in a database of another name, for somebody who drops it again: nobody gets rights in it. */
int migrate_scratch(struct db *db, const char *name) __attribute__((warn_unused_result));
int migrate_scratch_drop(struct db *db, const char *name) __attribute__((warn_unused_result));

#endif
