/* Rows for the built-in roles of schema/access.def, so that users can point at them. */
#ifndef TRADE_ROLE_H
#define TRADE_ROLE_H

#include "wire/db.h"

/* Adds each ROLE of the vocabulary under the root tenant, or brings its row up to date.
 * Roles of the admin portal are the provider's own; all others are shared with the
 * channel.  0, or -1 (logged). */
int role_sync(struct db *db, int64_t root_tenant) __attribute__((warn_unused_result));

/* The row's id, 0 where the tenant has no role of that code, or -1 (logged). */
int64_t role_id(struct db *db, int64_t tenant, const char *code) __attribute__((warn_unused_result));

#endif
