/* Shared by the files of the rehearsal (rehearse.h) and nobody else. */
#ifndef TRADE_REHEARSE_PART_H
#define TRADE_REHEARSE_PART_H

#include "trade/bulk.h"
#include "trade/rehearse_case.h"
#include "wire/db.h"

#define REHEARSE_ROOT 1     /* the id of the tenant that sells first */
#define REHEARSE_ZONE "UTC" /* of everybody */

enum rehearse_table {
#define TABLE(name, columns) TABLE_##name,
#include "schema/rehearse/table.def"
#undef TABLE
	TABLE__MAX
};

/* The id of the account at the end of a chain. */
int64_t rehearse_account(size_t chain);

/* Puts the case into a database with the schema and nothing in it.  0, or -1 after saying why on stderr or, where the
 * case contradicts itself, in *wrong. */
int rehearse_load(struct db *db, struct arena *a, const struct settlement_case *c, struct str *wrong);

/* The part of it that was used, each an event; sellers: the tenant at the end of each chain.  0, or -1 (logged). */
int rehearse_usage(struct bulk *out, struct arena *a, const struct settlement_case *c, const int64_t *sellers);

/* What came out, as JSON in the shape of the case's own `expect`. */
int rehearse_print(struct db *db, struct arena *a, const struct settlement_case *c, int64_t run, struct buf *out);

#endif
