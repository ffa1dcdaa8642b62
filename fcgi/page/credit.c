/* Credits of an issued bill: trade/credit.c says what they come to and writes the credit notes. */
#include "trade/credit.h"
#include "base/conf.h"
#include "base/money.h"
#include "core/body.h"
#include "core/query.h"
#include "core/rights.h"
#include "core/seal.h"
#include "core/sold.h"
#include "core/worker.h"
#include "page/page.h"

#define LINES_MAX 500
#define NOTES_MAX 100
#define KEY_MAX 80
#define REASON_MAX 200

struct money {
	struct str currency;
};
static const struct col money_cols[] = {COL_S_(money, currency)};

/* GET /api/v1/documents/:id/credits  its credit notes, and what is left of each line. */
int
credit_list(struct rq *rq)
{
	struct money m = {S("")};
	int rc = query_id(rq, RES_document) == -1 ? -1 : query_row(rq, Q_document_money, COLS(money_cols), &m);

	if (rc != 1)
		return (rc == -1 ? problem_status(rq->problem) : problem(rq, P_not_found, "%s", ""));
	arg_text(rq, "currency", m.currency);
	buf_char(&rq->out, '{');
	if (query_member_list(rq, Q_credit_list, "data") == -1)
		return (problem_status(rq->problem));
	/* Lines of products that the role has not are counted at most: nothing is told of them here. */
	if (rights_products(rq->who.rights, ACT_document_read) == NULL &&
	    query_member_list(rq, Q_credit_rest, "left") == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* ---- what is asked for ---- */

struct asked {
	struct credit_want want;
	bool preview, modes[3]; /* which of credit_mode were named */
	struct credit_want_line lines[LINES_MAX];
};

static void
wrong(struct rq *rq, struct str pointer, const char *code, const char *why)
{

	problem_field(rq, P_invalid, pointer, code, "%s", why);
}

/* A number above 0, in millionths; 0 with 422. */
static int64_t
read_number(struct rq *rq, const struct json *m, struct str pointer)
{
	int64_t v = 0;

	if (m->type != JSON_STRING || money_millionths(m->s, &v) == -1 || v == 0)
		wrong(rq, pointer, "number", "it is no number like 12.50, as text");
	return (v);
}

static void
read_line(struct rq *rq, const struct json *m, size_t i, struct credit_want_line *l)
{
	const struct str at = arena_printf(rq->a, "/lines/%zu", i);
	size_t n_amounts = 0;

	*l = (struct credit_want_line){.position = 0};
	for (const struct json *x = m->type == JSON_OBJECT ? m->first : NULL; x != NULL; x = x->next) {
		const struct str pointer = arena_printf(rq->a, "%.*s/%.*s", STR_ARG(at), STR_ARG(x->key));

		if (str_eqz(x->key, "position") && x->type == JSON_NUMBER && x->number >= 1 && x->number < 1e9 &&
		    x->number == (double)(int64_t)x->number)
			l->position = (int64_t)x->number;
		else if (str_eqz(x->key, "net"))
			l->net = read_number(rq, x, pointer), n_amounts++;
		else if (str_eqz(x->key, "quantity"))
			l->quantity = read_number(rq, x, pointer), n_amounts++;
		else
			wrong(rq, pointer, "not_writable", "it cannot be set here");
	}
	if (l->position == 0 || n_amounts != 1)
		wrong(rq, at, "line", "it is a position with a net or a quantity");
	if (l->quantity < 0)
		wrong(rq, at, "number", "a quantity is above 0");
}

static void
read_lines(struct rq *rq, const struct json *m, struct asked *q)
{
	size_t n = 0;

	if (m->type != JSON_ARRAY || m->first == NULL) {
		wrong(rq, S("/lines"), "type", "it must be a list of lines");
		return;
	}
	for (const struct json *x = m->first; x != NULL && rq->problem == P_none; x = x->next, n++) {
		if (n == LINES_MAX)
			wrong(rq, S("/lines"), "length", "these are too many at once");
		else
			read_line(rq, x, n, &q->lines[n]);
	}
	q->want.lines = q->lines;
	q->want.n_lines = n;
	q->modes[CREDIT_LINES] = true;
}

static void
read_text(struct rq *rq, const struct json *m, size_t max, struct str *to)
{

	if (m->type != JSON_STRING || str_chars(m->s) > max || !str_is_line(m->s) || str_is_blank(m->s))
		wrong(rq, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "length",
		    "it must be one line, and not too long");
	else
		*to = m->s;
}

static bool
read_bool(struct rq *rq, const struct json *m)
{

	if (m->type != JSON_BOOL)
		wrong(rq, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "type", "it must be true or false");
	return (m->type == JSON_BOOL && m->number != 0);
}

static void
read_member(struct rq *rq, const struct json *m, struct asked *q)
{

	if (str_eqz(m->key, "preview"))
		q->preview = read_bool(rq, m);
	else if (str_eqz(m->key, "whole"))
		q->modes[CREDIT_WHOLE] = read_bool(rq, m);
	else if (str_eqz(m->key, "lines"))
		read_lines(rq, m, q);
	else if (str_eqz(m->key, "amount")) {
		q->modes[CREDIT_AMOUNT] = true;
		if ((q->want.amount = read_number(rq, m, S("/amount"))) < 0)
			wrong(rq, S("/amount"), "number", "an amount is above 0");
	} else if (str_eqz(m->key, "reason"))
		read_text(rq, m, REASON_MAX, &q->want.reason);
	else if (str_eqz(m->key, "key"))
		read_text(rq, m, KEY_MAX, &q->want.key);
	else if (str_eqz(m->key, "propagation") && m->type == JSON_STRING &&
	    (str_eqz(m->s, "none") || str_eqz(m->s, "full")))
		q->want.full = str_eqz(m->s, "full");
	else if (str_eqz(m->key, "propagation"))
		wrong(rq, S("/propagation"), "value", "it is none or full");
	else
		wrong(rq, arena_printf(rq->a, "/%.*s", STR_ARG(m->key)), "not_writable", "it cannot be set here");
}

/* 0, or -1 with 422. */
static int
read_asked(struct rq *rq, struct asked *q)
{
	int n = 0;

	q->want.asked = rq->body_text;
	q->want.user = rq->who.id;
	for (const struct json *m = rq->body->first; m != NULL; m = m->next)
		read_member(rq, m, q);
	for (int i = 0; i < 3; i++)
		if (q->modes[i]) {
			q->want.mode = (enum credit_mode)i;
			n++;
		}
	if (n != 1)
		wrong(rq, S(""), "what", "say one of whole, lines and amount");
	if (!q->preview && q->want.key.n == 0)
		wrong(rq, S("/key"), "missing", "a text of your own is needed, so that a repeat credits nothing twice");
	else if (!str_is_ascii(q->want.key))
		wrong(rq, S("/key"), "value", "it has only letters without marks, digits and signs");
	if (!q->preview && q->want.reason.n == 0)
		wrong(rq, S("/reason"), "missing", "it is missing");
	return (rq->problem == P_none ? 0 : -1);
}

/* ---- who may, and what is in the way ---- */

/* Is that bill in the scope of the right to credit?  0, or -1 with the problem set. */
static int
may(void *ctx, int64_t document)
{
	struct rq *rq = ctx;
	struct money m;
	int64_t asked = 0;
	int rc;

	arg_int(rq, "id", document);
	if ((rc = query_row(rq, Q_document_money, COLS(money_cols), &m)) == 1)
		return (0);
	if (rc == 0 && seal_id_open(rq->w->key, RES_document, rq->id_text, &asked) == 0 && document == asked)
		problem(rq, P_not_found, "%s", "");
	else if (rc == 0)
		problem(rq, P_forbidden, "to go up the chain you need the right to credit at every seller above");
	return (-1);
}

/* What is wrong with the body is told to who may credit the bill alone.  It is asked only here, for in what is good nothing
 * is read before the number is taken.  Returns the status. */
static int
refuse_body(struct rq *rq, int64_t document)
{
	const enum problem wrong_body = rq->problem;
	const size_t n = rq->n_errors;

	rq->problem = P_none;
	rq->n_errors = 0;
	if (may(rq, document) == -1)
		return (problem_status(rq->problem));
	rq->problem = wrong_body;
	rq->n_errors = n;
	return (problem_status(rq->problem));
}

/* Returns the status. */
static int
refused(struct rq *rq, enum credit_end end, const struct credit *c, const struct asked *q)
{
	struct str at = q->want.mode == CREDIT_AMOUNT ? S("/amount") : S("/lines");
	const struct str of = c->at == 0 ? S("the bill") : arena_printf(rq->a, "line %lld", (long long)c->at);

	switch (end) {
	case CREDIT_KIND:
		return (problem(rq, P_credit_kind, "%s", ""));
	case CREDIT_CLOSED:
		return (problem(rq, P_credit_closed, "%s", ""));
	case CREDIT_NOTHING:
		return (problem(rq, P_credit_nothing, "%s", ""));
	case CREDIT_MORE:
		return (problem(rq, P_credit_more, "it is more than is left of %.*s", STR_ARG(of)));
	case CREDIT_ALONE:
		return (problem(
		    rq, P_credit_alone, "no bill run made it, so nobody knows what it is above: use propagation none"));
	case CREDIT_EARLY:
		return (problem(rq, P_credit_early, "issue it first, or use propagation none"));
	case CREDIT_KEY:
		return (problem(rq, P_credit_key, "%s", ""));
	case CREDIT_MANY:
		return (problem(
		    rq, P_conflict, "it is of too many things to go up at once: credit some lines of it at a time"));
	case CREDIT_LINE:
		problem_field(rq, P_invalid, at, "unknown", "there is no %.*s, or it is named twice", STR_ARG(of));
		return (problem_status(rq->problem));
	case CREDIT_PLACES:
		problem_field(rq, P_invalid, at, "places", "%s", "it has more places than the currency");
		return (problem_status(rq->problem));
	case CREDIT_FAILED:
		return (rq->problem != P_none ? problem_status(rq->problem) : query_failed(rq, "credit"));
	case CREDIT_DONE:
	case CREDIT_AGAIN:
		break;
	}
	return (problem(rq, P_internal, "%s", ""));
}

/* ---- the answer ---- */

/* A credit note, or what would be one; amounts without their sign. */
struct note {
	int64_t id, corrects, tenant_id, net, tax, gross, taken;
	struct str number, corrects_number, tenant_name, currency;
};
static const struct col note_cols[] = {COL_I_(note, id), COL_I_(note, corrects), COL_I_(note, tenant_id),
    COL_I_(note, net), COL_I_(note, tax), COL_I_(note, gross), COL_I_(note, taken), COL_S_(note, number),
    COL_S_(note, corrects_number), COL_S_(note, tenant_name), COL_S_(note, currency)};
static const struct col name_cols[] = {
    COL_S_(note, corrects_number), COL_I_(note, tenant_id), COL_S_(note, tenant_name)};

static void
write_money(struct rq *rq, enum field f, const char *name, int64_t minor, struct str currency)
{

	if (may_read(rq->who.rights, f))
		money_member(&rq->out, name, minor, currency);
}

static void
write_note(struct rq *rq, const struct note *n)
{
	const struct rights *r = rq->who.rights;
	struct buf *b = &rq->out;

	buf_char(b, '{');
	seal_member(rq->w->key, "document", RES_document, n->id, &rq->out);
	if (may_read(r, FLD_document_number)) {
		json_text(b, "number", n->number);
		json_text(b, "corrects_number", n->corrects_number);
	}
	seal_member(rq->w->key, "corrects", RES_document, n->corrects, &rq->out);
	if (may_read(r, FLD_document_tenant))
		seal_member(rq->w->key, "tenant", RES_tenant, n->tenant_id, &rq->out);
	if (may_read(r, FLD_document_tenant_name))
		json_text(b, "tenant_name", n->tenant_name);
	write_money(rq, FLD_document_net, "net", n->net, n->currency);
	write_money(rq, FLD_document_tax, "tax", n->tax, n->currency);
	write_money(rq, FLD_document_gross, "gross", n->gross, n->currency);
	write_money(rq, FLD_document_open, "taken", n->taken, n->currency);
	write_money(rq, FLD_document_open, "balance", n->gross - n->taken, n->currency);
	buf_char(b, '}');
}

static void
write_begin(struct rq *rq, const struct asked *q, bool again)
{

	buf_printf(&rq->out, "{\"preview\":%s,\"repeated\":%s,\"propagation\":\"%s\",\"credit_notes\":[",
	    q->preview ? "true" : "false", again ? "true" : "false", q->want.full ? "full" : "none");
}

/* What is written, as it is kept.  Returns the status. */
static int
answer_notes(struct rq *rq, const struct asked *q, const struct credit *c, bool again)
{
	const struct note *notes;
	struct buf numbers;
	void *rows;
	int64_t n;

	arg_int(rq, "credit", c->made);
	if ((n = query_rows_system(rq, Q_credit_notes, COLS(note_cols), sizeof(*notes), NOTES_MAX, &rows)) == -1)
		return (problem_status(rq->problem));
	notes = rows;
	buf_init(&numbers, rq->a, 1024);
	write_begin(rq, q, again);
	for (int64_t i = 0; i < n; i++) {
		if (again && may(rq, notes[i].corrects) == -1)
			return (problem_status(rq->problem));
		buf_addz(&rq->out, i == 0 ? "" : ",");
		write_note(rq, &notes[i]);
		if (numbers.n < 150) /* the audit has room for some */
			buf_printf(&numbers, "%s%.*s", i == 0 ? "" : " ", STR_ARG(notes[i].number));
	}
	buf_addz(&rq->out, "]}");
	rq->audit_detail = buf_str(&numbers);
	return (200);
}

static int
preview(struct rq *rq, const struct asked *q, struct credit *c)
{
	enum credit_end end;
	bool first = true;

	if (may(rq, q->want.document) == -1)
		return (problem_status(rq->problem));
	if ((end = credit_preview(rq->w->db, rq->a, &q->want, c)) != CREDIT_DONE)
		return (refused(rq, end, c, q));
	write_begin(rq, q, false);
	for (size_t i = 0; i < c->n; i++) {
		const struct credit_bill *b = &c->bills[i];
		struct note n = {.corrects = b->id,
		    .net = b->net,
		    .tax = b->tax,
		    .gross = b->total,
		    .taken = b->taken,
		    .number = S(""),
		    .currency = b->currency};

		arg_int(rq, "document", b->id);
		if ((i > 0 && may(rq, b->id) == -1) || query_row_system(rq, Q_credit_names, COLS(name_cols), &n) != 1)
			return (
			    rq->problem != P_none ? problem_status(rq->problem) : problem(rq, P_internal, "%s", ""));
		if (i > 0 && b->total == 0)
			continue;
		buf_addz(&rq->out, first ? "" : ",");
		write_note(rq, &n);
		first = false;
	}
	buf_addz(&rq->out, "]}");
	rq->audit_name = "document.credit_preview";
	return (200);
}

/* POST /api/v1/documents/:id/credits {whole | lines: [{position, net | quantity}] | amount, propagation?, reason, key} or
 * {..., preview: true}, which changes nothing.  The key makes a repeat harmless; it stands in the body, which is kept where
 * a second person has to agree. */
int
credit_create(struct rq *rq)
{
	struct asked *q = arena_zero(rq->a, 1, sizeof(*q));
	struct credit *c = arena_zero(rq->a, 1, sizeof(*c));
	const int64_t limit = conf_int(CONF_credit_second);
	enum credit_end end;

	if (seal_id_open(rq->w->key, RES_document, rq->id_text, &q->want.document) == -1)
		return (problem(rq, P_not_found, "%s", ""));
	if (read_asked(rq, q) == -1)
		return (refuse_body(rq, q->want.document));
	if (rights_products(rq->who.rights, ACT_document_read) != NULL)
		return (problem(rq, P_forbidden, "your role is kept to some products, and a bill is of any"));
	if (q->preview)
		return (preview(rq, q, c));
	end = credit_issue(rq->w->db, rq->a, &q->want, may, rq, c);
	if (end != CREDIT_DONE && end != CREDIT_AGAIN)
		return (refused(rq, end, c, q));
	rq->audit_object = q->want.document;
	/* A reseller credits with its own money; the provider's people with everybody's. */
	rq->large = end == CREDIT_DONE && rq->who.level == 0 && limit > 0 && c->bills[0].total > limit;
	return (answer_notes(rq, q, c, end == CREDIT_AGAIN));
}
