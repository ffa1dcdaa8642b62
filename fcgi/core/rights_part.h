/* One role, as it is read from the database: for rights_load.c, which puts them together. */
#ifndef CORE_RIGHTS_PART_H
#define CORE_RIGHTS_PART_H

#include "core/rights.h"

struct rights_role {
	int64_t id, tenant_id;
	int code; /* enum role, or -1: a tenant's own */
	int portal;
	bool shared, broken;
	struct rights *rights;
};

/* Fills in the role of r->id and *r->rights, before any ceiling.  1, 0 where there is no such role or it says nothing,
 * -1 (db_error). */
int rights_role_load(struct db *db, struct arena *a, struct rights_role *r) __attribute__((warn_unused_result));

/* The named segments with all below them; *any where they are the whole catalogue.  0, or -1 (db_error). */
int rights_whole_products(struct db *db, struct arena *a, struct products *set, bool *any)
    __attribute__((warn_unused_result));

#endif
