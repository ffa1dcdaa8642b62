/* The vocabulary of schema/access.def as enums, tables and bitsets.  Decides nothing
 * by itself: what is not said there is no. */
#ifndef CORE_ACCESS_H
#define CORE_ACCESS_H

#include "base/buf.h"

enum scope {
#define SCOPE(name, predicate, doc) SCOPE_##name,
#include "schema/access.def"
	SCOPE__MAX
};
_Static_assert(SCOPE_none == 0, "an absent GRANT must mean no row");

enum resource {
#define RESOURCE(name, prefix, doc) RES_##name,
#include "schema/access.def"
	RES__MAX
};

enum action {
#define ACTION(res, verb, doc) ACT_##res##_##verb,
#include "schema/access.def"
	ACT__MAX,
	ACT_PUBLIC,   /* nobody has to be signed in */
	ACT_SIGNED_IN /* anyone who is */
};

enum field {
#define FIELD(res, name, type, class, set_by, doc) FLD_##res##_##name,
#include "schema/access.def"
	FLD__MAX
};

enum role {
#define ROLE(name, portal, class, doc) ROLE_##name,
#include "schema/access.def"
	ROLE__MAX
};

enum page {
#define PAGE(portal, name, res, verb, doc) PAGE_##portal##_##name,
#include "schema/access.def"
	PAGE__MAX
};

enum portal { PORTAL_customer, PORTAL_reseller, PORTAL_admin, PORTAL__MAX };

enum field_class { CLASS_open, CLASS_partner, CLASS_staff, CLASS_secret };

enum field_type {
	T_TEXT,
	T_CODE, /* a short word of a fixed set */
	T_INT,
	T_DECIMAL, /* text of digits without trailing zeros */
	T_DATE,
	T_TIME, /* a moment, UTC, to the second, the millisecond or the microsecond */
	T_BOOL,
	T_MONEY,  /* minor units; needs the column _currency */
	T_PRICE,  /* decimal with up to six places; likewise */
	T_PARTS,  /* a list or an object that its page writes; never a column */
	T_OBJECT, /* a row of the resource that the column _of names */
#define RESOURCE(name, prefix, doc) T_ID_##name,
#include "schema/access.def"
	T__MAX
};
#define T_ID_FIRST ((int)T__MAX - (int)RES__MAX) /* + resource */

struct access_field {
	const char *name, *doc;
	enum resource resource;
	enum field_type type;
	enum field_class class;
	int set_by; /* action, or -1 */
};

struct access_action {
	const char *name; /* "document.read" */
	const char *verb, *doc;
	enum resource resource;
};

extern const struct access_field access_fields[FLD__MAX];
extern const struct access_action access_actions[ACT__MAX];
extern const struct access_role {
	const char *name, *doc;
	enum portal portal;
	enum field_class class;
} access_roles[ROLE__MAX];
extern const struct access_page {
	const char *name, *doc;
	enum portal portal;
	enum action action;
} access_pages[PAGE__MAX];
extern const struct access_resource {
	const char *name, *prefix, *doc;
} access_resources[RES__MAX];
extern const struct access_scope {
	const char *name, *predicate, *doc;
} access_scopes[SCOPE__MAX];
extern const char *const access_portals[PORTAL__MAX];

#define FLD_WORDS ((FLD__MAX + 63) / 64)
#define SEGMENTS_MAX 16
#define SETS_MAX 4

/* Customer segments; none in it means no customer. */
struct segments {
	int64_t ids[SEGMENTS_MAX];
	size_t n;
};

#define PRODUCTS_MAX 512 /* above all ids of product segments */
#define PRODUCT_SETS 8

/* Product segments by their ids (core/products.h); none in it means no product. */
struct products {
	uint64_t bits[PRODUCTS_MAX / 64];
};

/* What a role, several of them or a ceiling come to (core/rights.h).  All zero is nothing. */
struct rights {
	uint8_t scope[ACT__MAX];
	uint8_t set[ACT__MAX]; /* which of sets the customers must be in; 0: any */
	uint64_t read[FLD_WORDS], write[FLD_WORDS], mask[FLD_WORDS]; /* mask: shown as a shape only; never with read */
	struct segments sets[SETS_MAX];                              /* [0] is not used */
	size_t n_sets;                                               /* with [0], once there are others */
	uint8_t product[ACT__MAX];                                   /* which of products it is kept to; 0: any */
	struct products products[PRODUCT_SETS];                      /* [0] is not used */
};

/* The built-in role's rights, without segments. */
void access_rights(enum role role, struct rights *out);
/* The value itself: shown, filtered and sorted by. */
bool may_read(const struct rights *r, enum field f);
/* The value or its shape. */
bool may_see(const struct rights *r, enum field f);
bool may_write(const struct rights *r, enum field f);
bool may_act(const struct rights *r, enum action a);

/* Does the vocabulary know this pair, that is: has any built-in role this action with this scope?
 * No other pair can be granted, so that each has its indexes. */
bool access_pair(enum action a, enum scope s);
/* Must who does it have proved the second step a moment ago? */
bool access_step_up(enum action a);
/* Must somebody else agree?  PROVIDER: where it is of the provider's own people.  LARGE: where its handler says rq->large. */
enum second { SECOND_never, SECOND_always, SECOND_provider, SECOND_large };
enum second access_second(enum action a);

/* Does the action show its rows?  Lines, taxes and parties come with the bills that they stand on, to whomever these are. */
bool access_shows(enum action a, enum resource res);
/* Does any action that these scopes give? */
bool access_shown(const uint8_t scope[ACT__MAX], enum resource res);
/* The first that does. */
enum action access_shown_by(enum resource res);
/* Does the built-in role see customers only by segments that a role made after it names? */
bool access_needs_segments(enum role role);
/* Are its rows customers'?  And do they carry the segment of their customer? */
bool access_customers(enum resource res);
bool access_segmented(enum resource res);
/* Are its rows of a product segment?  And is the action kept to those of a role: as it shows such rows, with a
 * document its lines, or gives them away? */
bool access_sold(enum resource res);
bool access_sells(enum action a);

/* By name, or -1. */
int access_resource_of(struct str name);
int access_role_of(struct str name);
int access_field_of(enum resource res, struct str name);
int access_action_of(struct str name); /* "document.read" */
int access_scope_of(struct str name);
int access_portal_of(struct str name);

/* The role's actions, scopes, pages and fields as text, a line each: the golden files of tests/access. */
void access_print(enum role role, struct buf *out);

#endif
