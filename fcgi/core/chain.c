#include "core/chain.h"

#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "wire/crypt.h"

#define BATCH 1000    /* the LIMIT of audit_next: one small transaction */
#define NO_VALUE (-1) /* as a length: NULL */

static void
put_number(struct buf *b, int64_t v)
{

	for (int shift = 56; shift >= 0; shift -= 8)
		buf_char(b, (char)((uint64_t)v >> shift));
}

static void
put_bytes(struct buf *b, const void *p, size_t n)
{

	put_number(b, (int64_t)n);
	buf_add(b, (struct str){p, n});
}

static void
put_value(struct buf *b, const struct db_val *v)
{

	if (v->type == DB_NULL) {
		put_number(b, NO_VALUE);
	} else if (v->type == DB_INT) {
		put_number(b, 8);
		put_number(b, v->i);
	} else {
		put_bytes(b, v->s.p, v->s.n);
	}
}

/* The hash of what was put; the buffer is empty then. */
static void
take_hash(struct buf *b, unsigned char out[CHAIN_HASH])
{

	if (buf_failed(b)) { /* columns have their lengths */
		log_error("audit", "a row is too long");
		_Exit(70);
	}
	crypt_sha256(buf_str(b), out);
	buf_clear(b);
}

void
chain_row_hash(struct buf *b, const struct chain_row *row, unsigned char out[CHAIN_HASH])
{
	const struct db_val *parts[] = {
	    &row->id, &row->at, &row->trace, &row->user_id, &row->tenant_id, &row->action, &row->object_id};
	unsigned char detail[CHAIN_HASH];

	put_bytes(b, "portico audit row 1", 19);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		put_value(b, parts[i]);
	if (row->detail.type == DB_NULL) {
		put_number(b, NO_VALUE);
	} else {
		crypt_sha256(row->detail.s, detail);
		put_bytes(b, detail, sizeof(detail));
	}
	take_hash(b, out);
}

void
chain_link(struct buf *b, const unsigned char before[CHAIN_HASH], int64_t seq, struct str sealed, int64_t audit_id,
    const unsigned char row_hash[CHAIN_HASH], unsigned char out[CHAIN_HASH])
{

	put_bytes(b, "portico audit link 1", 20);
	put_bytes(b, before, CHAIN_HASH);
	put_number(b, seq);
	put_bytes(b, sealed.p, sealed.n);
	put_number(b, audit_id);
	put_bytes(b, row_hash, CHAIN_HASH);
	take_hash(b, out);
}

static int
add_head(void *ctx, const struct db_val *v)
{
	struct chain_head *head = ctx;

	head->count = v[0].i;
	head->audit_id = v[1].i;
	memcpy(head->link, v[2].s.p, CHAIN_HASH); /* BINARY(32) */
	return (0);
}

int
chain_head(struct db *db, struct arena *a, struct chain_head *out)
{

	memset(out, 0, sizeof(*out));
	return (query_each_admin(db, a, Q_audit_head, NULL, 0, add_head, out) == -1 ? -1 : 0);
}

/* What a batch needs to know of a row. */
struct next {
	int64_t id;
	bool old;
	unsigned char hash[CHAIN_HASH];
};

struct batch {
	struct arena *a;
	struct buf bytes;  /* that are hashed */
	struct next *rows; /* BATCH of them */
	size_t n;
	struct str now; /* by the database's clock */
};

static int
add_next(void *ctx, const struct db_val *v)
{
	struct batch *b = ctx;
	struct next *r = &b->rows[b->n++];
	struct chain_row row = {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]};

	r->id = v[0].i;
	r->old = v[8].i != 0;
	if (b->now.n == 0)
		b->now = arena_str(b->a, v[9].s);
	chain_row_hash(&b->bytes, &row, r->hash);
	return (b->n == BATCH);
}

struct between {
	int64_t rows;
	bool sees;
};

