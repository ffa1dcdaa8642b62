#include "wire/db.h"

#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "wire/db_part.h"

_Static_assert(STMT_INDICATOR_NONE == 0 && STMT_INDICATOR_NULL == 1, "db_column.nulls");

#define COLUMN_LEAST (sizeof(MYSQL_TIME) + 10)
#define COLUMN_START 512 /* bytes; a longer value makes its buffer grow */

struct db_stmt {
	MYSQL_STMT *st;
	struct db *db;
	struct db_stmt *next, **prev; /* all of the connection */
	unsigned n_params, n_cols;
	MYSQL_BIND *params, *binds;
	struct db_val *row;
	unsigned long *lengths;
	my_bool *nulls;
	char **names;
	bool open; /* has rows to fetch */
};

struct db {
	struct db_conf conf;
	MYSQL *my; /* NULL: not connected */
	struct db_stmt *stmts;
	unsigned generation;
	bool begun; /* in a transaction, which may have been lost with its connection */
	enum db_error error;
	unsigned code;
	char text[256];
	int64_t changed;
};

struct db *
db_open(const struct db_conf *conf)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL) {
		log_error("memory", "no room for a connection");
		_Exit(70);
	}
	db->conf = *conf;
	return (db);
}

struct db *
db_another(const struct db *db)
{

	return (db_open(&db->conf));
}

static void
disconnect(struct db *db)
{

	while (db->stmts != NULL)
		db_stmt_close(db->stmts);
	if (db->my != NULL)
		mysql_close(db->my);
	db->my = NULL;
}

void
db_close(struct db *db)
{

	if (db == NULL)
		return;
	disconnect(db);
	mysql_thread_end();
	free(db);
}

/* Remembers the failure; a lost connection is closed at once.  Returns -1. */
static int
failed(struct db *db, unsigned code, const char *text)
{

	db->code = code;
	db->error = db_class_of(code);
	/* A duplicate's text carries the value; values are nobody's business in a log. */
	snprintf(db->text, sizeof(db->text), "%s", db->error == DB_DUPLICATE ? "duplicate key" : text);
	if (db->error == DB_LOST)
		disconnect(db);
	return (-1);
}

