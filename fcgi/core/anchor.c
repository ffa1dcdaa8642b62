#include "core/anchor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "core/admin_query.h"
#include "core/rq.h"

#define TAIL 1024 /* bytes at the end that are sure to hold whole lines */
#define CUT " cut"

struct anchors {
	FILE *f;
	char *text;
	size_t room;
	int64_t line, left; /* bytes that were there when it was opened */
};

int
anchor_hash(struct str hex, unsigned char out[CHAIN_HASH])
{
	static const char digits[] = "0123456789abcdef";

	if (hex.n != 2 * CHAIN_HASH)
		return (-1);
	for (size_t i = 0; i < hex.n; i++) {
		const char *d = hex.p[i] == '\0' ? NULL : strchr(digits, hex.p[i]);

		if (d == NULL)
			return (-1);
		out[i / 2] = (unsigned char)((i % 2 == 0 ? 0 : out[i / 2] << 4) | (d - digits));
	}
	return (0);
}

void
anchor_hex(const unsigned char link[CHAIN_HASH], char out[2 * CHAIN_HASH + 1])
{

	for (size_t i = 0; i < CHAIN_HASH; i++)
		snprintf(out + 2 * i, 3, "%02x", link[i]);
}

/* "count hash time", without its line feed. */
static int
parse(struct str line, struct anchor *out)
{
	struct str rest, at, count = str_cut(line, ' ', &rest), hash = str_cut(rest, ' ', &at);

	if (str_int(count, &out->count) == -1 || out->count < 0 || anchor_hash(hash, out->link) == -1 || at.n != 20 ||
	    at.p[10] != 'T' || at.p[19] != 'Z')
		return (-1);
	snprintf(out->at, sizeof(out->at), "%.*s", STR_ARG(at));
	return (0);
}

struct anchors *
anchor_open(const char *file)
{
	FILE *f = fopen(file, "re");
	struct anchors *r = f == NULL ? NULL : calloc(1, sizeof(*r));
	struct stat st;

	if (r == NULL || fstat(fileno(f), &st) == -1) {
		if (f != NULL)
			fclose(f);
		free(r);
		return (NULL);
	}
	r->f = f;
	r->left = st.st_size;
	return (r);
}

int
anchor_next(struct anchors *f, struct anchor *out, int64_t *line)
{
	ssize_t n;

	while (f->left > 0 && (n = getline(&f->text, &f->room, f->f)) > 0) {
		*line = ++f->line;
		f->left -= n;
		if (f->text[n - 1] != '\n') /* being written, or cut: the last one */
			return (0);
		n--;
		if (n >= (ssize_t)strlen(CUT) && memcmp(f->text + n - strlen(CUT), CUT, strlen(CUT)) == 0)
			continue;
		return (parse((struct str){f->text, (size_t)n}, out) == 0 ? 1 : -1);
	}
	return (0);
}

void
anchor_close(struct anchors *f)
{

	if (f == NULL)
		return;
	fclose(f->f);
	free(f->text);
	free(f);
}

/* The last line that is one.  1, 0 where there is none, -1 (errno).  *cut: no line feed at the end. */
static int
last_line(int fd, struct anchor *out, bool *cut)
{
	char tail[TAIL];
	struct stat st;
	ssize_t n;
	size_t end, begin;

	if (fstat(fd, &st) == -1 ||
	    (n = pread(fd, tail, sizeof(tail), st.st_size > TAIL ? st.st_size - TAIL : 0)) == -1)
		return (-1);
	*cut = n > 0 && tail[n - 1] != '\n';
	for (end = (size_t)n; end > 0; end = begin) {
		for (begin = end - 1; begin > 0 && tail[begin - 1] != '\n'; begin--)
			;
		if (tail[end - 1] == '\n' && parse((struct str){tail + begin, end - 1 - begin}, out) == 0)
			return (1);
	}
	return (0);
}

static int
add_link(void *ctx, const struct db_val *v)
{

	memcpy(ctx, v[0].s.p, CHAIN_HASH);
	return (0);
}