static int
add_between(void *ctx, const struct db_val *v)
{
	struct between *b = ctx;

	b->rows = v[0].i;
	b->sees = v[1].i == 1;
	return (0);
}

/* Will nothing ever stand between these two ids?  1 nothing, 0 maybe, -1 (logged).  *all: a connection
 * that sees uncommitted rows, opened at the first hole. */
static int
nothing_between(struct db *db, struct db **all, struct arena *a, int64_t after, int64_t before)
{
	struct arg args[] = {{"after", {.type = DB_INT, .i = after}}, {"before", {.type = DB_INT, .i = before}}};
	struct between found = {0};

	if (*all == NULL) {
		*all = db_another(db);
		if (query_run_admin(*all, a, Q_audit_see_all, NULL, 0) == -1)
			return (-1);
	}
	if (query_each_admin(*all, a, Q_audit_between, args, 2, add_between, &found) == -1)
		return (-1);
	return (found.sees && found.rows == 0); /* a connection that was made anew does not see all */
}

/* How many rows of the batch may be sealed now: up to the first hole that may still be filled.  -1 (logged). */
static int
ready(struct db *db, struct arena *a, const struct batch *b, int64_t last)
{
	struct db *all = NULL;
	int rc = 1;
	size_t n;

	for (n = 0; n < b->n; last = b->rows[n++].id) {
		if (b->rows[n].id == last + 1)
			continue;
		rc = b->rows[n].old ? nothing_between(db, &all, a, last, b->rows[n].id) : 0;
		if (rc != 1)
			break;
	}
	db_close(all);
	return (rc == -1 ? -1 : (int)n);
}

/* Links on their way into the table. */
struct links {
	struct batch *b;
	struct arg args[5];
	size_t n, done; /* of the batch's rows */
	struct chain_head head;
};

static bool
next_link(void *ctx)
{
	struct links *l = ctx;
	struct next *r = &l->b->rows[l->done];

	if (l->done++ == l->n)
		return (false);
	chain_link(&l->b->bytes, l->head.link, ++l->head.count, l->b->now, r->id, r->hash, l->head.link);
	l->args[0] = (struct arg){"seq", {.type = DB_INT, .i = l->head.count}};
	l->args[1] = (struct arg){"audit_id", {.type = DB_INT, .i = r->id}};
	l->args[2] = (struct arg){"sealed", {.type = DB_TEXT, .s = l->b->now}};
	l->args[3] = (struct arg){"row_hash", {.type = DB_BYTES, .s = {(const char *)r->hash, CHAIN_HASH}}};
	l->args[4] = (struct arg){"link", {.type = DB_BYTES, .s = {(const char *)l->head.link, CHAIN_HASH}}};
	return (true);
}

int
chain_seal(struct db *db, struct arena *a)
{
	struct batch b = {.a = a, .rows = arena_zero(a, BATCH, sizeof(struct next))};
	struct links l = {.b = &b};
	struct arg after[] = {{"after", {.type = DB_INT}}};
	int n;

	buf_init(&b.bytes, a, CHAIN_BYTES);
	if (chain_head(db, a, &l.head) == -1)
		return (-1);
	after[0].v.i = l.head.audit_id;
	if (query_each_admin(db, a, Q_audit_next, after, 1, add_next, &b) == -1)
		return (-1);
	if ((n = ready(db, a, &b, l.head.audit_id)) <= 0)
		return (n);
	if (db_begin(db) == -1) {
		log_error("audit", "BEGIN: %s", db_error_text(db));
		return (-1);
	}
	/* Whoever sealed meanwhile has taken the number: then nothing of this stays. */
	l.n = (size_t)n;
	if (query_repeat_admin(db, a, Q_audit_seal, l.args, 5, next_link, &l) != n) {
		db_rollback(db);
		return (-1);
	}
	if (db_commit(db) == -1) {
		log_error("audit", "COMMIT: %s", db_error_text(db));
		return (-1);
	}
	return (n);
}
