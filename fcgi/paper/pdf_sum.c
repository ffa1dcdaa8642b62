#include "paper/sheet.h"

#define ABOVE 22.0 /* between the lines and the block */
#define GAP 24.0   /* between its two columns */

/* One text at its place in the block. */
struct mark {
	const struct pdf_text *text;
	double x, y;
	enum pdf_align align;
	uint32_t rgb;
};

struct sum {
	double payment_width, figures_x; /* left column; where the right one begins */
	double payment_y, figures_y;     /* how far each is filled */
	double rules[4];                 /* y of hairlines in the right column */
	size_t n_rules;
	double due_y, due_height; /* the band behind the amount due */
	size_t n_marks, max_marks;
	struct mark marks[];
};

static void
mark(struct sum *sum, const struct pdf_text *t, double x, double y, enum pdf_align align, uint32_t rgb)
{

	if (sum->n_marks < sum->max_marks)
		sum->marks[sum->n_marks++] = (struct mark){t, x, y, align, rgb};
}

/* ---- payment ---- */

static void
pay_line(struct sheet *s, struct sum *sum, enum word w, const struct pdf_text *value)
{
	const double x = sum->payment_width * 0.38;

	mark(sum, sheet_word(s, SMALL, w, x - 4), 0, sum->payment_y + 1, PDF_START, MUTED);
	mark(sum, value, x, sum->payment_y, PDF_START, INK);
	sum->payment_y += value->height + 2;
}

static void
pay_text(struct sum *sum, const struct pdf_text *t)
{

	mark(sum, t, 0, sum->payment_y, PDF_START, INK);
	sum->payment_y += t->height;
}

/* Article 226 (10a) of Directive 2006/112/EC: the very word, and what it means. */
static void
self_billing(struct sheet *s, struct sum *sum)
{

	mark(sum, sheet_word(s, HEADING, W_self_billing, 0), 0, sum->payment_y, PDF_START, INK);
	sum->payment_y += 20;
	sheet_add_word(s, W_self_billing_text);
	if (words_in_eu(s->bill->seller.country)) {
		buf_add(&s->text, S(" ("));
		sheet_add_word(s, W_law_self_billing);
		buf_char(&s->text, ')');
	}
	pay_text(sum, sheet_common(s, BODY, sum->payment_width));
	sum->payment_y += 6;
	pay_text(sum, sheet_word(s, BODY, W_self_settled, sum->payment_width));
}

static void
payment(struct sheet *s, struct sum *sum)
{
	const struct bill *bill = s->bill;
	const double width = sum->payment_width * 0.62;

	if (bill_is_self(bill)) {
		self_billing(s, sum);
		return;
	}
	mark(sum, sheet_word(s, HEADING, W_payment, 0), 0, sum->payment_y, PDF_START, INK);
	sum->payment_y += 20;
	if (bill->gross <= 0) {
		pay_text(
		    sum, sheet_word(s, BODY, bill_is_credit(bill) ? W_is_credited : W_nothing_due, sum->payment_width));
		return;
	}
	if (bill->due_date != BILL_NO_DATE) {
		format_date(&s->text, s->lang, bill->due_date);
		pay_line(s, sum, W_pay_by, sheet_common(s, STRONG, width));
	}
	if (bill->seller.iban.n > 0) {
		pay_line(s, sum, W_holder, sheet_label(s, BODY, bill->seller.name, width));
		pay_line(s, sum, bill_is_iban(bill->seller.iban) ? W_iban : W_bank_account,
		    sheet_label(s, BODY, bill->seller.iban, width));
	}
	if (bill->seller.bic.n > 0)
		pay_line(s, sum, W_bic, sheet_label(s, BODY, bill->seller.bic, width));
	pay_line(s, sum, W_reference, sheet_value(s, BODY, bill->number, width));
}

/* ---- taxes and totals ---- */

static void
rule(struct sum *sum)
{

	sum->rules[sum->n_rules++] = sum->figures_y;
}

static const struct pdf_text *
money(struct sheet *s, enum sheet_style st, int64_t minor)
{

	format_money(&s->text, s->lang, minor, s->bill->decimals);
	return (sheet_text(s, st, 0));
}

static void
taxes(struct sheet *s, struct sum *sum)
{
	const struct bill *bill = s->bill;
	const double rate = sum->figures_x, base = s->inner - 84, amount = s->inner - 4;

	if (bill->n_taxes == 0)
		return;
	mark(sum, sheet_word(s, SMALL, W_rate, 0), rate, sum->figures_y, PDF_START, MUTED);
	mark(sum, sheet_word(s, SMALL, W_taxable, 0), base, sum->figures_y, PDF_END, MUTED);
	mark(sum, sheet_word(s, SMALL, W_tax_amount, 0), amount, sum->figures_y, PDF_END, MUTED);
	sum->figures_y += 14;
	rule(sum);
	sum->figures_y += 4;
	for (size_t i = 0; i < bill->n_taxes; i++) {
		format_percent(&s->text, s->lang, bill->taxes[i].rate);
		mark(sum, sheet_common(s, BODY, 0), rate, sum->figures_y, PDF_START, INK);
		mark(sum, money(s, BODY, bill->taxes[i].base), base, sum->figures_y, PDF_END, INK);
		mark(sum, money(s, BODY, bill->taxes[i].amount), amount, sum->figures_y, PDF_END, INK);
		sum->figures_y += 15;
	}
	sum->figures_y += 3;
	rule(sum);
	sum->figures_y += 6;
}

