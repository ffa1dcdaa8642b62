#include "plan.h"

#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATEMENTS 32
#define PARAMS 200
#define COLUMNS 64
#define COLUMN 2048

struct param {
	char type;
	long long i;
	char *text;
	unsigned long n;
};

struct statement {
	char *sql;
	unsigned long n;
	struct param params[PARAMS];
	unsigned n_params;
};

static struct statement plan[STATEMENTS]; /* written by plan_read, before any thread */
static unsigned n_statements;
void
plan_fail(const char *what)
{

	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static char *
unhex(const char *hex, unsigned long *n)
{
	char *out = malloc(strlen(hex) / 2 + 1);

	if (out == NULL)
		plan_fail("no memory");
	for (*n = 0; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
		const char two[3] = {hex[0], hex[1], '\0'};

		out[(*n)++] = (char)strtol(two, NULL, 16);
	}
	out[*n] = '\0';
	return (out);
}

static void
read_line(char *line)
{
	struct statement *s = n_statements == 0 ? NULL : &plan[n_statements - 1];
	struct param *p;

	line[strcspn(line, "\n")] = '\0';
	if (line[0] == 'S') {
		if (n_statements == STATEMENTS)
			plan_fail("too many statements");
		s = &plan[n_statements++];
		s->sql = unhex(line + 2, &s->n);
		return;
	}
	if (s == NULL || s->n_params == PARAMS)
		plan_fail("a parameter without a statement, or too many");
	p = &s->params[s->n_params++];
	p->type = line[0];
	if (p->type == 'I')
		p->i = strtoll(line + 2, NULL, 10);
	else if (p->type == 'T' || p->type == 'B')
		p->text = unhex(line + 2, &p->n);
	else if (p->type != 'N')
		plan_fail("a line of the plan begins with none of S I T B N");
}

void
plan_read(const char *file)
{
	FILE *f = fopen(file, "r");
	char *line = NULL;
	size_t room = 0;

	if (f == NULL)
		plan_fail("the plan cannot be read");
	while (getline(&line, &room, f) > 0)
		read_line(line);
	free(line);
	fclose(f);
}

/* A prepared statement with everything bound, once. */
struct ready {
	MYSQL_STMT *st;
	unsigned n_cols;
	MYSQL_BIND params[PARAMS], columns[COLUMNS];
	unsigned long lengths[COLUMNS];
	my_bool nulls[COLUMNS];
	char *rows; /* COLUMN bytes for each column */
};

static void
bind_params(struct ready *r, struct statement *s)
{

	for (unsigned i = 0; i < s->n_params; i++) {
		struct param *p = &s->params[i];
		MYSQL_BIND *b = &r->params[i];

		b->buffer_type = p->type == 'I' ? MYSQL_TYPE_LONGLONG
		    : p->type == 'T'            ? MYSQL_TYPE_STRING
		    : p->type == 'B'            ? MYSQL_TYPE_BLOB
						: MYSQL_TYPE_NULL;
		b->buffer = p->type == 'I' ? (void *)&p->i : p->text;
		b->buffer_length = p->n;
	}
	if (s->n_params > 0 && mysql_stmt_bind_param(r->st, r->params))
		plan_fail(mysql_stmt_error(r->st));
}

static void
bind_columns(struct ready *r)
{
	MYSQL_RES *meta = mysql_stmt_result_metadata(r->st);

	if (meta == NULL)
		return;
	r->n_cols = mysql_num_fields(meta);
	if (r->n_cols > COLUMNS || (r->rows = calloc(r->n_cols, COLUMN)) == NULL)
		plan_fail("too many columns");
	for (unsigned i = 0; i < r->n_cols; i++) {
		enum enum_field_types type = mysql_fetch_field_direct(meta, i)->type;
		int whole = type == MYSQL_TYPE_TINY || type == MYSQL_TYPE_SHORT || type == MYSQL_TYPE_LONG ||
		    type == MYSQL_TYPE_LONGLONG;

		r->columns[i] = (MYSQL_BIND){.buffer_type = whole ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_STRING,
		    .buffer = r->rows + i * COLUMN,
		    .buffer_length = COLUMN,
		    .length = &r->lengths[i],
		    .is_null = &r->nulls[i]};
	}
	mysql_free_result(meta);
	if (mysql_stmt_bind_result(r->st, r->columns))
		plan_fail(mysql_stmt_error(r->st));
}

static void
prepare(MYSQL *my, struct ready *r, struct statement *s)
{

	r->st = mysql_stmt_init(my);
	if (r->st == NULL || mysql_stmt_prepare(r->st, s->sql, s->n) != 0)
		plan_fail(r->st == NULL ? "no memory" : mysql_stmt_error(r->st));
	if (mysql_stmt_param_count(r->st) != s->n_params)
		plan_fail("a statement and its parameters do not agree");
	bind_params(r, s);
	bind_columns(r);
}

static void
run_once(struct ready *r)
{
	int rc = 0;

	if (mysql_stmt_execute(r->st) != 0)
		plan_fail(mysql_stmt_error(r->st));
	if (r->n_cols == 0)
		return;
	while ((rc = mysql_stmt_fetch(r->st)) == 0)
		continue;
	if (rc != MYSQL_NO_DATA)
		plan_fail(rc == MYSQL_DATA_TRUNCATED ? "a column is too long" : mysql_stmt_error(r->st));
	mysql_stmt_free_result(r->st);
}

struct connection {
	MYSQL *my;
	struct ready ready[STATEMENTS];
};

struct connection *
plan_connect(const char *sock, const char *user, const char *database)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (c == NULL || (c->my = mysql_init(NULL)) == NULL)
		plan_fail("no memory");
	mysql_options(c->my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (mysql_real_connect(c->my, NULL, user, NULL, database, 0, sock, 0) == NULL)
		plan_fail(mysql_error(c->my));
	for (unsigned i = 0; i < n_statements; i++)
		prepare(c->my, &c->ready[i], &plan[i]);
	return (c);
}

void
plan_run(struct connection *c)
{

	for (unsigned i = 0; i < n_statements; i++)
		run_once(&c->ready[i]);
}
