#include "paper/sheet.h"

#define HEAD 22.0 /* height of the table's head */
#define PAD 4.5   /* above and below the text of a row */
#define GAP 10.0

/* Columns, from the margin: figures end at their x, texts begin at it. */
struct columns {
	double description, description_width, quantity, unit, unit_width, price, rate, net;
};

struct row {
	const struct pdf_text *position, *description, *period, *discount, *quantity, *unit, *price, *rate, *net;
	double height;
};

struct lines {
	struct columns at;
	const struct pdf_text *caption, *about;
	size_t n_rows;
	struct row rows[];
};

static struct columns
columns(const struct sheet *s)
{
	const double w = s->inner;

	return ((struct columns){.description = 24,
	    .description_width = w - 24 - 300 - GAP,
	    .quantity = w - 252,
	    .unit = w - 246,
	    .unit_width = 54,
	    .price = w - 126,
	    .rate = w - 78,
	    .net = w});
}

static const struct pdf_text *
period(struct sheet *s, int64_t start, int64_t end)
{
	const struct pdf_text *t;

	if (start == BILL_NO_DATE || end == BILL_NO_DATE)
		return (NULL);
	format_period(&s->text, s->lang, start, end);
	t = sheet_common(s, SMALL, 0); /* most lines of most bills share it */
	return (t);
}

/* What it is called, and what it took off; NULL where there is none. */
static const struct pdf_text *
discount(struct sheet *s, const struct columns *at, const struct bill_line *l)
{

	if (l->discount == 0)
		return (NULL);
	sheet_add(s, bill_discount_name(l, s->lang));
	buf_add(&s->text, S(": "));
	format_money(&s->text, s->lang, -l->discount, s->bill->decimals);
	return (sheet_text(s, SMALL, at->description_width));
}

/* What was sold, how much of it and at which price. */
static void
sold_shape(struct sheet *s, const struct columns *at, const struct bill_line *l, struct row *r)
{

	r->description = sheet_label(s, BODY, l->description, at->description_width);
	r->period = period(s, l->period_start, l->period_end);
	format_decimal(&s->text, s->lang, l->quantity, 0);
	r->quantity = sheet_text(s, BODY, 0);
	r->unit = sheet_label(s, BODY, words_unit(s->lang, l->unit, l->quantity), at->unit_width);
	format_decimal(&s->text, s->lang, l->unit_price, s->bill->decimals);
	r->price = sheet_text(s, BODY, 0);
}

/* The bill that something was received on, its net share, and the rate; no unit, and below it what is corrected. */
static void
earned_shape(struct sheet *s, const struct columns *at, const struct bill_line *l, struct row *r)
{

	r->description = sheet_value(s, BODY, l->description, at->description_width);
	r->period = NULL;
	if (l->corrects.n > 0) {
		sheet_add_word(s, W_line_corrects);
		buf_char(&s->text, ' ');
		sheet_add(s, l->corrects);
		r->period = sheet_text(s, SMALL, at->description_width);
	}
	format_money(&s->text, s->lang, l->base, s->bill->decimals);
	r->quantity = sheet_text(s, BODY, 0);
	r->unit = NULL;
	format_percent(&s->text, s->lang, l->unit_price);
	r->price = sheet_common(s, BODY, 0);
}

/* Its kind, the bill that it is of, and its day, which stands where quantities do. */
static void
entry_shape(struct sheet *s, const struct columns *at, const struct bill_line *l, struct row *r)
{
	static const struct {
		const char *kind;
		enum word word;
	} kinds[] = {{"sale", W_sum_sold}, {"channel", W_sum_channel}, {"cost", W_sum_cost},
	    {"commission", W_sum_commission}, {"collected", W_sum_collected}, {"paid_in", W_sum_paid_in},
	    {"fee", W_sum_fees}, {"paid_out", W_sum_paid_out}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eqz(l->code, kinds[i].kind))
			sheet_add_word(s, kinds[i].word);
	r->description = sheet_common(s, BODY, at->description_width);
	r->period = NULL;
	r->unit = NULL;
	format_date(&s->text, s->lang, l->period_start);
	r->quantity = sheet_common(s, BODY, 0);
	r->price = sheet_value(s, BODY, l->description, 0);
}

static void
row_shape(struct sheet *s, const struct columns *at, const struct bill_line *l, struct row *r)
{

	buf_int(&s->text, l->position);
	r->position = sheet_text(s, SMALL, 0);
	if (bill_is_statement(s->bill))
		entry_shape(s, at, l, r);
	else if (bill_is_self(s->bill))
		earned_shape(s, at, l, r);
	else
		sold_shape(s, at, l, r);
	r->rate = NULL;
	if (!bill_is_statement(s->bill)) {
		format_percent(&s->text, s->lang, l->tax_rate);
		r->rate = sheet_common(s, BODY, 0);
	}
	format_money(&s->text, s->lang, l->net, s->bill->decimals);
	r->net = sheet_text(s, BODY, 0);
	r->discount = discount(s, at, l);
	r->height = r->description->height + (r->period == NULL ? 0 : r->period->height) +
	    (r->discount == NULL ? 0 : r->discount->height);
	if (r->unit != NULL && r->height < r->unit->height)
		r->height = r->unit->height;
	r->height += 2 * PAD;
}

