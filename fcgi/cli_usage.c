#include "cli_usage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/audit.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "trade/usage.h"

#define ROOM ((size_t)1024 * 1024) /* of the file at once; no line may be longer */
#define TRIES 20
#define SOURCE "default"

struct words {
	const char *file, *source, *tenant;
	bool json;
};

struct load {
	const struct words *w;
	struct worker *worker;
	struct rights rights;
	int64_t tenant, level;
	int fd;
	int64_t size, at; /* at: bytes that are in */
	unsigned char digest[32];
	struct usage_delivery d;
	int64_t begun, counted; /* up to where it was in before; bytes that were looked at for that */
	int64_t sums[USAGE_VERDICTS], reasons[USAGE_REASON__MAX];
	time_t start;
	char *room;
	size_t held; /* bytes in it */
	struct lines lines;
};

static int
read_words(int argc, char **argv, struct words *w)
{

	if (argc < 1 || strcmp(argv[0], "load") != 0) {
		fprintf(stderr, "usage needs the word load\n");
		return (-1);
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--source") == 0 && i + 1 < argc)
			w->source = argv[++i];
		else if (strcmp(argv[i], "--tenant") == 0 && i + 1 < argc)
			w->tenant = argv[++i];
		else if (strcmp(argv[i], "--json") == 0)
			w->json = true;
		else if (argv[i][0] != '-' && w->file == NULL)
			w->file = argv[i];
		else {
			fprintf(stderr, "usage load: %s is not known here\n", argv[i]);
			return (-1);
		}
	}
	if (w->file == NULL)
		fprintf(stderr, "usage load needs a file\n");
	return (w->file == NULL ? -1 : 0);
}

/* A request of the operator, who acts for the tenant. */
static struct rq
request(struct load *l)
{
	struct rq rq = {.w = l->worker, .a = l->worker->a, .action = ACT_usage_create, .trace = "usage"};

	rq.who =
	    (struct who){.portal = PORTAL_admin, .rights = &l->rights, .tenant_id = l->tenant, .level = (int)l->level};
	buf_init(&rq.out, l->worker->a, 1024);
	return (rq);
}

struct found {
	int64_t id, level, version, bytes;
	struct str digest;
};
static const struct col tenant_cols[] = {COL_I_(found, id), COL_I_(found, level), COL_I_(found, version)};
static const struct col begun_cols[] = {COL_I_(found, id), COL_I_(found, bytes), COL_S_(found, digest)};

/* Who delivers: the provider, or the tenant of --tenant.  0, or -1 after saying why not. */
static int
find_tenant(struct load *l)
{
	struct rq rq = request(l);
	struct found f;
	int rc;

	arg_text(&rq, "slug", str_of(l->w->tenant == NULL ? "" : l->w->tenant));
	rc = query_row_system(&rq, Q_tenant_of_slug, COLS(tenant_cols), &f);
	if (rc == 0)
		fprintf(stderr, "usage load: there is no tenant %s\n", l->w->tenant);
	if (rc != 1 || tree_refresh(l->worker->tree, l->worker->db, l->worker->a, f.version) == -1)
		return (-1);
	l->tenant = f.id;
	l->level = f.level;
	access_rights(f.level == 0 ? ROLE_provider_admin : ROLE_dealer_owner, &l->rights);
	return (0);
}

/* A load of this file that was cut off.  0, or -1. */
static int
find_begun(struct load *l, unsigned char digest[32])
{
	struct rq rq = request(l);
	struct found f;
	int rc;

	arg_int(&rq, "deliverer", l->tenant);
	arg_text(&rq, "name", l->d.name);
	arg_int(&rq, "size", l->size);
	rc = query_row_system(&rq, Q_usage_batch_begun, COLS(begun_cols), &f);
	if (rc == 1 && f.digest.n == 32) {
		l->d.batch = f.id;
		l->begun = f.bytes;
		memcpy(digest, f.digest.p, 32);
	}
	return (rc == -1 ? -1 : 0);
}

/* ---- the file ---- */

/* The part of s that ends with a whole line: in CSV a line feed within quotes ends none. */
static size_t
whole_lines(struct str s, bool csv)
{
	bool quoted = false;
	size_t end = 0;

	for (size_t i = 0; i < s.n; i++) {
		quoted = quoted != (csv && s.p[i] == '"');
		if (s.p[i] == '\n' && !quoted)
			end = i + 1;
	}
	return (end);
}

/* Fills the room.  1 and l->lines.left, 0 at the end, or -1 after saying what is wrong. */
static int
refill(struct load *l)
{
	ssize_t got;
	size_t n;

	while (l->held < ROOM && (got = read(l->fd, l->room + l->held, ROOM - l->held)) != 0) {
		if (got == -1 && errno != EINTR) {
			fprintf(stderr, "%s: %s\n", l->w->file, strerror(errno));
			return (-1);
		}
		l->held += got == -1 ? 0 : (size_t)got;
	}
	n = l->held < ROOM ? l->held : whole_lines((struct str){l->room, l->held}, l->lines.csv);
	if (n == 0 && l->held > 0) {
		fprintf(
		    stderr, "%s: line %lld is longer than %zu bytes\n", l->w->file, (long long)l->lines.line + 1, ROOM);
		return (-1);
	}
	l->lines.left = (struct str){l->room, n};
	return (n > 0);
}

