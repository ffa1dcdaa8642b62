/* All rows of a list in one answer, a page of the database at a time, in memory that does not grow with them. */
#include "base/conf.h"
#include "base/csv.h"
#include "base/money.h"
#include "core/export.h"
#include "core/mask.h"
#include "core/query_run.h"
#include "core/seal.h"
#include "core/stream.h"
#include "core/worker.h"

#define PAGE 1000

struct walk {
	struct rq *rq;
	struct run *run;
	struct arena *a;        /* of one page */
	struct buf key;         /* of the row that the next page begins behind */
	int64_t left;           /* rows that may still be walked */
	int64_t rows;           /* written */
	bool begun, more, gone; /* gone: nobody listens any more */
};

static bool
has_currency(const struct column *c)
{
	const enum field_type type = access_fields[c->field].type;

	return (type == T_MONEY || type == T_PRICE);
}

static void
csv_head(struct buf *b, const struct prepared *p, uint64_t mask)
{
	const char *comma = "";

	buf_addz(b, CSV_BOM);
	for (uint64_t left = mask; left != 0; left &= left - 1, comma = ",") {
		const struct column *c = &p->columns[__builtin_ctzll(left)];

		buf_addz(b, comma);
		csv_text(b, c->name);
		if (has_currency(c))
			buf_printf(b, ",%.*s_currency", STR_ARG(c->name));
	}
	buf_addz(b, CSV_END);
}

/* Amount and currency are two cells: a figure that can be added up, and what it is of. */
static void
csv_money(struct walk *w, const struct column *c, const struct db_val *row, const struct db_val *v)
{
	struct buf *b = &w->rq->out;

	if (w->run->decimals == -1) {
		problem(w->rq, P_internal, "an amount has no known currency");
		return;
	}
	if (access_fields[c->field].type == T_PRICE)
		money_price(b, v->s, w->run->decimals);
	else
		money_plain(b, v->i, w->run->decimals);
	buf_char(b, ',');
	csv_text(b, row[w->run->p->currency].s);
}

/* What is nothing is an empty cell, and an empty text is "".  Numbers of ours and ids need no quotes. */
static void
csv_cell(struct walk *w, const struct column *c, const struct db_val *row, size_t i)
{
	const enum field_type type = access_fields[c->field].type;
	const struct db_val *v = &row[i];
	struct rq *rq = w->rq;

	if (v->type == DB_NULL)
		buf_addz(&rq->out, has_currency(c) ? "," : "");
	else if (!may_read(rq->who.rights, c->field))
		csv_text(&rq->out, mask_text(rq->a, v->s)); /* only texts are masked */
	else if ((int)type >= T_ID_FIRST)
		seal_batch_add(&w->run->ids, rq->w->key, (enum resource)((int)type - T_ID_FIRST), v->i, &rq->out);
	else if (has_currency(c))
		csv_money(w, c, row, v);
	else if (type == T_DECIMAL)
		money_price(&rq->out, v->s, 0);
	else if (type == T_TIME)
		query_write_time(&rq->out, v->s);
	else if (type == T_OBJECT)
		query_write_of(rq, w->run, row, v->i);
	else if (type == T_BOOL)
		buf_addz(&rq->out, v->i != 0 ? "true" : "false");
	else if (v->type == DB_INT)
		buf_int(&rq->out, v->i);
	else
		csv_text(&rq->out, v->s);
}

static void
write_row(struct walk *w, const struct db_val *row, uint64_t mask)
{
	struct buf *b = &w->rq->out;

	if (w->rq->format == FORMAT_ndjson) {
		query_write_object(w->rq, w->run, row, mask);
		buf_char(b, '\n');
		return;
	}
	for (uint64_t left = mask; left != 0; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);

		if (left != mask)
			buf_char(b, ',');
		csv_cell(w, &w->run->p->columns[i], row, i);
	}
	buf_addz(b, CSV_END);
}

