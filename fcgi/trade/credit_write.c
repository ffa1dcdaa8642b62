#include "base/money.h"
#include "trade/credit_part.h"

enum { A_DOCUMENT, A_NOTE, A_CREDIT, A_TODAY, A_BY, A_NET, A_TAX, A_GROSS, A_TAKEN, ARGS };

/* ---- its lines ---- */

enum { L_DOCUMENT, L_NOTE, L_POSITION, L_BY_AMOUNT, L_QUANTITY, L_PRICE, L_NET, L_ARGS };

/* The lines that are taken, one after another. */
struct lines {
	struct crediting *r;
	const struct credit_bill *b;
	size_t i;
	bool count; /* for credit_line_count, which asks for all credits of the line */
	struct arg args[L_ARGS];
};

static struct str
millionths(struct arena *a, int64_t v)
{

	return (arena_printf(a, "%s%lld.%06lld", v < 0 ? "-" : "", (long long)(v < 0 ? -v : v) / PRICE_SCALE,
	    (long long)(v < 0 ? -v : v) % PRICE_SCALE));
}

static bool
next_line(void *ctx)
{
	struct lines *w = ctx;
	const struct credit_line *l;
	struct buf price;

	while (w->i < w->b->n_lines && !w->b->lines[w->i].taken)
		w->i++;
	if (w->i == w->b->n_lines)
		return (false);
	l = &w->b->lines[w->i++];
	buf_init(&price, w->r->a, 64);
	money_plain(&price, l->take, w->b->decimals);
	w->args[L_DOCUMENT] = int_arg("document", w->b->id);
	w->args[L_NOTE] = int_arg("note", w->b->note);
	w->args[L_POSITION] = int_arg("position", l->position);
	w->args[L_BY_AMOUNT] = int_arg("by_amount", l->take_quantity == 0 || (w->count && l->by_amount));
	w->args[L_QUANTITY] = text_arg("quantity", millionths(w->r->a, l->take_quantity));
	w->args[L_PRICE] = text_arg("price", buf_str(&price));
	w->args[L_NET] = int_arg("net", l->take);
	return (true);
}

static int
write_lines(struct crediting *r, const struct credit_bill *b)
{
	struct lines lines = {.r = r, .b = b}, counts = {.r = r, .b = b, .count = true};

	return (query_repeat_admin(r->db, r->a, Q_credit_line_insert, lines.args, L_ARGS, next_line, &lines) == -1 ||
		    query_repeat_admin(r->db, r->a, Q_credit_line_count, counts.args, L_ARGS, next_line, &counts) == -1
		? -1
		: 0);
}

static int
write_taxes(struct crediting *r, const struct credit_bill *b)
{

	for (size_t i = 0; i < b->n_taxes; i++) {
		const struct credit_tax *x = &b->taxes[i];
		const struct arg args[] = {int_arg("note", b->note), text_arg("category", x->category),
		    text_arg("rate", x->rate), int_arg("base", x->take_base), int_arg("amount", x->take_amount)};

		if (x->taken && query_run_admin(r->db, r->a, Q_credit_tax_insert, args, 5) == -1)
			return (-1);
	}
	return (0);
}

/* ---- its face ---- */

/* A number of the bill's seller.  0, or -1. */
static int
take_number(struct crediting *r, struct arg *args)
{
	int64_t n;

	args[A_BY] = int_arg("by", 1);
	if ((n = query_run_admin(r->db, r->a, Q_credit_number, args, ARGS)) != 0)
		return (n == -1 ? -1 : 0);
	return (query_run_admin(r->db, r->a, Q_credit_series, args, ARGS) == -1 ||
		    query_run_admin(r->db, r->a, Q_credit_number, args, ARGS) != 1
		? -1
		: 0);
}

static int
write_note(struct crediting *r, struct credit_bill *b, bool numbered)
{
	struct arg args[ARGS] = {int_arg("document", b->id), int_arg("note", 0), int_arg("credit", r->c->made),
	    text_arg("today", r->today), int_arg("by", 0), int_arg("net", b->net), int_arg("tax", b->tax),
	    int_arg("gross", b->total), int_arg("taken", b->taken)};

	if ((!numbered && take_number(r, args) == -1) ||
	    query_run_admin(r->db, r->a, Q_credit_document, args, ARGS) != 1 ||
	    query_number_admin(r->db, r->a, Q_credit_made, NULL, 0, &b->note) != 1)
		return (-1);
	args[A_NOTE] = int_arg("note", b->note);
	if (query_run_admin(r->db, r->a, Q_credit_note_insert, args, ARGS) != 1 || write_lines(r, b) == -1 ||
	    write_taxes(r, b) == -1)
		return (-1);
	return (b->taken != 0 && query_run_admin(r->db, r->a, Q_credit_open, args, ARGS) != 1 ? -1 : 0);
}

/* ---- the edge ledger ---- */

enum { E_BILLABLE, E_POSITION, E_BEGUN, E_PASSED, E_FREE, E_ARGS };

struct edges {
	const struct crediting *r;
	size_t i;
	struct arg args[E_ARGS];
};

static bool
next_edge(void *ctx)
{
	struct edges *w = ctx;
	const struct credit_edge *e;

	for (; w->i < w->r->n_edges; w->i++) {
		e = &w->r->edges[w->i];
		if (e->take_begun != 0 || e->take_passed != 0 || e->take_free)
			break;
	}
	if (w->i == w->r->n_edges)
		return (false);
	e = &w->r->edges[w->i++];
	w->args[E_BILLABLE] = int_arg("billable", e->billable);
	w->args[E_POSITION] = int_arg("position", e->position);
	w->args[E_BEGUN] = int_arg("begun", e->take_begun);
	w->args[E_PASSED] = int_arg("passed", e->take_passed);
	w->args[E_FREE] = int_arg("free", e->take_free);
	return (true);
}

enum credit_end
credit_write(struct crediting *r)
{
	const struct credit_want *want = r->want;
	unsigned char asked[32];
	struct edges edges = {.r = r};
	const struct arg args[] = {int_arg("document", want->document), text_arg("idem", want->key),
	    credit_asked(want, asked), int_arg("full", want->full), text_arg("reason", want->reason),
	    int_arg("user", want->user)};

	if (query_run_admin(r->db, r->a, Q_credit_insert, args, sizeof(args) / sizeof(args[0])) != 1 ||
	    query_number_admin(r->db, r->a, Q_credit_made, NULL, 0, &r->c->made) != 1)
		return (CREDIT_FAILED);
	for (size_t i = 0; i < r->c->n; i++) {
		/* Above there may be nothing to take, where it costs nothing or all is credited. */
		bool any = i == 0;

		for (size_t l = 0; l < r->c->bills[i].n_lines; l++)
			any = any || r->c->bills[i].lines[l].taken;
		if (any && write_note(r, &r->c->bills[i], i == 0) == -1)
			return (CREDIT_FAILED);
	}
	if (query_repeat_admin(r->db, r->a, Q_credit_charge_count, edges.args, E_ARGS, next_edge, &edges) == -1)
		return (CREDIT_FAILED);
	return (CREDIT_DONE);
}