/* Takes away what was read of the room. */
static void
drop(struct load *l, size_t n)
{

	memmove(l->room, l->room + n, l->held - n);
	l->held -= n;
}

/* Counts bytes of the file as read. */
static void
digest_add(struct load *l, struct str bytes)
{
	char *both = arena_alloc(l->worker->a, sizeof(l->digest) + bytes.n);

	memcpy(both, l->digest, sizeof(l->digest));
	memcpy(both + sizeof(l->digest), bytes.p, bytes.n);
	crypt_sha256((struct str){both, sizeof(l->digest) + bytes.n}, l->digest);
	l->at += (int64_t)bytes.n;
}

/* ---- a set ---- */

/* In one transaction.  0, 1: again, or -1. */
static int
try_set(struct load *l, struct usage_line *lines, size_t n, int64_t counts[USAGE_VERDICTS])
{
	struct rq rq = request(l);
	struct usage_delivery d = l->d;

	if (query_run_system(&rq, Q_bill_usage_isolate) == -1 || db_begin(rq.w->db) == -1)
		return (db_error(rq.w->db) == DB_REFUSED ? -1 : 1);
	if (usage_take(&rq, &d, lines, n, counts) == 0) {
		rq.audit_object = d.batch;
		rq.audit_detail =
		    arena_printf(rq.a, "received %lld same %lld rejected %lld", (long long)counts[USAGE_RECEIVED],
			(long long)counts[USAGE_SAME], (long long)counts[USAGE_REJECTED]);
		if (audit_write(&rq, "usage_batch.create", true) == 0 && db_commit(rq.w->db) == 0) {
			l->d = d;
			return (0);
		}
	}
	db_rollback(rq.w->db);
	return (rq.again || problem_status(rq.problem) == 503 || rq.problem == P_none ? 1 : -1);
}

/* 0, or -1 after saying that it is over. */
static int
take_set(struct load *l, struct line_set *set)
{
	struct usage_line *lines = arena_alloc(l->worker->a, (set->n + 1) * sizeof(*lines));
	int64_t counts[USAGE_VERDICTS];
	int rc = 1;

	l->d.bytes = l->at;
	l->d.digest = l->digest;
	l->d.done = l->at == l->size;
	for (unsigned i = 0; rc == 1 && i < TRIES; i++) {
		if (i > 1) /* others are changing the same rows, or the server starts again */
			sleep(i < 5 ? 1 : 3);
		for (size_t k = 0; k < set->n; k++)
			usage_read(l->worker->a, &set->lines[k], l->d.source, &lines[k]);
		/* Whether a commit whose connection broke was done shows now: then all of it is there, and the same. */
		rc = try_set(l, lines, set->n, counts);
	}
	if (rc != 0) {
		fprintf(stderr, "usage load: stopped at line %lld; run it again to go on there\n",
		    (long long)l->lines.line);
		return (-1);
	}
	for (int v = 0; v < USAGE_VERDICTS; v++)
		l->sums[v] += counts[v];
	for (size_t k = 0; k < set->n; k++)
		if (lines[k].verdict == USAGE_REJECTED)
			l->reasons[lines[k].reason]++;
	return (0);
}

static int64_t
judged(const struct load *l)
{

	return (l->sums[USAGE_RECEIVED] + l->sums[USAGE_SAME] + l->sums[USAGE_REJECTED]);
}

static void
progress(const struct load *l)
{
	const int64_t s = (int64_t)(time(NULL) - l->start) + 1;

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%3d %%  %lld lines, %lld not taken, %lld/s ",
		    (int)(l->size == 0 ? 100 : l->at * 100 / l->size), (long long)judged(l),
		    (long long)l->sums[USAGE_REJECTED], (long long)(judged(l) / s));
}

/* ---- all of it ---- */

/* One pass over the file.  0, 1: what was in is no longer the same, begin anew; or -1. */
static int
pass(struct load *l, const unsigned char before[32])
{
	struct line_set set = {.n = 0};
	struct str from;
	int rc;

	while ((rc = refill(l)) == 1) {
		const size_t whole = l->lines.left.n;

		while (l->lines.left.n > 0) {
			from = l->lines.left;
			lines_set(l->worker->a, &l->lines, &set);
			from.n -= l->lines.left.n; /* by lengths: of a last line without a line feed nothing is left */
			digest_add(l, from);
			if (l->at == l->begun && memcmp(l->digest, before, 32) == 0)
				fprintf(stderr, "goes on behind line %lld\n", (long long)l->lines.line);
			else if (l->at >= l->begun && l->at - (int64_t)from.n < l->begun)
				return (1);
			else if (l->at > l->begun && take_set(l, &set) == -1)
				return (-1);
			arena_reset(l->worker->a);
			progress(l);
		}
		drop(l, whole);
	}
	return (rc);
}

