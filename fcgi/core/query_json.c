/* Rows as JSON: column -> declared field -> may it be read? -> writer. */
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "core/export.h"
#include "core/mask.h"
#include "core/query_run.h"
#include "core/seal.h"
#include "core/worker.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX 200

static void
write_money(struct buf *b, struct str currency, const struct db_val *v, int decimals, bool price)
{

	buf_addz(b, "{\"amount\":\"");
	if (price)
		money_price(b, v->s, decimals);
	else
		money_plain(b, v->i, decimals);
	buf_addz(b, "\",\"currency\":");
	json_str(b, currency);
	buf_char(b, '}');
}

void
query_write_time(struct buf *b, struct str at)
{

	buf_add(b, (struct str){at.p, 10});
	buf_char(b, 'T');
	buf_add(b, (struct str){at.p + 11, at.n - 11});
	buf_char(b, 'Z');
}

void
query_write_of(struct rq *rq, struct run *run, const struct db_val *row, int64_t id)
{
	int res = run->p->of == -1 || row[run->p->of].type != DB_TEXT ? -1 : access_resource_of(row[run->p->of].s);

	if (res == -1)
		buf_int(&rq->out, id);
	else
		seal_batch_add(&run->ids, rq->w->key, (enum resource)res, id, &rq->out);
}

static void
write_value(struct rq *rq, struct run *run, enum field_type type, const struct db_val *row, size_t i)
{
	const struct db_val *v = &row[i];
	struct buf *b = &rq->out;

	if (v->type == DB_NULL) {
		buf_addz(b, "null");
	} else if (!(run->plain >> i & 1)) {
		json_str(b, mask_text(rq->a, v->s)); /* only texts are masked */
	} else if ((int)type >= T_ID_FIRST) {
		buf_char(b, '"');
		seal_batch_add(&run->ids, rq->w->key, (enum resource)((int)type - T_ID_FIRST), v->i, b);
		buf_char(b, '"');
	} else if (type == T_MONEY || type == T_PRICE) {
		if (run->decimals == -1) {
			problem(rq, P_internal, "an amount has no known currency");
			return;
		}
		write_money(b, row[run->p->currency].s, v, run->decimals, type == T_PRICE);
	} else if (type == T_DECIMAL) {
		buf_char(b, '"');
		money_price(b, v->s, 0);
		buf_char(b, '"');
	} else if (type == T_TIME) {
		buf_char(b, '"');
		query_write_time(b, v->s);
		buf_char(b, '"');
	} else if (type == T_OBJECT) {
		buf_char(b, '"');
		query_write_of(rq, run, row, v->i);
		buf_char(b, '"');
	} else if (type == T_BOOL) {
		buf_addz(b, v->i != 0 ? "true" : "false");
	} else if (v->type == DB_INT) {
		buf_int(b, v->i);
	} else {
		json_str(b, v->s);
	}
}

uint64_t
query_visible(const struct rq *rq, struct run *run)
{
	uint64_t seen = 0;

	run->plain = 0;
	for (size_t i = 0; i < run->p->n_columns; i++) {
		if (!query_may_see(rq, run->p, i))
			continue;
		seen |= (uint64_t)1 << i;
		if (may_read(rq->who.rights, run->p->columns[i].field))
			run->plain |= (uint64_t)1 << i;
	}
	return (seen);
}

/* The members of one object, without braces.  Columns of an object within it stand together. */
static void
write_members(struct rq *rq, struct run *run, const struct db_val *row, uint64_t mask)
{
	struct buf *b = &rq->out;
	int object = 0;
	bool first = true;

	for (uint64_t left = mask; left != 0; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);
		const struct column *c = &run->p->columns[i];

		if (c->object != object && object != 0)
			buf_char(b, '}');
		if (!first)
			buf_char(b, ',');
		first = false;
		if (c->object != object && (object = c->object) != 0)
			buf_add(b, c->object_key);
		buf_add(b, c->json_key);
		write_value(rq, run, c->type, row, i);
	}
	if (object != 0)
		buf_char(b, '}');
}

void
query_write_object(struct rq *rq, struct run *run, const struct db_val *row, uint64_t mask)
{

	buf_char(&rq->out, '{');
	write_members(rq, run, row, mask);
	buf_char(&rq->out, '}');
}

int
query_member_list(struct rq *rq, enum query q, const char *key)
{
	struct run run = {0};
	const struct db_val *row;
	uint64_t mask;
	bool first = true;
	int rc;

	if (query_start(rq, q, &run) == -1)
		return (-1);
	mask = query_visible(rq, &run);
	json_name(&rq->out, key);
	buf_char(&rq->out, '[');
	while ((rc = query_next(rq, &run, &row)) == 1) {
		if (!first)
			buf_char(&rq->out, ',');
		first = false;
		query_write_object(rq, &run, row, mask);
	}
	buf_char(&rq->out, ']');
	return (rc == -1 || rq->problem != P_none ? -1 : 0);
}

