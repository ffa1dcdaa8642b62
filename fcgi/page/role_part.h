/* What the handlers of roles have in common. */
#ifndef PAGE_ROLE_PART_H
#define PAGE_ROLE_PART_H

#include "core/role_spec.h"
#include "core/statement.h"

/* A role as its rows and the vocabulary say it. */
struct stored {
	int64_t id, tenant_id;
	bool built_in, shared;
	struct role_spec spec;
};

/* 1, 0 where there is none or none that gives anything, or -1 with the problem set. */
int role_load(struct rq *rq, int64_t id, struct stored *r) __attribute__((warn_unused_result));

/* Who gives roles, and what stands against it. */
struct giver {
	int64_t tenant_id;          /* whose user gets them */
	enum portal portal;         /* of such a user */
	struct rights own, ceiling; /* of who gives, as far as they hold at the user's tenant; of that tenant */
	struct rights before;       /* own, without the ceilings above who gives: they may be lifted */
};

/* For a user of that tenant; needs the rights of a CHANNEL route.  0, or -1 with the problem set. */
int role_giver(struct rq *rq, int64_t tenant_id, int level, enum portal portal, struct giver *g)
    __attribute__((warn_unused_result));
/* Why the role, NULL where there is none, cannot be given: a code and *why, or NULL.  Who gives must hold it whole. */
const char *role_withheld(struct rq *rq, const struct stored *r, const struct giver *g, const char **why);

/* What stands against a role for that portal that who asks makes or changes.  0, or -1 with the problem set. */
int role_limits(struct rq *rq, enum portal portal, struct role_limits *l) __attribute__((warn_unused_result));

/* The same limits for another portal. */
void role_limits_portal(enum portal portal, struct role_limits *l);

/* Opens :id as a role that who asks may see, by the right to see roles and not by the one of the route.
 * 0, or -1 with the problem set. */
int role_seen(struct rq *rq, int64_t *id) __attribute__((warn_unused_result));

/* All segments of the tenant: the count, or -1 with the problem set. */
struct role_segment {
	int64_t id;
	struct str name;
};
int64_t role_segments(struct rq *rq, struct role_segment **list) __attribute__((warn_unused_result));
#define ROLE_SEGMENTS 500 /* of one tenant */

#endif
