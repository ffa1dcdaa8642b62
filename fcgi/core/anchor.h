/* The newest link of the audit's chain, noted in a file outside of the database after each sealing: whoever
 * has every right in the database can make a chain that is right in itself, and not what was noted.
 * Only lines are added, each "count hash time"; a line that a crash cut is closed with " cut". */
#ifndef CORE_ANCHOR_H
#define CORE_ANCHOR_H

#include "core/chain.h"

struct anchor {
	int64_t count;
	unsigned char link[CHAIN_HASH];
	char at[24]; /* UTC */
};

/* Adds the newest link, if it is newer than the last one noted, and waits until it is on the disk.  Under a
 * lock on the file, so that lines only go up.  A crash between sealing and this loses nothing: the file is
 * behind the chain then, which is no fault, and the next call catches up.  Says in the log where the
 * chain is not what was noted.  0, or -1 (logged). */
int anchor_note(const char *file, struct db *db, struct arena *a) __attribute__((warn_unused_result));

/* Reads what a file holds now, from its beginning.  NULL: see errno; ENOENT: there is none. */
struct anchors;
struct anchors *anchor_open(const char *file);
/* 1 and *out, 0 at the end, -1: a line is none.  *line counts them.  Lines that a crash cut are passed over. */
int anchor_next(struct anchors *f, struct anchor *out, int64_t *line);
void anchor_close(struct anchors *f);

/* 64 hex digits: 0, or -1. */
int anchor_hash(struct str hex, unsigned char out[CHAIN_HASH]);
void anchor_hex(const unsigned char link[CHAIN_HASH], char out[2 * CHAIN_HASH + 1]);

#endif