/* Connects to one server: 0, or -1. */
static int
connect_to(struct db *db, const char *host, unsigned port)
{
	unsigned connect_s = 3, io_s = db->conf.wait_s;
	my_bool off = 0, on = 1;

	if ((db->my = mysql_init(NULL)) == NULL)
		return (failed(db, 2008, "no memory for a connection"));
	mysql_options(db->my, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	mysql_options(db->my, MYSQL_OPT_READ_TIMEOUT, &io_s);
	mysql_options(db->my, MYSQL_OPT_WRITE_TIMEOUT, &io_s);
	mysql_options(db->my, MYSQL_OPT_RECONNECT, &off); /* a silent reconnect would lose a transaction unseen */
	mysql_options(db->my, MYSQL_OPT_LOCAL_INFILE, NULL);
	mysql_options(db->my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(db->my, MYSQL_INIT_COMMAND,
	    "SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5, "
	    "idle_write_transaction_timeout = 60, " /* core/chain.h rests on it */
	    "sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'");
	if (db->conf.tls_ca != NULL) {
		mysql_ssl_set(db->my, NULL, NULL, db->conf.tls_ca, NULL, NULL);
		mysql_options(db->my, MYSQL_OPT_SSL_ENFORCE, &on);
		mysql_options(db->my, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
	}
	if (mysql_real_connect(
		db->my, host, db->conf.user, db->conf.password, db->conf.database, port, db->conf.socket, 0) == NULL) {
		failed(db, mysql_errno(db->my), mysql_error(db->my));
		if (db->error == DB_LOST)
			db->error = DB_DOWN;
		disconnect(db);
		return (-1);
	}
	db->generation++;
	db->error = DB_OK;
	return (0);
}

int
db_connect(struct db *db)
{
	struct str rest, host, port_text;
	int64_t port;
	char name[256];

	if (db->my != NULL)
		return (0);
	if (db->begun)
		return (failed(db, 2013, "the transaction was lost with its connection"));
	if (db->conf.socket != NULL)
		return (connect_to(db, NULL, 0));
	for (rest = str_of(db->conf.hosts); rest.n > 0;) {
		host = str_cut(str_cut(rest, ',', &rest), ':', &port_text);
		port = 3306;
		if (port_text.n > 0 && (str_int(port_text, &port) == -1 || port < 1 || port > 65535))
			return (failed(db, 2005, "db_hosts: a port is no number"));
		snprintf(name, sizeof(name), "%.*s", STR_ARG(host));
		if (connect_to(db, name, (unsigned)port) == 0)
			return (0);
	}
	return (db->code != 0 ? -1 : failed(db, 2005, "neither db_socket nor db_hosts is set"));
}

enum db_error
db_error(const struct db *db)
{

	return (db->error);
}

const char *
db_error_text(const struct db *db)
{

	return (db->text);
}

unsigned
db_error_code(const struct db *db)
{

	return (db->code);
}

int64_t
db_changed(const struct db *db)
{

	return (db->changed);
}

bool
db_gone(const struct db *db)
{

	return (db->my == NULL);
}

unsigned
db_generation(const struct db *db)
{

	return (db->generation);
}

int
db_plain(struct db *db, struct str sql)
{
	MYSQL_RES *result;

	if (db_connect(db) == -1)
		return (-1);
	if (mysql_real_query(db->my, sql.p, sql.n) != 0)
		return (failed(db, mysql_errno(db->my), mysql_error(db->my)));
	db->changed = (int64_t)mysql_affected_rows(db->my);
	if ((result = mysql_store_result(db->my)) != NULL)
		mysql_free_result(result);
	else if (mysql_errno(db->my) != 0)
		return (failed(db, mysql_errno(db->my), mysql_error(db->my)));
	return (0);
}

int
db_begin(struct db *db)
{
	db->begun = db_plain(db, S("BEGIN")) == 0;
	return (db->begun ? 0 : -1);
}

int
db_commit(struct db *db)
{
	int rc = db_plain(db, S("COMMIT"));

	if (rc == -1)
		db_rollback(db);
	db->begun = false;
	return (rc);
}

void
db_rollback(struct db *db)
{
	enum db_error error = db->error; /* the caller still asks what went wrong before */

	if (db->begun && db->my != NULL && mysql_real_query(db->my, "ROLLBACK", 8) != 0) {
		log_error("rollback", "%u %s", mysql_errno(db->my), mysql_error(db->my));
		disconnect(db); /* or the next BEGIN would commit what is open */
	}
	db->error = error;
	db->begun = false;
}

void
db_stmt_close(struct db_stmt *st)
{

	*st->prev = st->next;
	if (st->next != NULL)
		st->next->prev = st->prev;
	if (st->st != NULL)
		mysql_stmt_close(st->st);
	for (unsigned i = 0; i < st->n_cols; i++) {
		if (st->binds != NULL)
			free(st->binds[i].buffer);
		if (st->names != NULL)
			free(st->names[i]);
	}
	free(st->params);
	free(st->binds);
	free(st->row);
	free(st->lengths);
	free(st->nulls);
	free(st->names);
	free(st);
}

static void *
zeroed(size_t n, size_t size)
{
	void *p = calloc(n == 0 ? 1 : n, size);

	if (p == NULL) {
		log_error("memory", "no room for a statement");
		_Exit(70);
	}
	return (p);
}

/* Integers come as numbers, all else as text.  Dates are made text here, behind their
 * MYSQL_TIME: the library's own way costs more than the rest of a row. */
static void
bind_column(struct db_stmt *st, unsigned i, const MYSQL_FIELD *field)
{
	MYSQL_BIND *b = &st->binds[i];
	bool whole = IS_NUM(field->type) && field->type != MYSQL_TYPE_DECIMAL && field->type != MYSQL_TYPE_NEWDECIMAL &&
	    field->type != MYSQL_TYPE_FLOAT && field->type != MYSQL_TYPE_DOUBLE &&
	    field->type != MYSQL_TYPE_TIMESTAMP &&
	    field->type != MYSQL_TYPE_NULL; /* a parameter that is selected has no type yet */

	b->buffer_type = whole               ? MYSQL_TYPE_LONGLONG
	    : field->type == MYSQL_TYPE_DATE ? MYSQL_TYPE_DATE
					     : MYSQL_TYPE_STRING;
	b->buffer_length = field->length >= COLUMN_START ? COLUMN_START
	    : field->length < COLUMN_LEAST               ? COLUMN_LEAST
							 : field->length + 1;
	b->buffer = zeroed(b->buffer_length, 1);
	b->length = &st->lengths[i];
	b->is_null = &st->nulls[i];
	st->row[i].type = whole ? DB_INT : DB_TEXT;
	st->names[i] = strdup(field->name);
}

static int
bind_result(struct db_stmt *st)
{
	MYSQL_RES *meta = mysql_stmt_result_metadata(st->st);

	if (meta == NULL)
		return (mysql_stmt_errno(st->st) == 0 ? 0 : -1); /* a statement without a result */
	st->n_cols = mysql_num_fields(meta);
	st->binds = zeroed(st->n_cols, sizeof(*st->binds));
	st->row = zeroed(st->n_cols, sizeof(*st->row));
	st->lengths = zeroed(st->n_cols, sizeof(*st->lengths));
	st->nulls = zeroed(st->n_cols, sizeof(*st->nulls));
	st->names = zeroed(st->n_cols, sizeof(*st->names));
	for (unsigned i = 0; i < st->n_cols; i++)
		bind_column(st, i, mysql_fetch_field_direct(meta, i));
	mysql_free_result(meta);
	return (mysql_stmt_bind_result(st->st, st->binds) ? -1 : 0);
}

struct db_stmt *
db_prepare(struct db *db, struct str sql)
{
	struct db_stmt *st;

	if (db_connect(db) == -1)
		return (NULL);
	st = zeroed(1, sizeof(*st));
	st->db = db;
	st->next = db->stmts;
	st->prev = &db->stmts;
	if (st->next != NULL)
		st->next->prev = &st->next;
	db->stmts = st;
	if ((st->st = mysql_stmt_init(db->my)) == NULL) {
		db_stmt_close(st);
		failed(db, 2008, "no memory for a statement");
		return (NULL);
	}
	if (mysql_stmt_prepare(st->st, sql.p, sql.n) != 0 || bind_result(st) == -1) {
		failed(db, mysql_stmt_errno(st->st), mysql_stmt_error(st->st));
		if (db->error != DB_LOST) /* or it was closed with its connection */
			db_stmt_close(st);
		return (NULL);
	}
	st->n_params = (unsigned)mysql_stmt_param_count(st->st);
	st->params = zeroed(st->n_params, sizeof(*st->params));
	return (st);
}

unsigned
db_n_cols(const struct db_stmt *st)
{

	return (st->n_cols);
}

struct str
db_col_name(const struct db_stmt *st, unsigned i)
{

	return (str_of(st->names[i]));
}

int
db_run(struct db_stmt *st, const struct db_val *args)
{
	struct db *db = st->db;

	db_done(st);
	for (unsigned i = 0; i < st->n_params; i++) {
		MYSQL_BIND *b = &st->params[i];

		*b = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_NULL};
		if (args[i].type == DB_INT) {
			b->buffer_type = MYSQL_TYPE_LONGLONG;
			b->buffer = (void *)&args[i].i; /* only read */
		} else if (args[i].type != DB_NULL) {
			b->buffer_type = args[i].type == DB_BYTES ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
			b->buffer = (void *)(args[i].s.p == NULL ? "" : args[i].s.p);
			b->buffer_length = args[i].s.n;
		}
	}
	if ((st->n_params > 0 && mysql_stmt_bind_param(st->st, st->params)) || mysql_stmt_execute(st->st) != 0)
		return (failed(db, mysql_stmt_errno(st->st), mysql_stmt_error(st->st)));
	st->open = st->n_cols > 0;
	if (!st->open)
		db->changed = (int64_t)mysql_stmt_affected_rows(st->st);
	return (0);
}

int
db_run_rows(struct db_stmt *st, struct arena *a, const struct db_values *values, size_t n)
{
	unsigned size = (unsigned)n, none = 0;
	struct db_column c;
	int rc;

	db_done(st);
	for (unsigned i = 0; i < st->n_params; i++) {
		MYSQL_BIND *b = &st->params[i];

		db_column(a, values[i], n, &c);
		*b = (MYSQL_BIND){.u.indicator = c.nulls, .length = c.lengths};
		b->buffer_type = c.type == DB_INT ? MYSQL_TYPE_LONGLONG
		    : c.type == DB_BYTES          ? MYSQL_TYPE_BLOB
						  : MYSQL_TYPE_STRING;
		b->buffer = c.type == DB_INT ? (void *)c.ints : (void *)c.texts;
	}
	rc = mysql_stmt_attr_set(st->st, STMT_ATTR_ARRAY_SIZE, &size) || mysql_stmt_bind_param(st->st, st->params) ||
	    mysql_stmt_execute(st->st) != 0;
	mysql_stmt_attr_set(st->st, STMT_ATTR_ARRAY_SIZE, &none); /* db_run runs it once again */
	if (rc != 0)
		return (failed(st->db, mysql_stmt_errno(st->st), mysql_stmt_error(st->st)));
	st->db->changed = (int64_t)mysql_stmt_affected_rows(st->st);
	return (0);
}

/* A value was longer than its buffer: reads it again into a larger one. */
static int
refetch(struct db_stmt *st, unsigned i)
{
	MYSQL_BIND *b = &st->binds[i];
	char *larger = realloc(b->buffer, st->lengths[i]);

	if (larger == NULL) {
		log_error("memory", "no room for a column");
		_Exit(70);
	}
	b->buffer = larger;
	b->buffer_length = st->lengths[i];
	if (mysql_stmt_fetch_column(st->st, b, i, 0) != 0)
		return (failed(st->db, mysql_stmt_errno(st->st), mysql_stmt_error(st->st)));
	return (0);
}

int
db_fetch(struct db_stmt *st, const struct db_val **row)
{
	bool grown = false;
	int rc;

	if (!st->open)
		return (0);
	rc = mysql_stmt_fetch(st->st);
	if (rc == MYSQL_NO_DATA) {
		db_done(st);
		return (0);
	}
	if (rc != 0 && rc != MYSQL_DATA_TRUNCATED) /* what the server says between rows, the connection alone knows */
		return (failed(st->db, mysql_errno(st->db->my), mysql_error(st->db->my)));
	for (unsigned i = 0; i < st->n_cols; i++) {
		MYSQL_BIND *b = &st->binds[i];
		struct db_val *v = &st->row[i];
		bool whole = b->buffer_type == MYSQL_TYPE_LONGLONG;
		MYSQL_TIME *t = b->buffer;

		if (st->nulls[i]) {
			v->type = DB_NULL;
			continue;
		}
		if (!whole && st->lengths[i] > b->buffer_length) {
			if (refetch(st, i) == -1)
				return (-1);
			grown = true;
		}
		v->type = whole ? DB_INT : DB_TEXT;
		v->s = (struct str){b->buffer, st->lengths[i]};
		if (whole)
			memcpy(&v->i, b->buffer, sizeof(v->i));
		if (b->buffer_type == MYSQL_TYPE_DATE) {
			date_digits((char *)(t + 1), t->year, t->month, t->day);
			v->s = (struct str){(char *)(t + 1), 10};
		}
	}
	if (grown && mysql_stmt_bind_result(st->st, st->binds))
		return (failed(st->db, mysql_stmt_errno(st->st), mysql_stmt_error(st->st)));
	*row = st->row;
	return (1);
}

void
db_done(struct db_stmt *st)
{

	if (st->open)
		mysql_stmt_free_result(st->st);
	st->open = false;
}