/* The head of a CSV lives as long as the load.  0, or -1 after saying what is wrong. */
static int
read_head(struct load *l, struct arena *kept)
{
	struct rq rq = {.a = kept, .content_type = l->lines.csv ? S("text/csv") : S("application/x-ndjson")};
	int rc;

	if ((rc = refill(l)) == -1)
		return (-1);
	rq.body_text = rc == 0 ? S("") : arena_str(kept, l->lines.left);
	if (lines_open(&rq, INT64_MAX - 1, &l->lines) == -1) {
		fprintf(stderr, "%s: %.*s\n", l->w->file, STR_ARG(rq.problem_detail));
		return (-1);
	}
	digest_add(l, (struct str){l->room, rq.body_text.n - l->lines.left.n});
	drop(l, rq.body_text.n - l->lines.left.n);
	return (0);
}

/* From the beginning of the file on. */
static int
load_file(struct load *l, struct arena *kept, const unsigned char before[32])
{
	const bool csv = l->lines.csv;

	if (lseek(l->fd, 0, SEEK_SET) == -1)
		return (-1);
	l->lines = (struct lines){.csv = csv};
	l->at = 0;
	l->held = 0;
	memset(l->digest, 0, sizeof(l->digest));
	return (read_head(l, kept) == -1 ? -1 : pass(l, before));
}

static void
report(struct load *l)
{
	struct buf b;

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\n");
	buf_init(&b, l->worker->a, 64 * 1024);
	buf_addz(&b, "{\"batch\":\"");
	seal_id(l->worker->key, RES_usage_batch, l->d.batch, &b);
	buf_printf(&b, "\",\"lines\":%lld,\"received\":%lld,\"same\":%lld,\"rejected\":%lld,\"reasons\":{",
	    (long long)judged(l), (long long)l->sums[USAGE_RECEIVED], (long long)l->sums[USAGE_SAME],
	    (long long)l->sums[USAGE_REJECTED]);
	for (int r = 1, first = 1; r < USAGE_REASON__MAX; r++)
		if (l->reasons[r] > 0) {
			buf_printf(&b, "%s\"%s\":%lld", first ? "" : ",", usage_reason_code((enum usage_reason)r),
			    (long long)l->reasons[r]);
			first = 0;
		}
	buf_addz(&b, "}}\n");
	if (l->w->json) {
		fwrite(b.p, 1, b.n, stdout);
		return;
	}
	printf("%lld lines: %lld received, %lld known already, %lld not taken\n", (long long)judged(l),
	    (long long)l->sums[USAGE_RECEIVED], (long long)l->sums[USAGE_SAME], (long long)l->sums[USAGE_REJECTED]);
	for (int r = 1; r < USAGE_REASON__MAX; r++)
		if (l->reasons[r] > 0)
			printf("%8lld  %s\n", (long long)l->reasons[r], usage_reason_words((enum usage_reason)r));
}

static bool
ends_with(const char *s, const char *end)
{
	const size_t n = strlen(s), m = strlen(end);

	return (n >= m && strcmp(s + n - m, end) == 0);
}

static int
run(struct load *l, struct arena *kept)
{
	unsigned char before[32] = {0};
	const char *slash = strrchr(l->w->file, '/');
	struct stat st;
	int rc;

	if ((l->fd = open(l->w->file, O_RDONLY | O_CLOEXEC)) == -1 || fstat(l->fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		fprintf(stderr, "%s: %s\n", l->w->file, l->fd == -1 ? strerror(errno) : "it is no file");
		return (1);
	}
	l->size = st.st_size;
	l->lines.csv = ends_with(l->w->file, ".csv");
	l->d = (struct usage_delivery){.way = "file",
	    .size = l->size,
	    .name = str_of(slash == NULL ? l->w->file : slash + 1),
	    .source = str_of(l->w->source == NULL ? SOURCE : l->w->source)};
	if (find_tenant(l) == -1 || find_begun(l, before) == -1)
		return (1);
	l->d.deliverer = l->tenant;
	if ((rc = load_file(l, kept, before)) == 1) {
		fprintf(stderr, "the file is another one than that which was cut off: it begins anew\n");
		l->begun = l->d.batch = 0;
		rc = load_file(l, kept, before);
	}
	close(l->fd);
	if (rc != 0)
		return (1);
	report(l);
	return (l->sums[USAGE_REJECTED] > 0 ? 3 : 0);
}

int
cli_usage(int argc, char **argv)
{
	struct words w = {.file = NULL};
	struct arena *kept;
	struct worker worker;
	struct load *l;
	int rc;

	if (read_words(argc, argv, &w) == -1)
		return (2);
	if (worker_open(&worker) == -1)
		return (1);
	kept = arena_open();
	l = arena_zero(kept, 1, sizeof(*l));
	*l = (struct load){.w = &w, .worker = &worker, .fd = -1, .start = time(NULL), .room = arena_alloc(kept, ROOM)};
	if (db_connect(worker.db) == -1) {
		fprintf(stderr, "database: %s\n", db_error_text(worker.db));
		rc = 1;
	} else {
		rc = run(l, kept);
	}
	arena_close(kept);
	worker_close(&worker);
	return (rc);
}