/* Is the link that was noted last still in the chain?  Says so once where it is not. */
static void
compare(const struct anchor *last, const struct chain_head *head, struct db *db, struct arena *a)
{
	static bool told; /* written by the one thread of portico-jobs */
	struct arg args[] = {{"seq", {.type = DB_INT, .i = last->count}}};
	unsigned char link[CHAIN_HASH] = {0};
	int64_t n = last->count == 0 ? 1 : query_each_admin(db, a, Q_audit_link, args, 1, add_link, link);

	if (n == -1)
		return; /* logged; the next round looks again */
	if (n == 1 && memcmp(link, last->link, CHAIN_HASH) == 0) {
		told = false;
	} else if (!told) {
		log_error("audit",
		    "the chain has %lld links and link %lld is not what was noted at %s: "
		    "run portico audit verify",
		    (long long)head->count, (long long)last->count, last->at);
		told = true;
	}
}

/* Adds a line and waits for the disk.  0, or -1 (errno). */
static int
append(int fd, const struct chain_head *head, bool cut)
{
	char line[160], hex[2 * CHAIN_HASH + 1], at[24];
	time_t now = time(NULL); /* the real one, also where tests set the server's clock */
	struct tm tm;
	int n;

	gmtime_r(&now, &tm);
	strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &tm);
	anchor_hex(head->link, hex);
	n = snprintf(line, sizeof(line), "%s%lld %s %s\n", cut ? CUT "\n" : "", (long long)head->count, hex, at);
	errno = ENOSPC; /* what a short write means */
	return (write(fd, line, (size_t)n) == n && fdatasync(fd) == 0 ? 0 : -1);
}

/* A new file is there after a power cut only when its folder is on the disk too. */
static int
sync_folder(const char *file, struct arena *a)
{
	const char *slash = strrchr(file, '/');
	struct str folder = slash == NULL ? S(".")
	    : slash == file               ? S("/")
					  : (struct str){file, (size_t)(slash - file)};
	int fd = open(arena_str(a, folder).p, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd == -1)
		return (-1);
	rc = fsync(fd);
	close(fd);
	return (rc);
}

/* What the file and the chain say now.  1 there is something to note, 0 nothing, -1 (logged). */
static int
look(int fd, const char *file, struct db *db, struct arena *a, struct chain_head *head, bool *begun, bool *cut)
{
	struct anchor last = {.count = -1};
	int had = last_line(fd, &last, cut);

	if (had == -1) {
		log_error("audit", "%s: %s", file, strerror(errno));
		return (-1);
	}
	*begun = had == 1;
	if (chain_head(db, a, head) == -1)
		return (-1);
	if (*begun)
		compare(&last, head, db, a);
	return (head->count > last.count);
}

/* Under the lock: somebody else may have noted it meanwhile.  0, or -1 (logged). */
static int
note(int fd, const char *file, struct db *db, struct arena *a)
{
	struct chain_head head;
	bool begun, cut;
	int rc = look(fd, file, db, a, &head, &begun, &cut);

	if (rc != 1)
		return (rc);
	if (!begun && head.count > 0)
		log_error("audit", "%s: there is no anchor; begun anew at link %lld", file, (long long)head.count);
	if (append(fd, &head, cut) == 0 && (begun || sync_folder(file, a) == 0))
		return (0);
	log_error("audit", "%s: %s", file, strerror(errno));
	return (-1);
}

int
anchor_note(const char *file, struct db *db, struct arena *a)
{
	int fd = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640), rc;
	struct chain_head head;
	bool begun, cut;

	if (fd == -1) {
		log_error("audit", "%s: %s", file, strerror(errno));
		return (-1);
	}
	rc = look(fd, file, db, a, &head, &begun, &cut);
	if (rc == 1 && flock(fd, LOCK_EX) == -1) {
		log_error("audit", "%s: %s", file, strerror(errno));
		rc = -1;
	}
	if (rc == 1)
		rc = note(fd, file, db, a);
	close(fd);
	return (rc);
}
