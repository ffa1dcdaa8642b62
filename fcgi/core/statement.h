/* The statements of schema/query: their declarations, and the text of each variant
 * (scope x level x sort x filters x arms), built from the declaration alone.  No text
 * of a request ever gets into one. */
#ifndef CORE_STATEMENT_H
#define CORE_STATEMENT_H

#include "core/access.h"
#include "wire/db.h"

enum query {
#define QUERY(name, resource, guard, sorts, filters, arm, text) Q_##name,
#include "query.def"
#undef QUERY
	QUERY__MAX
};

enum guard { GUARD_scope, GUARD_arms, GUARD_open, GUARD_admin };

#define SORTS_MAX 4
#define FILTERS_MAX 8
#define FILTER_CODES 8

struct sort {
	struct str field_name, column;
	enum field field;
	bool desc;
};

enum filter_type { FILTER_ID, FILTER_PREFIX, FILTER_CODE, FILTER_TEXT, FILTER_DATE };

struct filter {
	struct str param, index, predicate; /* index: prefix that replaces the scope's, or empty */
	enum filter_type type;
	enum resource id_of;
	struct str codes[FILTER_CODES];
	size_t n_codes;
	enum field field; /* must be readable, or the parameter is unknown */
};

struct declaration {
	const char *name;
	struct str text;
	struct str arm; /* finds a page of one customer or product segment; empty: the statement is never in arms */
	enum resource resource;
	enum guard guard;
	struct sort sorts[SORTS_MAX];
	size_t n_sorts;
	struct filter filters[FILTERS_MAX];
	size_t n_filters;
};

/* Reads all declarations; before any thread.  0, or -1 after saying on stderr what is wrong. */
int statement_init(void);
const struct declaration *statement_declaration(enum query q);
/* The statement of that name, or -1. */
int statement_find(const char *name);

/* One way to run a statement.  Product segments are asked for one by one, up to 16, and each may be an arm; or all at
 * once, as a text with a 1 at the place of each: where there are more, or the arms are those of customer segments. */
#define PRODUCTS_AT_ONCE 255
struct variant {
	uint16_t query;
	uint8_t scope, level, sort;
	uint8_t filters;  /* bit i: filter i is in it */
	uint8_t arms;     /* 0: no customer segments; else 1, 2, 4, 8, 16 of them */
	uint8_t products; /* 0: any; else 1, 2, 4, 8, 16 of them, or PRODUCTS_AT_ONCE */
	bool reverse;     /* against the sort's own direction */
	bool after;       /* begins behind a key */
};

enum param_kind {
	PARAM_NAME,
	PARAM_FILTER,
	PARAM_SEGMENT,
	PARAM_PRODUCT,
	PARAM_PRODUCTS,
	PARAM_AFTER_KEY,
	PARAM_AFTER_ID,
	PARAM_PAGE
};

#define PARAMS_MAX 200 /* 16 arms of a page with filters */

struct param {
	enum param_kind kind;
	int index;       /* of the filter, segment or product segment */
	struct str name; /* of a PARAM_NAME */
};

struct params {
	struct param p[PARAMS_MAX];
	size_t n;
};

/* The text of a variant, with a '?' for each of *params in order. */
void statement_text(const struct variant *v, struct buf *sql, struct params *params);

/* A prepared variant and what each of its columns is. */
enum column_role { COLUMN_FIELD, COLUMN_TENANT, COLUMN_CURRENCY, COLUMN_KEY, COLUMN_OF, COLUMN_HIDDEN };
struct column {
	enum column_role role;
	enum field field; /* of a COLUMN_FIELD */
	enum field_type type;
	struct str name;
	struct str json_key; /* "name": */
	int object; /* 0, or which object within the row's it belongs to: seller.party.name is the name in "seller" */
	struct str object_key; /* then "seller":{ */
};
#define COLUMNS_MAX 64 /* bits of a mask of them */
struct prepared {
	struct variant v;
	struct db_stmt *st;
	struct params params;
	struct column columns[COLUMNS_MAX];
	size_t n_columns;
	int tenant, segment, product, group, agent, currency, key, of, id; /* column numbers, or -1 */
};

struct statements; /* prepared ones of one connection */

struct statements *statements_open(void);
void statements_close(struct statements *s);

/* The variant, prepared on db; lives until the connection or the next statements_get.  NULL: see db_error. */
struct prepared *statements_get(struct statements *s, struct db *db, struct arena *a, const struct variant *v);

#endif