/* Sends what is written, once it is worth its way or that is all.  0, or -1. */
static int
send_piece(struct walk *w, bool all)
{

	if (w->rq->out.n < STREAM_PIECE && !all)
		return (0);
	seal_batch_end(&w->run->ids, w->rq->w->key, &w->rq->out);
	if (stream_part(w->rq) == 0)
		return (0);
	w->gone = w->rq->problem == P_none;
	return (-1);
}

/* One page: 0, or -1 where there can be no other. */
static int
page(struct walk *w)
{
	const int64_t asked = w->left < PAGE ? w->left : PAGE;
	struct rq *rq = w->rq;
	const struct db_val *row;
	int64_t n = 0;
	uint64_t mask;
	bool shown;
	int rc;

	w->run->page = asked + 1; /* one more tells whether there is another page */
	if (query_start(rq, (enum query)w->run->v.query, w->run) == -1)
		return (-1);
	mask = query_visible(rq, w->run);
	if (!w->begun && rq->format == FORMAT_csv)
		csv_head(&rq->out, w->run->p, mask);
	w->begun = true;
	while ((rc = query_fetch(rq, w->run, &row, &shown)) == 1 && n++ < asked) {
		if (shown) {
			write_row(w, row, mask);
			w->rows++;
		}
		if (n == asked) {
			buf_clear(&w->key);
			buf_add(&w->key, row[w->run->p->key].s);
			w->run->after_id = row[w->run->p->id].i;
		}
		if (rq->problem != P_none || send_piece(w, false) == -1)
			break;
	}
	if (rc == 1)
		query_stop(rq, w->run);
	w->more = rc == 1;
	w->left -= n < asked ? n : asked;
	w->run->after_key = (struct db_val){.type = DB_TEXT, .s = buf_str(&w->key)};
	w->run->v.after = true;
	return (w->gone || rq->problem != P_none ? -1 : 0);
}

/* There are more rows than one export may have: its last line says so, and where to go on. */
static void
write_rest(struct walk *w)
{
	const char *most = conf_text(CONF_export_limit);
	struct buf *b = &w->rq->out;

	if (w->rq->format == FORMAT_csv)
		buf_printf(b,
		    "\"# incomplete: an export has %s rows at most; the rest is what this one gives with cursor=",
		    most);
	else
		buf_printf(b, "{\"incomplete\":{\"limit\":%s,\"next\":\"", most);
	query_write_cursor(w->rq, w->run, buf_str(&w->key), w->run->after_id);
	buf_addz(b, w->rq->format == FORMAT_csv ? "\"" CSV_END : "\"}}\n");
}

/* All pages as they stood at one moment: a row that others rename meanwhile comes neither twice nor never. */
static int
pages(struct walk *w)
{
	struct rq *rq = w->rq;
	struct arena *a = rq->a;
	int rc;

	if (db_begin(rq->w->db) == -1) {
		query_failed(rq, "BEGIN");
		return (-1);
	}
	do {
		rq->a = w->a;
		rc = page(w);
		rq->a = a;
		if (rq->problem != P_none) /* it lies in the page's memory */
			rq->problem_detail = arena_str(a, rq->problem_detail);
		arena_reset(w->a);
	} while (rc == 0 && w->more && w->left > 0);
	db_rollback(rq->w->db); /* nothing was changed */
	return (rc);
}

int
query_export(struct rq *rq, struct run *run)
{
	struct walk w = {.rq = rq, .run = run, .left = conf_int(CONF_export_limit)};
	int rc;

	if (export_begin(rq) == -1)
		return (problem_status(rq->problem));
	w.a = arena_open();
	buf_init(&w.key, rq->a, 4096);
	rc = pages(&w);
	arena_close(w.a);
	if (rc == 0 && w.more)
		write_rest(&w);
	/* The last piece waits for the audit: what looks whole is written down. */
	if (export_end(rq, w.rows, rc == 0 && !w.more) == -1 || rq->problem != P_none) {
		rq->again = false; /* what has begun is written down, and may have been sent in part */
		return (problem_status(rq->problem));
	}
	if (!w.gone && rq->sent == 0 && stream_part(rq) == -1)
		w.gone = rq->problem == P_none;
	return (rq->problem != P_none ? problem_status(rq->problem) : 200);
}
