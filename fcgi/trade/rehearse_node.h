/* Reading a JSON value that must be of a kind: every value knows where it stands, the first that is wrong is told
 * with its JSON pointer, and whatever is read after it is empty. */
#ifndef TRADE_REHEARSE_NODE_H
#define TRADE_REHEARSE_NODE_H

#include "base/buf.h"
#include "wire/json.h"

struct reader {
	struct arena *a;
	struct str wrong; /* n == 0: nothing is */
};

struct node {
	const struct json *v; /* NULL: absent */
	const struct node *up;
	struct str key;
	size_t index; /* where key.p is NULL */
};

__attribute__((format(printf, 3, 4))) void node_wrong(struct reader *r, const struct node *n, const char *fmt, ...);

/* A member; v is NULL where it is absent, or null. */
struct node node_member(const struct node *of, const char *name);
/* Walks the members of an object or array: n->v is NULL before the first; false behind the last. */
bool node_next(const struct node *of, struct node *n);
/* How many; wrong where it is there and no such thing. */
size_t node_count(struct reader *r, const struct node *n, enum json_type type);

struct str node_text(struct reader *r, const struct node *n); /* one line, not empty */
int64_t node_decimal(struct reader *r, const struct node *n); /* millionths */
int64_t node_whole(struct reader *r, const struct node *n, int64_t least, int64_t most);
int64_t node_percent(struct reader *r, const struct node *n, int64_t absent); /* hundredths */
int64_t node_date(struct reader *r, const struct node *n);
int64_t
node_moment(struct reader *r, const struct node *n); /* seconds since 1970 of an RFC 3339 time, fractions cut off */
int64_t node_day(struct reader *r, const struct node *n); /* its UTC day */

#endif
