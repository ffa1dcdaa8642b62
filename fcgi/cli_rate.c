#include "cli_rate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/conf.h"
#include "base/csv.h"
#include "cli_admin.h"
#include "trade/rate.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define HEAD "currency,worth_in,day,rate,source"
#define CELLS 5

struct line {
	struct rate rate;
	int64_t at; /* of the file, from 1 */
};

struct file {
	const char *name;
	struct line *lines;
	size_t n;
};

static int64_t
line_feeds(struct str s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return (n);
}

/* The whole file; p NULL after saying why not. */
static struct str
read_file(struct arena *a, const char *name)
{
	FILE *f = fopen(name, "rb");
	struct str none = {NULL, 0}, text;
	char *room;

	if (f == NULL) {
		fprintf(stderr, "rate load: %s: %s\n", name, strerror(errno));
		return (none);
	}
	room = arena_alloc(a, FILE_MAX + 1);
	text = (struct str){room, fread(room, 1, FILE_MAX + 1, f)};
	if (ferror(f) != 0 || text.n > FILE_MAX) {
		fprintf(stderr, "rate load: %s cannot be read, or has more than 4 MiB\n", name);
		text = none;
	}
	fclose(f);
	return (text);
}

static bool
tell(const struct file *f, int64_t at, const char *what, const char *detail)
{

	fprintf(stderr, "%s:%lld: %s%s%s\n", f->name, (long long)at, what, *what == '\0' ? "" : ": ", detail);
	return (false);
}

static bool
is_head(const struct csv_record *r)
{
	static const char *const names[CELLS] = {"currency", "worth_in", "day", "rate", "source"};
	bool good = r->n == CELLS;

	for (size_t i = 0; good && i < CELLS; i++)
		good = str_eqz(r->cells[i], names[i]);
	return (good);
}

/* Every line is looked at, so that all that is wrong is told at once.  False: something is. */
static bool
read_lines(struct arena *a, struct str text, struct file *f)
{
	const struct str whole = text;
	const char *why = NULL;
	struct csv_record r;
	struct rate_wrong w;
	bool good = true, head = true;
	int rc;

	f->lines = arena_zero(a, (size_t)line_feeds(text) + 1, sizeof(*f->lines));
	if (str_starts(text, S(CSV_BOM)))
		text = (struct str){text.p + sizeof(CSV_BOM) - 1, text.n - (sizeof(CSV_BOM) - 1)};
	while (text.n > 0) {
		int64_t at = 1 + line_feeds((struct str){whole.p, (size_t)(text.p - whole.p)});

		if ((rc = csv_next(a, &text, &r, &why)) == 0)
			break;
		if (rc == -1) {
			good = tell(f, at, "", why);
			continue;
		}
		if (head) {
			if (!is_head(&r))
				return (tell(f, at, "", "the first line must be " HEAD));
			head = false;
			continue;
		}
		if (r.n == 1 && r.cells[0].n == 0)
			continue;
		if (r.n != CELLS) {
			good = tell(f, at, "", "it must have five cells: " HEAD);
			continue;
		}
		f->lines[f->n] = (struct line){{r.cells[0], r.cells[1], r.cells[2], r.cells[3], r.cells[4]}, at};
		if (rate_is_wrong(&f->lines[f->n++].rate, &w))
			good = tell(f, at, w.member, w.detail);
	}
	return (head ? tell(f, 1, "", "the first line must be " HEAD) : good);
}

/* All of it or nothing.  The exit status. */
static int
set_all(struct db *db, struct arena *a, const struct file *f)
{
	size_t set = 0, same = 0;
	struct str day = S("");
	int64_t id = 0;

	if (db_begin(db) == -1)
		return (1);
	for (size_t i = 0; i < f->n; i++) {
		switch (rate_set(db, a, &f->lines[i].rate, 0, &id, &day)) {
		case RATE_SET:
			set++;
			continue;
		case RATE_SAME:
			same++;
			continue;
		case RATE_BILLED:
			fprintf(stderr, "%s:%lld: day: something was billed by an earlier rate on %.*s\n", f->name,
			    (long long)f->lines[i].at, STR_ARG(day));
			db_rollback(db);
			return (2);
		case RATE_FAILED:
			db_rollback(db);
			return (1);
		}
	}
	if (db_commit(db) == -1) {
		fprintf(stderr, "rate load: nobody knows whether it is done; the same command harms nothing\n");
		return (1);
	}
	printf("%zu set, %zu as they were\n", set, same);
	return (0);
}

int
cli_rate(int argc, char **argv)
{
	struct file f = {.name = argc == 2 ? argv[1] : ""};
	struct arena *a;
	struct str text;
	struct db *db;
	int rc = 2;

	if (argc != 2 || strcmp(argv[0], "load") != 0) {
		fprintf(stderr, "rate needs the word load and a file\n");
		return (2);
	}
	a = arena_open();
	text = read_file(a, f.name);
	if (text.p != NULL && read_lines(a, text, &f)) {
		db = cli_admin_db(conf_text(CONF_db_name));
		rc = db == NULL ? 1 : set_all(db, a, &f);
		if (db != NULL)
			db_close(db);
	} else if (text.p != NULL) {
		fprintf(stderr, "rate load: nothing of it is set\n");
	}
	arena_close(a);
	return (rc);
}
