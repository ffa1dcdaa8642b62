#include "core/chain_verify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"
#include "core/anchor.h"
#include "core/rq.h"

/* Where the walk is. */
struct walk {
	struct arena *a;
	struct chain_report *r;
	struct buf bytes;
	int64_t seq, audit_id;            /* of the link before */
	unsigned char stored[CHAIN_HASH]; /* that link */
	unsigned char right[CHAIN_HASH];  /* what it should have been */
	struct anchors *file;
	struct anchor next; /* line of the file */
	bool has_next;
	const unsigned char *noted;
	bool found; /* noted */
};

__attribute__((format(printf, 5, 6))) static void
found(struct walk *w, const char *kind, int64_t row, int64_t link, const char *fmt, ...)
{
	struct chain_problem *p = &w->r->problems[w->r->n_problems];
	va_list ap;

	if (w->r->n_problems++ >= CHAIN_PROBLEMS)
		return;
	va_start(ap, fmt);
	*p = (struct chain_problem){kind, row, link, arena_vprintf(w->a, fmt, ap)};
	va_end(ap);
}

static void
copy_time(char to[24], struct str text)
{

	snprintf(to, 24, "%.*s", STR_ARG(text));
}

/* The next line of the file that is one. */
static void
read_anchor(struct walk *w)
{
	int64_t before = w->has_next ? w->next.count : 0, line = 0;
	int rc;

	w->has_next = false;
	if (w->file == NULL)
		return;
	while ((rc = anchor_next(w->file, &w->next, &line)) != 0) {
		if (rc == 1 && w->next.count >= before) {
			w->has_next = true;
			w->r->anchors++;
			return;
		}
		found(w, "bad_anchor", 0, 0, "line %lld of the anchor is none: the file was changed", (long long)line);
	}
}

/* Lines of the file up to this link. */
static void
check_anchors(struct walk *w, int64_t seq, const unsigned char link[CHAIN_HASH])
{

	for (; w->has_next && w->next.count <= seq; read_anchor(w))
		if (w->next.count < seq)
			found(w, "changed_anchor", 0, w->next.count, "link %lld was noted at %s and is missing",
			    (long long)w->next.count, w->next.at);
		else if (memcmp(w->next.link, link, CHAIN_HASH) != 0)
			found(w, "changed_anchor", 0, seq,
			    "link %lld is not what was noted at %s: the chain was made anew up to there",
			    (long long)seq, w->next.at);
}

static void
check_row(struct walk *w, const struct db_val *v, int64_t seq, int64_t audit_id, const unsigned char *row_hash)
{
	struct chain_row row = {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]};
	unsigned char hash[CHAIN_HASH];

	if (row.id.type == DB_NULL) {
		found(w, "missing_row", audit_id, seq, "row %lld is missing; link %lld is of it", (long long)audit_id,
		    (long long)seq);
		return;
	}
	w->r->rows++;
	if (w->r->from[0] == '\0')
		copy_time(w->r->from, row.at.s);
	copy_time(w->r->to, row.at.s);
	chain_row_hash(&w->bytes, &row, hash);
	if (memcmp(hash, row_hash, CHAIN_HASH) != 0)
		found(w, "changed_row", audit_id, seq, "row %lld is not what was sealed as link %lld: it was changed",
		    (long long)audit_id, (long long)seq);
}

/* Does the link follow from the one before, as that stands there or as it should? */
static void
check_link(struct walk *w, int64_t seq, int64_t audit_id, struct str sealed, const unsigned char *row_hash,
    const unsigned char *link)
{
	unsigned char computed[CHAIN_HASH], other[CHAIN_HASH];

	chain_link(&w->bytes, w->stored, seq, sealed, audit_id, row_hash, computed);
	chain_link(&w->bytes, w->right, seq, sealed, audit_id, row_hash, other);
	if (seq != w->seq + 1)
		found(w, "missing_link", 0, w->seq + 1, "links %lld to %lld are missing", (long long)w->seq + 1,
		    (long long)seq - 1);
	else if (audit_id <= w->audit_id)
		found(w, "swapped_link", audit_id, seq,
		    "link %lld is of row %lld, which is not behind the row of the link before: links were swapped",
		    (long long)seq, (long long)audit_id);
	else if (memcmp(computed, link, CHAIN_HASH) != 0 && memcmp(other, link, CHAIN_HASH) != 0)
		found(w, "changed_link", audit_id, seq,
		    "link %lld (of row %lld) does not follow from the one before it: it was changed or swapped",
		    (long long)seq, (long long)audit_id);
	memcpy(w->right, memcmp(other, link, CHAIN_HASH) == 0 ? other : computed, CHAIN_HASH);
}

/* Columns of audit_walk: those of a chain_row, then seq, audit_id, sealed, row_hash, link. */
static int
add_link(void *ctx, const struct db_val *v)
{
	struct walk *w = ctx;
	int64_t seq = v[8].i, audit_id = v[9].i;
	const unsigned char *row_hash = (const unsigned char *)v[11].s.p, *link = (const unsigned char *)v[12].s.p;

	check_row(w, v, seq, audit_id, row_hash);
	check_link(w, seq, audit_id, v[10].s, row_hash, link);
	check_anchors(w, seq, link);
	if (w->noted != NULL && memcmp(w->noted, link, CHAIN_HASH) == 0)
		w->found = true;
	w->r->links++;
	w->seq = seq;
	w->audit_id = audit_id > w->audit_id ? audit_id : w->audit_id;
	memcpy(w->stored, link, CHAIN_HASH);
	return (0);
}

