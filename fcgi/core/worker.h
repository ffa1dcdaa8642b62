/* What one thread keeps between requests.  Threads share nothing of it. */
#ifndef CORE_WORKER_H
#define CORE_WORKER_H

#include "base/arena.h"
#include "core/rights.h"
#include "core/statement.h"
#include "core/tree.h"
#include "wire/crypt.h"
#include "wire/db.h"

struct worker {
	struct arena *a;
	struct db *db;
	struct crypt_block *key;
	struct statements *statements; /* prepared on db */
	struct tree *tree;
	struct rights_cache *rights;
	struct openings *openings;
	void *fonts; /* paper's, made at the first PDF */
};

/* Everything but fonts.  0, or -1 after logging why. */
int worker_open(struct worker *w);
void worker_close(struct worker *w);

#endif
