#include "trade/bulk.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/date.h"

#define CHUNK_ROWS 1900           /* a cluster wants small transactions: below 2,000 rows */
#define CHUNK_BYTES (960u * 1024) /* and below 1 MiB */
#define ROW_BYTES (64u * 1024)    /* more than the longest row */
#define TRIES 6
#define SENDERS 2
#define SPARE (2 * SENDERS)

struct chunk {
	struct buf text;
	int rows;
	size_t table;
	struct chunk *next; /* in the list of those that wait, or of those that are free */
};

/* Sends chunks on its own connection: the server works on several at a time. */
struct sender {
	struct bulk *b;
	struct db *db;
	unsigned generation; /* of the connection that the checks were turned off on */
	pthread_t thread;
};

struct bulk {
	const struct bulk_table *tables;
	struct chunk **chunks; /* the one being filled of each table */
	size_t n_tables, at;   /* at: the table of the row being written */
	int (*tick)(void *);
	void *tick_arg;
	bool first_value;
	struct sender senders[SENDERS];
	int n_senders;

	pthread_mutex_t lock; /* for all below */
	pthread_cond_t changed;
	struct chunk *waiting, *last, *free; /* last of the waiting ones */
	int64_t rows;
	bool ending, failed;
};

/*
 * One INSERT is one transaction.  Where the connection was lost it is not known whether
 * the rows arrived; they carry their ids, so on the second try a duplicate says yes.
 */
static int
send_chunk(struct sender *s, struct str sql)
{
	bool unknown = false;

	for (int i = 0; i < TRIES; i++) {
		/* A new connection knows nothing of the old one's settings. */
		if (db_connect(s->db) == 0 &&
		    (s->generation == db_generation(s->db) ||
			db_plain(s->db, S("SET SESSION foreign_key_checks = 0, unique_checks = 0")) == 0)) {
			s->generation = db_generation(s->db);
			if (db_plain(s->db, sql) == 0 || (unknown && db_error(s->db) == DB_DUPLICATE))
				return (0);
		}
		if (db_error(s->db) == DB_LOST) {
			unknown = true;
			sleep((unsigned)i); /* a server that starts again takes some seconds */
		} else if (db_error(s->db) != DB_AGAIN && db_error(s->db) != DB_DOWN)
			return (-1);
	}
	return (-1);
}

/* The next chunk to send, or NULL at the end. */
static struct chunk *
next_chunk(struct bulk *b)
{
	struct chunk *c;

	pthread_mutex_lock(&b->lock);
	while (b->waiting == NULL && !b->ending)
		pthread_cond_wait(&b->changed, &b->lock);
	if ((c = b->waiting) != NULL)
		b->waiting = c->next;
	pthread_mutex_unlock(&b->lock);
	return (c);
}

static void *
sender_main(void *arg)
{
	struct sender *s = arg;
	struct bulk *b = s->b;
	struct chunk *c;

	while ((c = next_chunk(b)) != NULL) {
		bool failed = bulk_failed(b) || send_chunk(s, buf_str(&c->text)) == -1;

		pthread_mutex_lock(&b->lock);
		if (!failed)
			b->rows += c->rows;
		else if (!b->failed) {
			fprintf(stderr, "%s: %s\n", b->tables[c->table].name, db_error_text(s->db));
			b->failed = true;
		}
		c->next = b->free;
		b->free = c;
		pthread_cond_broadcast(&b->changed);
		pthread_mutex_unlock(&b->lock);
	}
	return (NULL);
}

struct bulk *
bulk_open(struct db *db, struct arena *a, const struct bulk_table *tables, size_t n_tables, int (*tick)(void *),
    void *tick_arg)
{
	struct bulk *b = arena_zero(a, 1, sizeof(*b));
	struct chunk *all = arena_zero(a, n_tables + SPARE, sizeof(*all));

	*b = (struct bulk){.tables = tables, .n_tables = n_tables, .tick = tick, .tick_arg = tick_arg};
	b->chunks = arena_zero(a, n_tables, sizeof(*b->chunks));
	for (size_t i = 0; i < n_tables + SPARE; i++) {
		buf_init(&all[i].text, a, CHUNK_BYTES + 2 * ROW_BYTES);
		if (i < n_tables)
			b->chunks[i] = &all[i];
		else {
			all[i].next = b->free;
			b->free = &all[i];
		}
	}
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->changed, NULL);
	for (; b->n_senders < SENDERS; b->n_senders++) {
		struct sender *s = &b->senders[b->n_senders];

		*s = (struct sender){.b = b, .db = db_another(db)};
		if (pthread_create(&s->thread, NULL, sender_main, s) != 0) {
			db_close(s->db);
			break;
		}
	}
	if (b->n_senders == 0) {
		fprintf(stderr, "bulk load: no thread can be started\n");
		b->failed = true;
	}
	return (b);
}

static void
fail(struct bulk *b)
{

	pthread_mutex_lock(&b->lock);
	b->failed = true;
	pthread_mutex_unlock(&b->lock);
}