static int
add_unsealed(void *ctx, const struct db_val *v)
{
	struct walk *w = ctx;

	if (v[0].i < w->audit_id) {
		found(w, "extra_row", v[0].i, 0,
		    "row %lld stands among sealed rows and has no link: it was put in later", (long long)v[0].i);
		return (0);
	}
	if (w->r->unsealed++ == 0)
		copy_time(w->r->waiting, v[1].s);
	return (0);
}

static int
add_count(void *ctx, const struct db_val *v)
{

	*(int64_t *)ctx = v[0].i;
	return (0);
}

/* Rows without a link.  Up to the last sealed row they need not be looked for where the numbers agree. */
static int
check_unsealed(struct walk *w, struct db *db)
{
	struct arg args[] = {{"id", {.type = DB_INT, .i = w->audit_id}}, {"after", {.type = DB_INT, .i = w->audit_id}}};
	int64_t n = 0;

	if (query_each_admin(db, w->a, Q_audit_count, args, 1, add_count, &n) == -1)
		return (-1);
	if (n != w->r->rows)
		args[1].v.i = INT64_MIN;
	return (query_each_admin(db, w->a, Q_audit_unsealed, args, 2, add_unsealed, w) == -1 ? -1 : 0);
}

/* What was noted and is not there. */
static void
check_end(struct walk *w)
{
	struct anchor last = {.count = 0};

	for (; w->has_next; read_anchor(w))
		last = w->next;
	if (last.count > 0)
		found(w, "cut_tail", 0, last.count,
		    "the chain ends at link %lld, but link %lld was noted at %s: its tail was cut", (long long)w->seq,
		    (long long)last.count, last.at);
	if (w->noted != NULL && !w->found)
		found(w, "unknown_anchor", 0, 0, "%s",
		    "no link is the hash that was given: the tail was cut, or the chain was made anew");
	if (w->noted == NULL && w->r->anchors == 0 && w->seq > 0)
		found(w, "missing_anchor", 0, 0, "%s",
		    "there is no anchor to hold the chain against, so a cut tail cannot be seen; "
		    "give the hash of a link that was noted elsewhere with --anchor");
	memcpy(w->r->head, w->stored, CHAIN_HASH);
}

int
chain_verify(struct db *db, struct arena *a, const char *file, const unsigned char *noted, struct chain_report *out)
{
	struct walk w = {.a = a, .r = out, .noted = noted};
	int rc = -1;

	memset(out, 0, sizeof(*out));
	buf_init(&w.bytes, a, CHAIN_BYTES);
	/* The file before the database: what it knows then was committed before. */
	if (*file != '\0' && (w.file = anchor_open(file)) == NULL && errno != ENOENT) {
		log_error("audit", "%s: %s", file, strerror(errno));
		return (-1);
	}
	read_anchor(&w);
	check_anchors(&w, 0, w.stored);
	if (db_begin(db) == -1)
		log_error("audit", "BEGIN: %s", db_error_text(db));
	else if (query_each_admin(db, a, Q_audit_walk, NULL, 0, add_link, &w) != -1 && check_unsealed(&w, db) == 0)
		rc = 0;
	db_rollback(db);
	check_end(&w);
	anchor_close(w.file);
	return (rc);
}

void
chain_print(const struct chain_report *r, struct buf *out)
{
	char head[2 * CHAIN_HASH + 1];

	anchor_hex(r->head, head);
	buf_printf(out, "%lld rows in %lld links", (long long)r->rows, (long long)r->links);
	if (r->from[0] != '\0')
		buf_printf(out, ", from %s to %s UTC", r->from, r->to);
	buf_printf(out, "\n%lld rows are not sealed yet", (long long)r->unsealed);
	if (r->waiting[0] != '\0')
		buf_printf(out, ", the oldest from %s UTC", r->waiting);
	buf_printf(out, "\n%lld lines of the anchor were read\n", (long long)r->anchors);
	if (r->links > 0)
		buf_printf(out, "newest link %s\n", head);
	for (int64_t i = 0; i < r->n_problems && i < CHAIN_PROBLEMS; i++)
		buf_printf(out, "WRONG: %.*s\n", STR_ARG(r->problems[i].text));
	if (r->n_problems > CHAIN_PROBLEMS)
		buf_printf(out, "and %lld more\n", (long long)r->n_problems - CHAIN_PROBLEMS);
	buf_addz(out, r->n_problems == 0 ? "The audit is whole.\n" : "The audit is not what was written.\n");
}

static void
print_time(struct buf *out, const char *key, const char *at)
{

	buf_printf(out, ",\"%s\":", key);
	if (at[0] == '\0')
		buf_addz(out, "null");
	else
		buf_printf(out, "\"%.10sT%sZ\"", at, at + 11);
}

void
chain_print_json(const struct chain_report *r, struct buf *out)
{
	char head[2 * CHAIN_HASH + 1];

	anchor_hex(r->head, head);
	buf_printf(out, "{\"whole\":%s,\"rows\":%lld,\"links\":%lld,\"unsealed\":%lld,\"anchors\":%lld,\"link\":\"%s\"",
	    r->n_problems == 0 ? "true" : "false", (long long)r->rows, (long long)r->links, (long long)r->unsealed,
	    (long long)r->anchors, head);
	print_time(out, "from", r->from);
	print_time(out, "to", r->to);
	print_time(out, "waiting", r->waiting);
	buf_printf(out, ",\"n_problems\":%lld,\"problems\":[", (long long)r->n_problems);
	for (int64_t i = 0; i < r->n_problems && i < CHAIN_PROBLEMS; i++) {
		const struct chain_problem *p = &r->problems[i];

		buf_printf(out, "%s{\"kind\":\"%s\",\"row\":%lld,\"link\":%lld,\"text\":", i == 0 ? "" : ",", p->kind,
		    (long long)p->row, (long long)p->link);
		json_str(out, p->text);
		buf_char(out, '}');
	}
	buf_addz(out, "]}\n");
}
