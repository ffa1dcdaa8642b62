#include "cli_rehearse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "cli_admin.h"
#include "cli_stop.h"
#include "trade/migrate.h"
#include "trade/rehearse.h"

#define CASE_MAX ((size_t)16 * 1024 * 1024)
#define OUT_MAX ((size_t)256 * 1024 * 1024)

/* The whole file.  0, or -1 after saying why. */
static int
read_case(const char *path, struct buf *b)
{
	FILE *f = fopen(path, "rb");
	size_t got = 1;
	char *p;

	if (f == NULL) {
		fprintf(stderr, "rehearse: %s: %s\n", path, strerror(errno));
		return (-1);
	}
	while (got > 0 && (p = buf_room(b, 65536)) != NULL) {
		got = fread(p, 1, 65536, f);
		buf_took(b, got);
	}
	if (ferror(f) || buf_failed(b)) {
		fprintf(stderr, "rehearse: %s: %s\n", path, buf_failed(b) ? "longer than 16 MiB" : strerror(errno));
		fclose(f);
		return (-1);
	}
	fclose(f);
	return (0);
}

/* In a database of this call's own, which is dropped whatever happens. */
static int
in_scratch(struct arena *a, const struct settlement_case *c, struct buf *out, struct str *wrong)
{
	struct str name =
	    arena_printf(a, "%s_rehearsal_%d_%lld", conf_text(CONF_db_name), (int)getpid(), (long long)time(NULL));
	struct db *admin = cli_admin_db(NULL), *db = NULL;
	int rc = -1;

	if (admin == NULL)
		return (-1);
	if (migrate_scratch(admin, name.p) == 0 && cli_go_on(NULL) && (db = cli_admin_db(name.p)) != NULL) {
		rc = rehearse(db, a, c, cli_go_on, NULL, out, wrong);
		db_close(db);
	}
	if (migrate_scratch_drop(admin, name.p) == -1) {
		fprintf(stderr, "rehearse: the database %s could not be dropped\n", name.p);
		rc = -1;
	}
	db_close(admin);
	return (rc);
}

/* Without the white space between the values. */
static void
on_one_line(const struct buf *out)
{
	bool quoted = false, escaped = false;

	for (size_t i = 0; i < out->n; i++) {
		char c = out->p[i];

		if (c == '"' && !escaped)
			quoted = !quoted;
		escaped = c == '\\' && !escaped;
		if (quoted || (c != '\n' && c != ' '))
			putchar(c);
	}
	putchar('\n');
}

static int
run(struct arena *a, const char *path, bool json)
{
	const struct settlement_case *c;
	struct str wrong = S("");
	struct buf text, out;
	int rc = -1;

	buf_init(&text, a, CASE_MAX);
	buf_init(&out, a, OUT_MAX);
	if (read_case(path, &text) == -1)
		return (2);
	if ((c = rehearse_case(a, buf_str(&text), &wrong)) != NULL)
		rc = in_scratch(a, c, &out, &wrong);
	if (wrong.n > 0) {
		fprintf(stderr, "rehearse: %s: %.*s\n", path, STR_ARG(wrong));
		return (2);
	}
	if (rc == -1) {
		fprintf(stderr, "rehearse: %s: it could not be run%s\n", path, cli_go_on(NULL) ? "" : ": interrupted");
		return (1);
	}
	if (json)
		on_one_line(&out);
	else
		fwrite(out.p, 1, out.n, stdout);
	return (fflush(stdout) == 0 ? 0 : 1);
}

int
cli_rehearse(int argc, char **argv)
{
	const char *path = NULL;
	bool json = false;
	struct arena *a;
	int rc;

	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (path == NULL && argv[i][0] != '-')
			path = argv[i];
		else {
			fprintf(stderr, "rehearse: %s is not known here\n", argv[i]);
			return (2);
		}
	if (path == NULL) {
		fprintf(stderr, "rehearse needs the file of a settlement case\n");
		return (2);
	}
	cli_stop_catch();
	a = arena_open();
	rc = run(a, path, json);
	arena_close(a);
	return (rc);
}
