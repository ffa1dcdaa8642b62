/* A settlement case through the ordinary tables and the ordinary bill run: there is no second engine. */
#ifndef TRADE_REHEARSE_H
#define TRADE_REHEARSE_H

#include "base/buf.h"
#include "trade/rehearse_case.h"
#include "wire/db.h"

/* db: a database with the schema and nothing in it, which is the caller's to drop.  Bills the case's period, takes
 * its payments, settles, and writes what came out to out, in the shape of the case's own `expect`.  0, or -1 after saying
 * why: in the log, or where the case contradicts itself in *wrong. */
int rehearse(struct db *db, struct arena *a, const struct settlement_case *c, bool (*go_on)(void *ctx), void *ctx,
    struct buf *out, struct str *wrong) __attribute__((warn_unused_result));

#endif