int
query_one_keep(struct rq *rq, enum query q, const struct col *cols, size_t n, void *out)
{
	struct run run = {0};
	const struct db_val *row;
	int rc;

	if (query_id(rq, statement_declaration(q)->resource) == -1 || query_start(rq, q, &run) == -1 ||
	    (rc = query_next(rq, &run, &row)) == -1)
		return (problem_status(rq->problem));
	if (rc == 0)
		return (problem(rq, P_not_found, "%s", ""));
	query_write_object(rq, &run, row, query_visible(rq, &run));
	rc = n == 0 ? 0 : query_keep(rq, run.p, row, cols, n, out);
	query_stop(rq, &run);
	return (rc == -1 || rq->problem != P_none ? problem_status(rq->problem) : 200);
}

int
query_one(struct rq *rq, enum query q)
{

	return (query_one_keep(rq, q, NULL, 0, NULL));
}

/* <sealed id><base32 of sort, direction, key> */
void
query_write_cursor(struct rq *rq, const struct run *run, struct str key, int64_t id)
{
	const struct declaration *d = statement_declaration((enum query)run->v.query);
	struct str bytes = arena_printf(rq->a, "%c%c%.*s", '0' + run->v.sort, '0' + run->v.reverse, STR_ARG(key));

	seal_id(rq->w->key, d->resource, id, &rq->out);
	seal_base32(&rq->out, (const unsigned char *)bytes.p, bytes.n);
}

static void
bad(struct rq *rq, const char *param, const char *why)
{

	problem_field(rq, P_bad_parameter, str_of(param), "bad_value", "%s", why);
}

static void
read_cursor(struct rq *rq, struct run *run, struct str text)
{
	const struct declaration *d = statement_declaration((enum query)run->v.query);
	struct str bytes;

	if (text.n <= SEAL_TEXT ||
	    seal_id_open(rq->w->key, d->resource, (struct str){text.p, SEAL_TEXT}, &run->after_id) == -1 ||
	    seal_base32_open(rq->a, (struct str){text.p + SEAL_TEXT, text.n - SEAL_TEXT}, &bytes) == -1 ||
	    bytes.n < 2 || bytes.p[0] != '0' + run->v.sort || bytes.p[1] != '0' + run->v.reverse ||
	    !str_is_text(bytes)) {
		bad(rq, "cursor", "it is not one that this list gave for this order");
		return;
	}
	run->after_key = (struct db_val){.type = DB_TEXT, .s = {bytes.p + 2, bytes.n - 2}};
	run->v.after = true;
}

static void
read_sort(struct rq *rq, struct run *run, struct str text)
{
	const struct declaration *d = statement_declaration((enum query)run->v.query);
	bool down = text.n > 0 && text.p[0] == '-';

	if (down)
		text.p++, text.n--;
	for (size_t i = 0; i < d->n_sorts; i++)
		if (str_eq(text, d->sorts[i].field_name) && may_read(rq->who.rights, d->sorts[i].field)) {
			run->v.sort = (uint8_t)i;
			run->v.reverse = down != d->sorts[i].desc;
			return;
		}
	bad(rq, "sort", "the list cannot be ordered by that");
}

/* The text with % behind it, and LIKE's own signs made plain. */
static struct str
prefix_pattern(struct rq *rq, struct str text)
{
	struct buf b;

	buf_init(&b, rq->a, 4 * text.n + 8);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '\\')
			buf_char(&b, '\\');
		buf_char(&b, text.p[i]);
	}
	buf_char(&b, '%');
	return (buf_str(&b));
}

static void
read_filter(struct rq *rq, struct run *run, size_t i, struct str text)
{
	const struct filter *f = &statement_declaration((enum query)run->v.query)->filters[i];
	const char *name = arena_str(rq->a, f->param).p;
	struct db_val *v = &run->filters[i];
	int64_t day;
	size_t c = 0;

	run->v.filters |= (uint8_t)(1 << i);
	switch (f->type) {
	case FILTER_ID:
		v->type = DB_INT;
		if (seal_id_open(rq->w->key, f->id_of, text, &v->i) == -1)
			bad(rq, name, "it is not an id of that kind");
		/* A tenant elsewhere finds nothing at once; else the time would tell how much it has. */
		else if (f->id_of == RES_tenant && !tree_covers(rq->w->tree, rq->who.tenant_id, rq->who.level, v->i))
			v->i = 0;
		break;
	case FILTER_PREFIX:
		if (text.n == 0 || str_chars(text) > 100)
			bad(rq, name, "it needs 1 to 100 characters");
		*v = (struct db_val){.type = DB_TEXT, .s = prefix_pattern(rq, text)};
		break;
	case FILTER_TEXT:
		if (text.n == 0 || str_chars(text) > 100)
			bad(rq, name, "it needs 1 to 100 characters");
		*v = (struct db_val){.type = DB_TEXT, .s = text};
		break;
	case FILTER_DATE:
		if (date_parse(text, &day) == -1)
			bad(rq, name, "it is not a day like 2026-06-01");
		*v = (struct db_val){.type = DB_TEXT, .s = text};
		break;
	case FILTER_CODE:
		while (c < f->n_codes && !str_eq(f->codes[c], text))
			c++;
		if (c == f->n_codes)
			bad(rq, name, "it is not one of the known values");
		*v = (struct db_val){.type = DB_TEXT, .s = text};
		break;
	}
}