static void
total(struct sheet *s, struct sum *sum, enum word w, int64_t minor)
{

	mark(sum, sheet_word(s, BODY, w, 0), sum->figures_x, sum->figures_y, PDF_START, INK);
	mark(sum, money(s, BODY, minor), s->inner - 4, sum->figures_y, PDF_END, INK);
	sum->figures_y += 15;
}

static void
due(struct sheet *s, struct sum *sum)
{
	const struct bill *bill = s->bill;

	sum->figures_y += 5;
	sum->due_y = sum->figures_y;
	sum->due_height = 27;
	mark(sum, sheet_word(s, HEADING, bill_total(bill), 0), sum->figures_x, sum->figures_y + 6, PDF_START, INK);
	format_amount(&s->text, s->lang, bill_total_amount(bill), bill->decimals, bill->currency);
	mark(sum, sheet_text(s, HEADING, 0), s->inner - 4, sum->figures_y + 6, PDF_END, INK);
	sum->figures_y += sum->due_height;
}

/* From the balance before to the one after; sales move nothing, and stand last. */
static void
statement(struct sheet *s, struct sum *sum)
{
	const struct bill_sums *b = &s->bill->sums;

	mark(sum, sheet_word(s, HEADING, W_statement, 0), 0, sum->payment_y, PDF_START, INK);
	sum->payment_y += 20;
	pay_text(sum, sheet_word(s, BODY, W_statement_text, sum->payment_width));
	if (s->bill->n_lines == 0) {
		sum->payment_y += 6;
		pay_text(sum, sheet_word(s, BODY, W_no_entries, sum->payment_width));
	}
	total(s, sum, W_sum_opening, b->opening);
	total(s, sum, W_sum_collected, b->collected);
	total(s, sum, W_sum_channel, b->channel);
	total(s, sum, W_sum_cost, b->cost);
	total(s, sum, W_sum_commission, b->commission);
	total(s, sum, W_sum_paid_in, b->paid_in);
	total(s, sum, W_sum_fees, b->fees);
	total(s, sum, W_sum_paid_out, b->paid_out);
	due(s, sum);
	sum->figures_y += 6;
	total(s, sum, W_sum_sold, b->sold);
}

static void
mentions(struct sheet *s, struct sum *sum)
{
	const struct pdf_text *t;

	for (size_t i = 0; i < s->bill->n_taxes; i++) {
		if (!bill_mention(s->bill, s->lang, i, &s->text))
			continue;
		t = sheet_common(s, SMALL, s->inner - sum->figures_x);
		sum->figures_y += 6;
		mark(sum, t, sum->figures_x, sum->figures_y, PDF_START, INK);
		sum->figures_y += t->height;
	}
}

struct sum *
sum_shape(struct sheet *s)
{
	const size_t max = 32 + 4 * s->bill->n_taxes;
	struct sum *sum = arena_zero(s->a, 1, sizeof(*sum) + max * sizeof(sum->marks[0]));

	sum->max_marks = max;
	sum->payment_width = (s->inner - GAP) * 0.46;
	sum->figures_x = sum->payment_width + GAP;
	if (bill_is_statement(s->bill)) {
		statement(s, sum);
		return (sum);
	}
	payment(s, sum);
	taxes(s, sum);
	total(s, sum, W_total_net, s->bill->net);
	total(s, sum, W_total_tax, s->bill->tax);
	due(s, sum);
	mentions(s, sum);
	return (sum);
}

double
sum_height(const struct sum *sum)
{

	return (ABOVE + (sum->payment_y > sum->figures_y ? sum->payment_y : sum->figures_y));
}

void
sum_draw(struct sheet *s, const struct sum *sum)
{
	const double y = s->y + ABOVE, w = s->inner - sum->figures_x;

	for (size_t i = 0; i < sum->n_rules; i++)
		sheet_rule(s, sum->figures_x, y + sum->rules[i], w);
	sheet_rect(s, sum->figures_x, y + sum->due_y, w, 1.5, s->accent);
	sheet_rule(s, sum->figures_x, y + sum->due_y + sum->due_height, w);
	for (size_t i = 0; i < sum->n_marks; i++) {
		const struct mark *m = &sum->marks[i];

		sheet_draw(s, m->text, m->x, y + m->y, m->align, m->rgb);
	}
	s->y += sum_height(sum);
}
