/* A role as it is written down: names of the vocabulary out of a body, and back into an answer; and what
 * of it somebody can give.  Knows no table; who may change which role is decided elsewhere. */
#ifndef CORE_ROLE_SPEC_H
#define CORE_ROLE_SPEC_H

#include "core/rights.h"
#include "core/rq.h"

enum level { LEVEL_none, LEVEL_mask, LEVEL_read, LEVEL_write, LEVEL__MAX };

/* Unlike struct rights it keeps what has no effect at present: a field whose rows are not granted yet. */
struct role_spec {
	enum portal portal;
	uint8_t scope[ACT__MAX];
	uint8_t level[FLD__MAX]; /* enum level */
	struct segments segments;
	struct products products; /* each with all below it; none: any */
};

/* What stands against a role. */
struct role_limits {
	struct rights portal; /* of the role's portal: the rest means nothing there */
	struct rights tenant; /* the ceilings above */
	struct rights own;    /* of who asks */
	bool customers;       /* that portal's users are customers: others have no customer of their own */
};

enum verdict { MAY, NOT_IN_PORTAL, NOT_IN_CEILING, NOT_OWN, VERDICT__MAX };

extern const char *const role_spec_levels[LEVEL__MAX];
int role_spec_level_of(struct str name); /* or -1 */

/* Can somebody with these limits put it into a role?  The pair, or the field with that level, is one of
 * the vocabulary. */
enum verdict role_spec_scope(const struct role_limits *l, enum action a, enum scope s);
enum verdict role_spec_level(const struct role_limits *l, enum field f, enum level level);
/* Has a field of that kind such a level? */
bool role_spec_has_level(enum field f, enum level level);

/* What it gives by itself. */
void role_spec_rights(const struct role_spec *s, struct rights *out);
/* A built-in role as a spec; segments, products and portal are left alone. */
void role_spec_of(const struct rights *r, struct role_spec *out);
/* Takes away what the limits do not let be given; segments and products are left alone. */
void role_spec_narrow(struct role_spec *s, const struct role_limits *l);

/* A list of a body takes the place of what s has: [{"action","scope"}] and [{"field","level"}].
 * 0, or -1 with 422 and a pointer for each wrong member. */
int role_spec_read_grants(struct rq *rq, const struct json *list, const struct role_limits *l, struct role_spec *s)
    __attribute__((warn_unused_result));
int role_spec_read_fields(struct rq *rq, const struct json *list, const struct role_limits *l, struct role_spec *s)
    __attribute__((warn_unused_result));

/* "grants":[...] and "fields":[...] as they are read. */
void role_spec_write_grants(struct buf *b, const struct role_spec *s);
void role_spec_write_fields(struct buf *b, const struct role_spec *s);
/* "actions":[{"action","scopes":{"tenant":"may",...}}],"fields":[{"field","needs","levels":{"read":"own",...}}]: all that
 * the portal knows, each with what stands against it. */
void role_spec_write_limits(struct buf *b, const struct role_limits *l);

#endif