struct lines *
lines_shape(struct sheet *s)
{
	const size_t n = s->bill->n_lines;
	struct lines *l = arena_alloc(s->a, sizeof(*l) + n * sizeof(l->rows[0]));

	l->at = columns(s);
	l->n_rows = n;
	l->caption = sheet_word(s, HEADING, bill_is_statement(s->bill) ? W_entries : W_lines, 0);
	sheet_add_word(s, W_in_currency);
	buf_char(&s->text, ' ');
	sheet_add(s, s->bill->currency);
	if (!bill_is_statement(s->bill)) {
		buf_add(&s->text, S("; "));
		sheet_add_word(s, bill_is_self(s->bill) ? W_amounts_without_tax : W_without_tax);
	}
	l->about = sheet_common(s, SMALL, 0);
	for (size_t i = 0; i < n; i++)
		row_shape(s, &l->at, &s->bill->lines[i], &l->rows[i]);
	return (l);
}

int
lines_pages(const struct sheet *s, const struct lines *l, double last)
{
	double y = s->y + l->caption->height + 4 + HEAD;
	int n = 1;

	for (size_t i = 0; i < l->n_rows; i++) {
		if (y + l->rows[i].height > s->bottom) {
			n++;
			y = SHEET_TOP + HEAD;
		}
		y += l->rows[i].height;
	}
	return (y + last > s->bottom ? n + 1 : n);
}

static void
head_ground(struct sheet *s, double y)
{

	sheet_rect(s, 0, y, s->inner, HEAD - 2, FAINT);
}

/* What the columns are called, by what stands in them; W__MAX: there is none. */
struct heads {
	enum word description, quantity, unit, price, rate, net;
};
static const struct heads sold_heads = {W_description, W_quantity, W_unit, W_unit_price, W_tax_rate, W_net};
static const struct heads earned_heads = {W_received_on, W_received_net, W__MAX, W_commission_rate, W_tax_rate, W_net};
static const struct heads entry_heads = {W_entry_what, W_entry_day, W__MAX, W_entry_bill, W__MAX, W_amount};

static const struct heads *
heads_of(const struct bill *bill)
{

	return (bill_is_statement(bill) ? &entry_heads : bill_is_self(bill) ? &earned_heads : &sold_heads);
}

static void
head_word(struct sheet *s, enum word w, double x, enum pdf_align align)
{

	if (w != W__MAX)
		sheet_draw(s, sheet_word(s, SMALL, w, 0), x, s->y + 5, align, MUTED);
}

/* On its ground, which comes first so that texts of one colour are not parted by it. */
static void
head(struct sheet *s, const struct columns *at)
{
	const struct heads *h = heads_of(s->bill);

	head_word(s, W_position, 4, PDF_START);
	head_word(s, h->description, at->description, PDF_START);
	head_word(s, h->quantity, at->quantity, PDF_END);
	head_word(s, h->unit, at->unit, PDF_START);
	head_word(s, h->price, at->price, PDF_END);
	head_word(s, h->rate, at->rate, PDF_END);
	head_word(s, h->net, at->net - 4, PDF_END);
	s->y += HEAD;
}

static void
row_draw(struct sheet *s, const struct columns *at, const struct row *r)
{
	const double y = s->y + PAD;

	sheet_draw(s, r->position, 4, y + 1, PDF_START, MUTED);
	sheet_draw(s, r->description, at->description, y, PDF_START, INK);
	sheet_draw(s, r->quantity, at->quantity, y, PDF_END, INK);
	if (r->unit != NULL)
		sheet_draw(s, r->unit, at->unit, y, PDF_START, INK);
	sheet_draw(s, r->price, at->price, y, PDF_END, INK);
	if (r->rate != NULL)
		sheet_draw(s, r->rate, at->rate, y, PDF_END, INK);
	sheet_draw(s, r->net, at->net - 4, y, PDF_END, INK);
	if (r->discount != NULL)
		sheet_draw(s, r->discount, at->description,
		    y + r->description->height + (r->period == NULL ? 0 : r->period->height), PDF_START, MUTED);
	if (r->period != NULL) /* last: with the next row's number it is one run of glyphs */
		sheet_draw(s, r->period, at->description, y + r->description->height, PDF_START, MUTED);
	s->y += r->height;
	sheet_rule(s, 0, s->y - 0.25, s->inner);
}

void
lines_draw(struct sheet *s, const struct lines *l)
{
	const double y = s->y + l->caption->height + 4;

	sheet_draw(s, l->caption, 0, s->y, PDF_START, INK);
	head_ground(s, y);
	sheet_draw(s, l->about, s->inner, s->y + 2, PDF_END, MUTED);
	s->y = y;
	head(s, &l->at);
	for (size_t i = 0; i < l->n_rows; i++) {
		if (s->y + l->rows[i].height > s->bottom) {
			sheet_next(s);
			head_ground(s, s->y);
			head(s, &l->at);
		}
		row_draw(s, &l->at, &l->rows[i]);
	}
}
