/* The rows of the audit as a chain of hashes (table audit_seal): link n is over link n - 1 and row n, so
 * whoever changes, swaps, puts in or takes away a row must change every link behind it, and those were
 * noted outside of the database (anchor.h).
 *
 *   row_hash = SHA-256(name, id, at, trace, user_id, tenant_id, action, object_id, SHA-256(detail))
 *   link     = SHA-256(name, link before or 32 zeros, seq, sealed, audit_id, row_hash)
 *
 * Each part is written with its length before it (chain.c), a NULL as one that no value has.  Rows hold
 * no personal data that would have to be erased: audit.h has the rule.
 *
 * WHICH ROWS MAY BE SEALED.  Ids are given when a row is inserted, rows are seen when they are committed:
 * a smaller id may still come.  So rows are sealed in the order of ids, and over a hole only if
 *   - the row behind the hole is older than any transaction of ours can be (120 s; the server ends one that
 *     idles for 60 s, wire/db.c), which holds for all nodes of a cluster; and
 *   - a read that sees uncommitted rows finds none in it, however long that takes.
 * Where a hole may still be filled, sealing waits before it; nothing behind it is lost, only later.  What
 * appears in a hole that was sealed over was therefore not written by us, and is never sealed. */
#ifndef CORE_CHAIN_H
#define CORE_CHAIN_H

#include "base/buf.h"
#include "wire/db.h"

#define CHAIN_HASH 32

struct chain_head {
	int64_t count, audit_id; /* of the newest link; 0 where there is none */
	unsigned char link[CHAIN_HASH];
};

/* A row of the audit, with the columns of statement audit_next in their order. */
struct chain_row {
	struct db_val id, at, trace, user_id, tenant_id, action, object_id, detail;
};

/* Into an empty buffer of CHAIN_BYTES, which is empty again afterwards. */
#define CHAIN_BYTES 4096
void chain_row_hash(struct buf *b, const struct chain_row *row, unsigned char out[CHAIN_HASH]);
void chain_link(struct buf *b, const unsigned char before[CHAIN_HASH], int64_t seq, struct str sealed, int64_t audit_id,
    const unsigned char row_hash[CHAIN_HASH], unsigned char out[CHAIN_HASH]);

/* The newest link.  0, or -1 (logged). */
int chain_head(struct db *db, struct arena *a, struct chain_head *out) __attribute__((warn_unused_result));

/* Seals the next rows, at most 1,000, in one transaction.  The number sealed, 0 where none may be, or -1 (logged). */
int chain_seal(struct db *db, struct arena *a) __attribute__((warn_unused_result));

#endif
