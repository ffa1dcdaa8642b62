#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/rehearse_part.h"

/* The list or object that is being written, indented by one blank a level. */
struct print {
	struct buf *out;
	struct arena *a;
	const struct settlement_case *c;
	struct document *documents;
	struct line *lines;
	size_t n_documents, n_lines;
	bool first;
};

struct document {
	int64_t id, net, tax, gross;
	struct str seller, buyer;
};

struct line {
	int64_t document, net;
	struct str account, offering, quantity;
};

#define ROWS_MAX 1000000

static void
key(struct print *p, int depth, const char *name)
{

	buf_addz(p->out, p->first ? "\n" : ",\n");
	for (int i = 0; i < depth; i++)
		buf_char(p->out, ' ');
	p->first = false;
	if (name == NULL)
		return;
	json_str(p->out, str_of(name));
	buf_addz(p->out, ": ");
}

static void
text(struct print *p, int depth, const char *name, struct str s)
{

	key(p, depth, name);
	json_str(p->out, s);
}

static void
money(struct print *p, int depth, const char *name, int64_t minor)
{

	key(p, depth, name);
	buf_char(p->out, '"');
	money_plain(p->out, minor, (int)p->c->minor);
	buf_char(p->out, '"');
}

static void
open_(struct print *p, char c)
{

	buf_char(p->out, c);
	p->first = true;
}

/* An empty one stays on its line. */
static void
close_(struct print *p, int depth, char c)
{

	if (!p->first) {
		buf_char(p->out, '\n');
		for (int i = 0; i < depth; i++)
			buf_char(p->out, ' ');
	}
	buf_char(p->out, c);
	p->first = false;
}

/* id, _seller, _buyer, net, tax, gross */
static int
take_document(void *ctx, const struct db_val *v)
{
	struct print *p = ctx;

	p->documents[p->n_documents++] =
	    (struct document){v[0].i, v[3].i, v[4].i, v[5].i, arena_str(p->a, v[1].s), arena_str(p->a, v[2].s)};
	return (p->n_documents == ROWS_MAX);
}

/* _document, _account, _offering, quantity, net */
static int
take_line(void *ctx, const struct db_val *v)
{
	struct print *p = ctx;
	struct buf quantity;

	buf_init(&quantity, p->a, 64);
	money_price(&quantity, v[3].s, 0);
	p->lines[p->n_lines++] =
	    (struct line){v[0].i, v[4].i, arena_str(p->a, v[1].s), arena_str(p->a, v[2].s), buf_str(&quantity)};
	return (p->n_lines == ROWS_MAX);
}

static int
compare(struct str a, struct str b)
{
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return (c != 0 ? c : a.n < b.n ? -1 : a.n > b.n);
}

/* By document; in it as texts are sorted, quantities too. */
static int
by_text(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int c = x->document < y->document ? -1 : x->document > y->document;

	c = c != 0 ? c : compare(x->account, y->account);
	c = c != 0 ? c : compare(x->offering, y->offering);
	c = c != 0 ? c : compare(x->quantity, y->quantity);
	return (c != 0 ? c : x->net < y->net ? -1 : x->net > y->net);
}

static void
print_lines(struct print *p, int64_t document)
{
	size_t low = 0, high = p->n_lines;

	while (low < high) { /* the first of the document */
		size_t middle = (low + high) / 2;

		if (p->lines[middle].document < document)
			low = middle + 1;
		else
			high = middle;
	}
	key(p, 3, "lines");
	open_(p, '[');
	for (; low < p->n_lines && p->lines[low].document == document; low++) {
		const struct line *l = &p->lines[low];

		key(p, 4, NULL);
		open_(p, '{');
		text(p, 5, "account", l->account);
		text(p, 5, "offering", l->offering);
		text(p, 5, "quantity", l->quantity);
		money(p, 5, "amount", l->net);
		close_(p, 4, '}');
	}
	close_(p, 3, ']');
}