static void
read_param(struct rq *rq, struct run *run, struct str name, struct str value)
{
	const struct declaration *d = statement_declaration((enum query)run->v.query);

	for (size_t i = 0; i < d->n_filters; i++)
		if (str_eq(name, d->filters[i].param) && may_read(rq->who.rights, d->filters[i].field)) {
			read_filter(rq, run, i, value);
			return;
		}
	if (str_eqz(name, "limit") && rq->format == FORMAT_json) {
		if (str_int(value, &run->page) == -1 || run->page < 1 || run->page > PAGE_MAX)
			bad(rq, "limit", "it must be from 1 to 200");
	} else if (str_eqz(name, "format") && export_action(d->resource) != -1) {
		if (rq->format == FORMAT_json && !str_eqz(value, "json"))
			bad(rq, "format", "it must be json, csv or ndjson");
	} else if (!str_eqz(name, "cursor") && !str_eqz(name, "sort")) {
		problem_field(rq, P_unknown_parameter, name, "unknown", "%s", "this list does not know it");
	}
}

/* A list that is searched by the beginning of a field is in the order of that field, unless
 * another is asked for: its index then finds the rows, however few they are. */
static void
default_sort(struct rq *rq, struct run *run)
{
	const struct declaration *d = statement_declaration((enum query)run->v.query);

	for (size_t i = 0; i < d->n_filters; i++)
		for (size_t s = 0; s < d->n_sorts; s++)
			if (d->filters[i].type == FILTER_PREFIX && d->filters[i].field == d->sorts[s].field &&
			    rq_param(rq, arena_str(rq->a, d->filters[i].param).p).p != NULL) {
				run->v.sort = (uint8_t)s;
				return;
			}
	for (size_t s = 0; s < d->n_sorts; s++)
		if (may_read(rq->who.rights,
			d->sorts[s].field)) { /* an order tells of what it is by, and so does a cursor */
			run->v.sort = (uint8_t)s;
			return;
		}
	problem(rq, P_forbidden, "the role may read nothing that this list could be ordered by");
}

static int
read_params(struct rq *rq, struct run *run)
{
	struct str sort = rq_param(rq, "sort"), cursor = rq_param(rq, "cursor");

	run->page = PAGE_DEFAULT;
	if (sort.p != NULL)
		read_sort(rq, run, sort);
	else
		default_sort(rq, run);
	if (cursor.p != NULL) /* after the sort: it must fit it */
		read_cursor(rq, run, cursor);
	for (size_t i = 0; i < rq->n_params; i++) {
		for (size_t j = 0; j < i; j++)
			if (str_eq(rq->params[i].name, rq->params[j].name))
				problem_field(
				    rq, P_bad_parameter, rq->params[i].name, "twice", "%s", "it stands twice");
		read_param(rq, run, rq->params[i].name, rq->params[i].value);
	}
	return (rq->problem != P_none ? -1 : 0);
}

int
query_list(struct rq *rq, enum query q)
{
	struct run run = {.v = {.query = (uint16_t)q}};
	const struct db_val *row;
	struct str last_key = {NULL, 0};
	int64_t asked, n = 0, last_id = 0;
	uint64_t mask;
	bool shown, first = true;
	int rc;

	if (read_params(rq, &run) == -1)
		return (problem_status(rq->problem));
	if (rq->format != FORMAT_json)
		return (query_export(rq, &run));
	asked = run.page++; /* one more tells whether there is a next page */
	if (query_start(rq, q, &run) == -1)
		return (problem_status(rq->problem));
	mask = query_visible(rq, &run);
	buf_addz(&rq->out, "{\"data\":[");
	/* A row that is hidden takes its place: what is behind it is on the next page, not lost. */
	while ((rc = query_fetch(rq, &run, &row, &shown)) == 1 && n++ < asked) {
		if (shown) {
			buf_addz(&rq->out, first ? "" : ",");
			query_write_object(rq, &run, row, mask);
			first = false;
		}
		if (n == asked) {
			last_key = arena_str(rq->a, row[run.p->key].s);
			last_id = row[run.p->id].i;
		}
	}
	if (rc == 1)
		query_stop(rq, &run);
	buf_addz(&rq->out, rc == 1 ? "],\"next\":\"" : "],\"next\":null");
	if (rc == 1) {
		query_write_cursor(rq, &run, last_key, last_id);
		buf_char(&rq->out, '"');
	}
	buf_char(&rq->out, '}');
	return (rq->problem != P_none ? problem_status(rq->problem) : 200);
}
