#include "trade/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "wire/crypt.h"

#define FILES_MAX 500
#define FILE_MAX ((off_t)1024 * 1024)

/* The whole file into the arena.  0, or -1 after saying why. */
static int
read_file(struct arena *a, const char *path, struct str *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t got = 0;
	char *p;

	if (fd == -1 || fstat(fd, &st) == -1 || st.st_size > FILE_MAX) {
		fprintf(stderr, "%s: %s\n", path, fd == -1 ? strerror(errno) : "longer than 1 MiB");
		if (fd != -1)
			close(fd);
		return (-1);
	}
	p = arena_alloc(a, (size_t)st.st_size + 1);
	for (off_t at = 0; at < st.st_size; at += got)
		if ((got = read(fd, p + at, (size_t)(st.st_size - at))) <= 0) {
			fprintf(stderr, "%s: cannot be read\n", path);
			close(fd);
			return (-1);
		}
	close(fd);
	*text = (struct str){p, (size_t)st.st_size};
	return (0);
}

static bool
is_blank(struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		if (strchr(" \t\r\n", s.p[i]) == NULL)
			return (false);
	return (true);
}

/* The next statement of a file, up to a line that ends with the delimiter; comment lines are
 * left out, and lines `DELIMITER x` set it.  False at the end. */
static bool
next_statement(struct arena *a, struct str *rest, struct str *delimiter, struct str *sql)
{
	struct buf b;

	buf_init(&b, a, (size_t)FILE_MAX);
	while (rest->n > 0) {
		struct str line = str_cut(*rest, '\n', rest);

		while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]) != NULL)
			line.n--;
		if (str_starts(line, S("--")) || (line.n == 0 && b.n == 0))
			continue;
		if (str_starts(line, S("DELIMITER "))) {
			*delimiter = (struct str){line.p + 10, line.n - 10};
			continue;
		}
		if (line.n >= delimiter->n &&
		    str_eq((struct str){line.p + line.n - delimiter->n, delimiter->n}, *delimiter)) {
			line.n -= delimiter->n;
			buf_add(&b, line);
			*sql = buf_str(&b);
			return (true);
		}
		/* A comment behind the code may hold the delimiter's text, but never ends with it. */
		buf_add(&b, line);
		buf_char(&b, '\n');
	}
	*sql = buf_str(&b);
	return (!is_blank(*sql));
}

/* Puts the settings where a setup file has @name@. */
static struct str
fill_in(struct arena *a, struct str text, const struct arg *words, size_t n)
{
	struct buf b;

	buf_init(&b, a, (size_t)FILE_MAX);
	while (text.n > 0) {
		struct str rest, before = str_cut(text, '@', &rest), name;
		size_t i = 0;

		buf_add(&b, before);
		if (rest.p == NULL)
			break;
		name = str_cut(rest, '@', &text);
		while (i < n && !str_eqz(name, words[i].name))
			i++;
		if (i < n) {
			buf_add(&b, words[i].v.s);
		} else { /* an @ of the text's own, as between user and host */
			buf_char(&b, '@');
			text = rest;
		}
	}
	return (buf_str(&b));
}