static void
print_documents(struct print *p)
{

	key(p, 1, "documents");
	open_(p, '[');
	for (size_t i = 0; i < p->n_documents; i++) {
		const struct document *d = &p->documents[i];

		key(p, 2, NULL);
		open_(p, '{');
		text(p, 3, "seller", d->seller);
		text(p, 3, "buyer", d->buyer);
		money(p, 3, "net", d->net);
		money(p, 3, "tax", d->tax);
		money(p, 3, "gross", d->gross);
		print_lines(p, d->id);
		close_(p, 2, '}');
	}
	close_(p, 1, ']');
}

/* _tenant, _margin, _due, _collects */
static int
margin(void *ctx, const struct db_val *v)
{

	money(ctx, 2, arena_str(((struct print *)ctx)->a, v[0].s).p, v[1].i);
	return (0);
}

static int
due(void *ctx, const struct db_val *v)
{

	money(ctx, 2, arena_str(((struct print *)ctx)->a, v[0].s).p, v[2].i);
	return (0);
}

/* _account, _offering, _edge */
static int
rejected(void *ctx, const struct db_val *v)
{
	struct print *p = ctx;

	key(p, 2, NULL);
	open_(p, '{');
	text(p, 3, "account", v[0].s);
	text(p, 3, "offering", v[1].s);
	text(p, 3, "edge", v[2].s);
	close_(p, 2, '}');
	return (0);
}

/* _tenant, _net, _tax, _gross */
static int
commission(void *ctx, const struct db_val *v)
{
	struct print *p = ctx;

	key(p, 2, arena_str(p->a, v[0].s).p);
	open_(p, '{');
	money(p, 3, "net", v[1].i);
	money(p, 3, "tax", v[2].i);
	money(p, 3, "gross", v[3].i);
	close_(p, 2, '}');
	return (0);
}

/* A member of rows that a statement gives.  0, or -1. */
static int
member(struct print *p, struct db *db, const char *name, const char *brackets, enum query q, const struct arg *args,
    int (*row)(void *, const struct db_val *))
{

	key(p, 1, name);
	open_(p, brackets[0]);
	if (query_each_admin(db, p->a, q, args, 2, row, p) == -1)
		return (-1);
	close_(p, 1, brackets[1]);
	return (0);
}

static bool
has_agents(const struct settlement_case *c)
{

	for (size_t i = 0; i < c->n_chains; i++)
		for (size_t k = 0; k < c->chains[i].n_edges; k++)
			if (c->chains[i].edges[k].n_agents > 0)
				return (true);
	return (false);
}

int
rehearse_print(struct db *db, struct arena *a, const struct settlement_case *c, int64_t run, struct buf *out)
{
	const struct arg args[] = {int_arg("run", run), int_arg("root", REHEARSE_ROOT)};
	struct print p = {.out = out, .a = a, .c = c};

	p.documents = arena_alloc(a, ROWS_MAX * sizeof(*p.documents));
	p.lines = arena_alloc(a, ROWS_MAX * sizeof(*p.lines));
	if (query_each_admin(db, a, Q_rehearsal_documents, args, 2, take_document, &p) == -1 ||
	    query_each_admin(db, a, Q_rehearsal_lines, args, 2, take_line, &p) == -1)
		return (-1);
	qsort(p.lines, p.n_lines, sizeof(*p.lines), by_text);
	open_(&p, '{');
	print_documents(&p);
	if (member(&p, db, "margins", "{}", Q_rehearsal_margins, args, margin) == -1 ||
	    member(&p, db, "rejects", "[]", Q_rehearsal_rejects, args, rejected) == -1 ||
	    (c->root_collects && member(&p, db, "settlement", "{}", Q_rehearsal_margins, args, due) == -1) ||
	    (has_agents(c) && member(&p, db, "commissions", "{}", Q_rehearsal_commissions, args, commission) == -1))
		return (-1);
	close_(&p, 0, '}');
	buf_char(out, '\n');
	return (buf_failed(out) ? -1 : 0);
}
