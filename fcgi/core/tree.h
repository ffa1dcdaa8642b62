/* The tenant tree, held in memory per thread and read anew whenever channel_version has moved on. */
#ifndef CORE_TREE_H
#define CORE_TREE_H

#include "wire/db.h"

struct tree;

struct tree *tree_open(void);
void tree_close(struct tree *t);

/* Makes t what the database says, if version is not what it holds.  0, or -1 (db_error). */
int tree_refresh(struct tree *t, struct db *db, struct arena *a, int64_t version) __attribute__((warn_unused_result));

/* Is tenant below (or) the tenant at that level?  False for a tenant that is not known. */
bool tree_covers(const struct tree *t, int64_t above, int level, int64_t tenant);

/* Is it the provider?  False for a tenant that is not known. */
bool tree_root(const struct tree *t, int64_t tenant);

#endif
