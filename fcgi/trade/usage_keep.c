#include "base/log.h"
#include "core/query.h"
#include "trade/usage_part.h"
#include "wire/crypt.h"

#define TEXT_MAX 2000  /* characters of a line that are kept */
#define MEMBER_MAX 100 /* and of a member */
#define JSON_MAX ((size_t)16 * 1024 * 1024)

/* The beginning of a text, of at most max characters; what is no text at all loses what cannot be one. */
static struct str
beginning(struct arena *a, struct str s, size_t max)
{
	size_t n = 0, chars = 0;
	char *to;

	if (!str_is_lines(s)) {
		to = arena_alloc(a, s.n + 1);
		for (size_t i = 0; i < s.n; i++)
			to[i] = s.p[i] >= ' ' && s.p[i] <= '~' ? s.p[i] : '?';
		s.p = to;
	}
	for (; n < s.n; n++)
		if (((unsigned char)s.p[n] & 0xc0) != 0x80 && chars++ == max)
			break;
	return ((struct str){s.p, n});
}

/* "hash" in hex over the default source and the line: who means another source means another event. */
static void
write_hash(struct rq *rq, struct buf *b, const struct usage_line *l)
{
	unsigned char h[32];

	crypt_sha256(arena_printf(rq->a, "%.*s\n%.*s", STR_ARG(l->members[USAGE_M_source]), STR_ARG(l->text)), h);
	buf_char(b, '"');
	for (size_t i = 0; i < sizeof(h); i++)
		buf_printf(b, "%02x", h[i]);
	buf_char(b, '"');
}

/* A line as usage_reject_add reads it. */
static void
write_reject(struct rq *rq, struct buf *b, const struct usage_line *l)
{

	buf_char(b, '[');
	buf_int(b, l->number);
	buf_char(b, ',');
	write_hash(rq, b, l);
	buf_char(b, ',');
	json_str(b, beginning(rq->a, l->text, TEXT_MAX));
	buf_printf(b, ",\"%s\"", usage_reason_code(l->reason));
	for (int m = 0; m < USAGE_MEMBERS; m++) {
		buf_char(b, ',');
		json_str(b, beginning(rq->a, l->members[m], MEMBER_MAX));
	}
	buf_char(b, ']');
}

struct found {
	int64_t n, received;
};
static const struct col found_cols[] = {COL_I_(found, n), COL_I_(found, received)};

/* Which of the lines in list were mended since they came first: they are in.  Each must be there by now. */
static int
find_mended(struct rq *rq, struct usage_line *const *list, size_t kept)
{
	struct found *rows;
	int64_t n;
	void *p;

	n = query_rows_system(rq, Q_usage_reject_there, COLS(found_cols), sizeof(*rows), LINES_SET, &p);
	if (n == -1)
		return (-1);
	if (n != (int64_t)kept) {
		log_error("usage", "%lld of %zu lines were not kept", (long long)kept - n, kept);
		return (problem(rq, P_internal, "%s", ""), -1);
	}
	rows = p;
	for (int64_t i = 0; i < n; i++)
		if (rows[i].received)
			list[rows[i].n - 1]->verdict = USAGE_SAME;
	return (0);
}

/* What became of those that waited. */
static int
tell_waiting(struct rq *rq, struct usage_line *lines, size_t n)
{
	struct buf b;
	bool any = false;

	buf_init(&b, rq->a, JSON_MAX);
	for (size_t i = 0; i < n; i++) {
		const bool in = lines[i].verdict != USAGE_REJECTED;

		if (lines[i].waits == 0)
			continue;
		buf_printf(&b, "%s%lld,\"%s\",\"%s\"]", any ? ",[" : "[[", (long long)lines[i].waits,
		    usage_reason_code(lines[i].reason), in ? "received" : "open");
		any = true;
	}
	buf_char(&b, ']');
	if (!any)
		return (0);
	arg_text(rq, "rejects", buf_str(&b));
	return (query_run_system(rq, Q_usage_reject_reason) == -1 ? -1 : 0);
}

int
usage_keep(struct rq *rq, struct usage_line *lines, size_t n)
{
	struct usage_line **list = arena_alloc(rq->a, (n + 1) * sizeof(struct usage_line *));
	size_t kept = 0;
	struct buf b;

	buf_init(&b, rq->a, JSON_MAX);
	for (size_t i = 0; i < n; i++) {
		if (lines[i].verdict != USAGE_REJECTED || lines[i].waits != 0)
			continue;
		buf_char(&b, kept == 0 ? '[' : ',');
		write_reject(rq, &b, &lines[i]);
		list[kept++] = &lines[i];
	}
	buf_char(&b, ']');
	if (buf_failed(&b))
		return (problem(rq, P_internal, "%s", ""), -1);
	if (kept == 0)
		return (tell_waiting(rq, lines, n));
	arg_text(rq, "rejects", buf_str(&b));
	if (query_run_system(rq, Q_usage_reject_add) == -1 || find_mended(rq, list, kept) == -1)
		return (-1);
	return (tell_waiting(rq, lines, n));
}
