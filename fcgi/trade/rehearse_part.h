/* Shared by the files of the rehearsal (rehearse.h) and nobody else. */
#ifndef TRADE_REHEARSE_PART_H
#define TRADE_REHEARSE_PART_H

#include "trade/rehearse_case.h"
#include "wire/db.h"

#define REHEARSE_ROOT 1 /* the id of the tenant that sells first */

/* The id of the account at the end of a chain. */
int64_t rehearse_account(size_t chain);

/* Puts the case into a database with the schema and nothing in it.  0, or -1 after saying why on stderr or, where the
 * case contradicts itself, in *wrong. */
int rehearse_load(struct db *db, struct arena *a, const struct settlement_case *c, struct str *wrong);

/* What came out, as JSON in the shape of the case's own `expect`. */
int rehearse_print(struct db *db, struct arena *a, const struct settlement_case *c, int64_t run, struct buf *out);

#endif