/* What goes into quotes of a setup file must not be able to end them. */
static bool
is_plain(const char *s)
{

	return (strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-%") == strlen(s));
}

/* A file of setup/ with the settings in it.  0, or -1 after saying why. */
static int
setup_text(struct arena *a, const char *name, const char *database, struct str *text)
{
	const char *password = conf_secret(CONF_db_password_file);
	struct str path = arena_printf(a, "%s/setup/%s", conf_text(CONF_migrate_dir), name);
	struct arg words[] = {
	    {"database", {.s = str_of(database)}},
	    {"user", {.s = str_of(conf_text(CONF_db_user))}},
	    {"from", {.s = conf_text(CONF_db_socket)[0] != '\0' ? S("localhost") : S("%")}},
	    {"password", {.s = str_of(password)}},
	};

	if (password == NULL || !is_plain(password) || !is_plain(database) || !is_plain(conf_text(CONF_db_user))) {
		fprintf(stderr, "db_name, db_user and the password may only hold letters, digits, _ . - and %%\n");
		return (-1);
	}
	if (read_file(a, path.p, text) == -1)
		return (-1);
	*text = fill_in(a, *text, words, sizeof(words) / sizeof(words[0]));
	return (0);
}

static int
setup(struct db *db, struct arena *a, const char *name, const char *database)
{
	struct str text, delimiter = S(";"), sql;

	if (setup_text(a, name, database, &text) == -1)
		return (-1);
	while (next_statement(a, &text, &delimiter, &sql))
		if (db_plain(db, sql) == -1) {
			fprintf(stderr, "setup/%s: %s\n", name, db_error_text(db));
			return (-1);
		}
	return (0);
}

struct state {
	int64_t done, started;
};

static int
read_state(void *ctx, const struct db_val *v)
{

	*(struct state *)ctx = (struct state){v[0].i, v[1].i};
	return (0);
}

/* A name for these grants and what the database says of them now, or of no such user.  0, or -1. */
static int
grants_name(struct db *db, struct arena *a, char name[80])
{
	struct str text, wanted, delimiter = S(";"), sql;
	const struct db_val *row;
	struct db_stmt *st;
	unsigned char h[32];
	struct buf all;

	if (setup_text(a, "granted.sql", conf_text(CONF_db_name), &text) == -1 ||
	    setup_text(a, "grants.sql", conf_text(CONF_db_name), &wanted) == -1 ||
	    !next_statement(a, &text, &delimiter, &sql))
		return (-1);
	buf_init(&all, a, (size_t)FILE_MAX);
	buf_add(&all, wanted);
	if ((st = db_prepare(db, sql)) != NULL && db_run(st, NULL) == 0)
		while (db_fetch(st, &row) == 1)
			buf_add(&all, row[0].s);
	if (st != NULL && !db_gone(db))
		db_stmt_close(st);
	crypt_sha256(buf_str(&all), h);
	snprintf(name, 80, "grants.sql %02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x", h[0], h[1], h[2], h[3], h[4],
	    h[5], h[6], h[7], h[8], h[9], h[10], h[11]);
	return (0);
}

/* Takes all rights away and gives the right ones, but only where they are others than these:
 * between the two, whoever is at work is refused. */
static int
grants(struct db *db, struct arena *a)
{
	char name[80];
	struct arg args[] = {{"name", {.type = DB_TEXT}}, {"n", {.type = DB_INT, .i = 1}}};
	struct state state = {0, 0};

	if (grants_name(db, a, name) == -1)
		return (-1);
	args[0].v.s = str_of(name);
	if (query_each_admin(db, a, Q_migration_state, args, 1, read_state, &state) == -1)
		return (-1);
	if (state.done == 1)
		return (0);
	if (setup(db, a, "grants.sql", conf_text(CONF_db_name)) == -1 || grants_name(db, a, name) == -1)
		return (-1);
	args[0].v.s = str_of(name);
	return (query_run_admin(db, a, Q_migration_start, args, 2) == -1 ||
		    query_run_admin(db, a, Q_migration_done, args, 2) == -1
		? -1
		: 0);
}

/* A statement that was begun and not noted as done may have been carried out: then it says
 * that what it makes (or drops) is (not) there. */
static bool
was_done(const struct db *db)
{
	static const unsigned codes[] = {1050, 1060, 1061, 1068, 1091, 1359, 1826, 1062};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (db_error_code(db) == codes[i])
			return (true);
	/* A foreign key's name: the code alone stands for much else. */
	return (db_error_code(db) == 1005 && strstr(db_error_text(db), "errno: 121 ") != NULL);
}

/* Notes that statement n of a file begins or is through; of a scratch database nobody asks how far it came.  0, or -1. */
static int
note(struct db *db, struct arena *a, enum query q, struct arg *args, int64_t n, bool scratch)
{

	args[1].v.i = n;
	return (scratch ? 0 : query_run_admin(db, a, q, args, 2) == -1 ? -1 : 0);
}

static int
one_file(struct db *db, struct arena *a, const char *name, bool scratch)
{
	struct arg args[] = {{"name", {.type = DB_TEXT, .s = str_of(name)}}, {"n", {.type = DB_INT}}};
	struct str path = arena_printf(a, "%s/%s", conf_text(CONF_migrate_dir), name), text, sql, delimiter = S(";");
	struct state state = {0, 0};
	int64_t n = 0, begun;

	if (read_file(a, path.p, &text) == -1 ||
	    query_each_admin(db, a, Q_migration_state, args, 1, read_state, &state) == -1)
		return (-1);
	begun = state.started;
	while (next_statement(a, &text, &delimiter, &sql)) {
		if (n++ < state.done)
			continue;
		if (note(db, a, Q_migration_start, args, n, scratch) == -1)
			return (-1);
		if (db_plain(db, sql) == -1 && !(begun == n && was_done(db))) {
			fprintf(stderr, "%s: statement %lld: %s\n", path.p, (long long)n, db_error_text(db));
			return (-1);
		}
		if (note(db, a, Q_migration_done, args, n, scratch) == -1)
			return (-1);
	}
	if (n > state.done && !scratch)
		fprintf(stderr, "migrated %s\n", name);
	return (0);
}

static int
by_name(const void *a, const void *b)
{

	return (strcmp(*(char *const *)a, *(char *const *)b));
}

/* The *.sql of CONF_migrate_dir in order: the count, or -1. */
static int
list_files(struct arena *a, char **names)
{
	DIR *dir = opendir(conf_text(CONF_migrate_dir));
	struct dirent *e;
	int n = 0;

	if (dir == NULL) {
		fprintf(stderr, "migrate_dir %s: %s\n", conf_text(CONF_migrate_dir), strerror(errno));
		return (-1);
	}
	while ((e = readdir(dir)) != NULL) {
		size_t length = strlen(e->d_name);

		if (length < 5 || strcmp(e->d_name + length - 4, ".sql") != 0)
			continue;
		if (n == FILES_MAX) {
			fprintf(stderr, "more than %d migrations\n", FILES_MAX);
			n = -1;
			break;
		}
		names[n++] = (char *)arena_str(a, str_of(e->d_name)).p;
	}
	closedir(dir);
	if (n > 0)
		qsort(names, (size_t)n, sizeof(*names), by_name);
	return (n);
}

/* The database of that name with all files in it; its users are another matter.  0, or -1 after saying why. */
static int
all_files(struct db *db, struct arena *a, const char *database, bool scratch)
{
	char **names = arena_zero(a, FILES_MAX, sizeof(*names));
	int n = list_files(a, names), rc = n == -1 ? -1 : 0;

	if (db_connect(db) == -1) {
		fprintf(stderr, "database: %s\n", db_error_text(db));
		rc = -1;
	}
	if (rc == 0)
		rc = setup(db, a, "database.sql", database);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = one_file(db, a, names[i], scratch);
	return (rc);
}

int
migrate(struct db *db)
{
	struct arena *a = arena_open();
	int rc = all_files(db, a, conf_text(CONF_db_name), false);

	if (rc == 0)
		rc = grants(db, a);
	arena_close(a);
	return (rc);
}

int
migrate_scratch(struct db *db, const char *name)
{
	struct arena *a = arena_open();
	int rc = all_files(db, a, name, true);

	arena_close(a);
	return (rc);
}

int
migrate_scratch_drop(struct db *db, const char *name)
{
	struct arena *a = arena_open();
	int rc = setup(db, a, "scratch_drop.sql", name);

	arena_close(a);
	return (rc);
}