/* Hands the table's chunk over and takes a free one in its place. */
static void
hand_over(struct bulk *b, size_t table)
{
	struct chunk *c = b->chunks[table];

	c->table = table;
	c->next = NULL;
	pthread_mutex_lock(&b->lock);
	if (b->waiting == NULL)
		b->waiting = c;
	else
		b->last->next = c;
	b->last = c;
	pthread_cond_broadcast(&b->changed);
	while (b->free == NULL)
		pthread_cond_wait(&b->changed, &b->lock);
	b->chunks[table] = b->free;
	b->free = b->free->next;
	pthread_mutex_unlock(&b->lock);
}

static void
flush(struct bulk *b, size_t table)
{
	struct chunk *c = b->chunks[table];

	if (buf_failed(&c->text)) {
		fprintf(stderr, "%s: a row is longer than %u bytes\n", b->tables[table].name, ROW_BYTES);
		fail(b);
	} else if (c->rows > 0 && !bulk_failed(b))
		hand_over(b, table);
	c = b->chunks[table];
	buf_clear(&c->text);
	c->rows = 0;
	if (b->tick != NULL && !bulk_failed(b) && b->tick(b->tick_arg) == -1)
		fail(b);
}

void
bulk_row(struct bulk *b, size_t table)
{
	struct chunk *c = b->chunks[table];

	if (c->rows == 0) {
		buf_addz(&c->text, b->tables[table].insert);
		buf_char(&c->text, '(');
	} else
		buf_addz(&c->text, ",\n(");
	b->at = table;
	b->first_value = true;
}

/* The text of the row being written, behind the comma that parts its values. */
static struct buf *
value(struct bulk *b)
{
	struct buf *t = &b->chunks[b->at]->text;

	if (!b->first_value)
		buf_char(t, ',');
	b->first_value = false;
	return (t);
}

void
bulk_int(struct bulk *b, int64_t v)
{

	buf_int(value(b), v);
}

static void
fixed(struct buf *t, int64_t v, int64_t unit)
{
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	if (v < 0)
		buf_char(t, '-');
	buf_int(t, (int64_t)(u / (uint64_t)unit));
	buf_char(t, '.');
	for (u %= (uint64_t)unit, unit /= 10; unit > 0; unit /= 10)
		buf_char(t, (char)('0' + u / (uint64_t)unit % 10));
}

void
bulk_millionths(struct bulk *b, int64_t v)
{

	fixed(value(b), v, 1000000);
}

void
bulk_hundredths(struct bulk *b, int64_t v)
{

	fixed(value(b), v, 100);
}

void
bulk_date(struct bulk *b, int64_t days)
{
	struct buf *t = value(b);

	buf_char(t, '\'');
	date_plain(t, days);
	buf_char(t, '\'');
}

void
bulk_text(struct bulk *b, struct str s)
{
	struct buf *t = value(b);
	size_t from = 0;

	/* The connection's character set is UTF-8, in which no later byte of a character looks like these. */
	buf_char(t, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\'' && s.p[i] != '\\' && s.p[i] != '\0')
			continue;
		buf_add(t, (struct str){s.p + from, i - from});
		buf_char(t, '\\');
		from = i + (s.p[i] == '\0');
		if (s.p[i] == '\0')
			buf_char(t, '0');
	}
	buf_add(t, (struct str){s.p + from, s.n - from});
	buf_char(t, '\'');
}

void
bulk_z(struct bulk *b, const char *z)
{

	bulk_text(b, str_of(z));
}

void
bulk_null(struct bulk *b)
{

	buf_addz(value(b), "NULL");
}

void
bulk_end(struct bulk *b)
{
	struct chunk *c = b->chunks[b->at];

	buf_char(&c->text, ')');
	c->rows++;
	if (c->rows >= CHUNK_ROWS || c->text.n >= CHUNK_BYTES || buf_failed(&c->text))
		flush(b, b->at);
}

int64_t
bulk_rows(struct bulk *b)
{
	int64_t rows;

	pthread_mutex_lock(&b->lock);
	rows = b->rows;
	pthread_mutex_unlock(&b->lock);
	return (rows);
}

bool
bulk_failed(struct bulk *b)
{
	bool failed;

	pthread_mutex_lock(&b->lock);
	failed = b->failed;
	pthread_mutex_unlock(&b->lock);
	return (failed);
}

int64_t
bulk_close(struct bulk *b)
{

	for (size_t i = 0; i < b->n_tables; i++)
		flush(b, i);
	pthread_mutex_lock(&b->lock);
	b->ending = true;
	pthread_cond_broadcast(&b->changed);
	pthread_mutex_unlock(&b->lock);
	for (int i = 0; i < b->n_senders; i++) {
		pthread_join(b->senders[i].thread, NULL);
		db_close(b->senders[i].db);
	}
	pthread_cond_destroy(&b->changed);
	pthread_mutex_destroy(&b->lock);
	return (b->failed ? -1 : b->rows);
}
