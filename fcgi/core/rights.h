/* What roles and ceilings come to: a user has what any of the roles gives and every ceiling
 * above lets through.  Knows sets of rights and decides nothing about rows; whatever cannot
 * be said exactly comes to less, never to more. */
#ifndef CORE_RIGHTS_H
#define CORE_RIGHTS_H

#include "core/access.h"
#include "wire/db.h"

/* *to becomes what either gives.  Where both give an action, the wider scope counts with its own segments. */
void rights_join(struct rights *to, const struct rights *more);

/* *to becomes what both give; customer segments stay those of *to. */
void rights_meet(struct rights *to, const struct rights *limit);

/* The highest that a tenant below the provider has without a ceiling of its own: what all built-in
 * roles of resellers and customers give together. */
void rights_ceiling(struct rights *out);

/* What all built-in roles of that portal give together: no role for it can give more. */
void rights_of_portal(enum portal portal, struct rights *out);

/* All that there is: the most that the provider has. */
void rights_all(struct rights *out);

/* Is the segment one of them? */
bool segments_has(const struct segments *s, int64_t id);

/* Keeps the actions on customers to the segments, and takes away those that cannot be kept to them; to no
 * segment none can. */
void rights_keep(struct rights *r, const struct segments *set);

/* Keeps what is sold to the product segments, beside what it is kept to already.  What is one's own customer's is
 * never kept to any: who pays a bill sees all of it. */
void rights_keep_products(struct rights *r, const struct products *set);

/* The same for what those above let a tenant have: that is what it can sell from now on.  Bills that it issued are
 * its own, whole. */
void rights_keep_shared(struct rights *r, const struct products *set);

/* The product segments that the action is kept to; NULL: any. */
const struct products *rights_products(const struct rights *r, enum action a);

/* Each action is kept to the product segments that it is kept to there, whatever it was kept to. */
void rights_products_as(struct rights *r, const struct rights *there);

/* What of them holds at another tenant than one's own: `tenant` there is not `tenant` here. */
void rights_elsewhere(struct rights *r);

/* Where somebody stands to another. */
struct standing {
	bool same;  /* tenant */
	bool below; /* that tenant, or below it */
};

/* *out becomes what the target has and the viewer too, who stands above from there: an action keeps the target's
 * rows where the viewer's hold all of them, else there are none of it; a field is the lesser of the two. */
void rights_look(
    struct rights *out, const struct rights *target, const struct rights *viewer, const struct standing *standing);

/* Do rows of that scope, seen from above from there, hold all that the other scope shows there? */
bool rights_reach(enum scope above, enum scope there, const struct standing *standing);

/* Are all rows of narrow in wide? */
bool rights_covers(enum scope wide, enum scope narrow);

/* The rows of both, where the vocabulary has that pair; else none. */
enum scope rights_meet_scope(enum action a, enum scope x, enum scope y);

/* Takes away what has no meaning: a field of a resource that may not be read, writing without its
 * action or without reading, a shape beside the value or of what is no text. */
void rights_settle(struct rights *r);

/* Is nothing in a that is not in b?  (For who may give what to whom.) */
bool rights_within(const struct rights *a, const struct rights *b);

/* Who asks. */
struct asker {
	int64_t user_id, role_id, tenant_id;
	int level;       /* of the tenant */
	bool more_roles; /* beside role_id */
};

struct rights_cache; /* of one thread */

struct rights_cache *rights_open(void);
void rights_close(struct rights_cache *c);

/* The effective rights and their portal; read from the database where they are not known for this
 * version of the channel.  Nothing at all where a role is unknown or not the tenant's to use.
 * Live until the next call.  NULL: see db_error. */
const struct rights *rights_of(struct rights_cache *c, struct db *db, struct arena *a, int64_t version,
    const struct asker *who, enum portal *portal) __attribute__((warn_unused_result));

/* The same, read anew past the cache: for a transaction that may be rolled back; and what the roles say
 * before any ceiling.  0, or -1 (db_error). */
int rights_now(struct db *db, struct arena *a, const struct asker *who, struct rights *out, struct rights *before,
    enum portal *portal) __attribute__((warn_unused_result));

/* The most that anybody of the tenant can have: what each ceiling above lets through.  0, or -1 (db_error). */
int rights_limit(struct db *db, struct arena *a, int64_t tenant_id, int level, struct rights *out)
    __attribute__((warn_unused_result));

/* What the roles of who asks give together, before anything above has its say.  0, or -1 (db_error). */
int rights_of_roles(struct db *db, struct arena *a, const struct asker *who, struct rights *out)
    __attribute__((warn_unused_result));

/* One thing that had a say, in the order in which they are put together.  RESELLERS: the most that any reseller has;
 * SHARE: the product segments that a tenant of the chain gets, of which alone its rights tell. */
enum step_kind { STEP_ROLE, STEP_RESELLERS, STEP_CEILING, STEP_SHARE, STEP__MAX };
struct rights_step {
	enum step_kind kind;
	int64_t role_id;             /* of a ROLE or CEILING */
	const char *ignored;         /* why it gives nothing, a code; or NULL */
	const struct rights *rights; /* it alone; lives until the callback returns */
};

/* As rights_of, without the cache: tells each step.  0, or -1 (db_error). */
int rights_trace(struct db *db, struct arena *a, const struct asker *who, struct rights *out, enum portal *portal,
    void (*step)(void *ctx, const struct rights_step *s), void *ctx) __attribute__((warn_unused_result));

#endif
