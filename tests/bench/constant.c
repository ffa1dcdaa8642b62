/* The list of customers with everything constant: the SQL comes whole, without parameters, and
 * every column is written without a question.  What the real list takes more processor time is
 * what rights, scope and the field filter cost.  Linked over the worker in place of customer_list
 * (--wrap); BENCH_SQL is the statement. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/page.h"

int __wrap_customer_list(struct rq *rq);

enum { AT_KEY = 4, AT_ID = 5, AT_FIRST = 5 };
static const struct {
	const char *key;
	int resource; /* of an id; -1: text */
} columns[] = {
    {"\"id\":", RES_customer},
    {",\"tenant\":", RES_tenant},
    {",\"tenant_name\":", -1},
    {",\"number\":", -1},
    {",\"name\":", -1},
    {",\"kind\":", -1},
    {",\"parent\":", RES_customer},
    {",\"segment\":", RES_segment},
    {",\"segment_name\":", -1},
    {",\"segment_by\":", -1},
    {",\"agent\":", RES_user},
    {",\"agent_name\":", -1},
    {",\"city\":", -1},
    {",\"country\":", -1},
    {",\"language\":", -1},
    {",\"state\":", -1},
    {",\"since\":", -1},
};
#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void
write_row(struct rq *rq, struct seal_batch *ids, const struct db_val *row)
{
	struct buf *b = &rq->out;

	buf_char(b, '{');
	for (size_t i = 0; i < N_COLUMNS; i++) {
		buf_addz(b, columns[i].key);
		if (row[AT_FIRST + i].type == DB_NULL) {
			buf_addz(b, "null");
			continue;
		}
		if (columns[i].resource == -1) {
			json_str(b, row[AT_FIRST + i].s);
			continue;
		}
		buf_char(b, '"');
		seal_batch_add(ids, rq->w->key, (enum resource)columns[i].resource, row[AT_FIRST + i].i, b);
		buf_char(b, '"');
	}
	buf_char(b, '}');
}

static void
write_next(struct rq *rq, struct str key, int64_t id)
{
	struct str bytes = arena_printf(rq->a, "00%.*s", STR_ARG(key));

	buf_addz(&rq->out, "],\"next\":\"");
	seal_id(rq->w->key, RES_customer, id, &rq->out);
	seal_base32(&rq->out, (const unsigned char *)bytes.p, bytes.n);
	buf_addz(&rq->out, "\"}");
}

int
__wrap_customer_list(struct rq *rq)
{
	static _Thread_local struct db_stmt *st;
	static _Thread_local unsigned generation;
	const struct db_val *row;
	struct seal_batch ids;
	struct str key = S("");
	int64_t id = 0;

	if (st == NULL || generation != db_generation(rq->w->db))
		st = db_prepare(rq->w->db, str_of(getenv("BENCH_SQL")));
	generation = db_generation(rq->w->db);
	if (st == NULL || db_run(st, NULL) == -1)
		return (query_failed(rq, "BENCH_SQL"));
	ids.n = 0;
	buf_addz(&rq->out, "{\"data\":[");
	for (int n = 0; n < 50 && db_fetch(st, &row) == 1; n++) {
		if (n > 0)
			buf_char(&rq->out, ',');
		write_row(rq, &ids, row);
		key = n == 49 ? arena_str(rq->a, row[AT_KEY].s) : key;
		id = row[AT_ID].i;
	}
	seal_batch_end(&ids, rq->w->key, &rq->out);
	db_done(st);
	write_next(rq, key, id);
	return (200);
}
