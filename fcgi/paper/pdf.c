#include "base/conf.h"
#include "base/log.h"
#include "paper/sheet.h"

#define COLUMN_GAP 20.0
#define PANEL 158.0 /* width of the panel with the amount */

/* ---- colours and measures ---- */

/* "#rrggbb"; the database holds nothing else, so anything else is a grey that nobody chose. */
static uint32_t
colour(struct str s)
{
	uint32_t rgb = 0;

	if (s.n != 7 || s.p[0] != '#')
		return (MUTED);
	for (size_t i = 1; i < 7; i++) {
		const char c = s.p[i];
		const int v = c >= '0' && c <= '9' ? c - '0'
		    : c >= 'a' && c <= 'f'         ? c - 'a' + 10
		    : c >= 'A' && c <= 'F'         ? c - 'A' + 10
						   : -1;

		if (v == -1)
			return (MUTED);
		rgb = rgb << 4 | (uint32_t)v;
	}
	return (rgb);
}

static bool
is_letter_country(struct str country)
{

	return (str_eqz(country, "US") || str_eqz(country, "CA"));
}

/* ---- the first page ---- */

/* NULL where the brand has no logo.  The name becomes a file's, so only such names pass. */
static const char *
logo_file(struct sheet *s)
{
	const struct str name = s->bill->brand.logo;

	for (size_t i = 0; i < name.n; i++) {
		const char c = name.p[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
			log_error("logo", "the logo of brand %lld has no usable name", (long long)s->bill->brand.id);
			return (NULL);
		}
	}
	if (name.n == 0)
		return (NULL);
	return (arena_printf(s->a, "%s/%.*s.svg", conf_text(CONF_logo_dir), STR_ARG(name)).p);
}

static void
brand(struct sheet *s)
{
	const char *file = logo_file(s);
	const struct pdf_text *t;
	double w, h = 0;

	if (file == NULL || pdf_logo(s->pdf, file, SHEET_SIDE, 34, 190, 40, &w, &h) == -1) {
		t = sheet_label(s, AMOUNT, s->bill->brand.name, s->inner * 0.55);
		sheet_draw(s, t, 0, 34, PDF_START, INK);
		h = t->height;
	}
	s->y = 34 + h + 4;
	if (s->bill->brand.tagline.n > 0) {
		t = sheet_label(s, SMALL, s->bill->brand.tagline, s->inner * 0.55);
		sheet_draw(s, t, 0, s->y, PDF_START, MUTED);
		s->y += t->height;
	}
}

static void
title(struct sheet *s)
{

	sheet_draw(s, sheet_word(s, TITLE, bill_title(s->bill), 0), s->inner, 32, PDF_END, INK);
	sheet_draw(s, sheet_value(s, BODY, s->bill->number, 0), s->inner, 61, PDF_END, MUTED);
	if (s->y < 76)
		s->y = 76;
	s->y += 26;
}

/* The column that an address is printed in. */
struct column {
	double x, y, width;
	bool is_kept; /* who writes it is on all its bills; of who gets it nothing is kept in memory */
};

static void
column_text(struct sheet *s, struct column *c, enum sheet_style st, uint32_t rgb)
{
	const struct str text = buf_str(&s->text);
	const struct pdf_text *t;

	if (text.n == 0)
		return;
	t = c->is_kept ? sheet_label(s, st, text, c->width) : sheet_value(s, st, text, c->width);
	buf_clear(&s->text);
	sheet_draw(s, t, c->x, c->y, PDF_START, rgb);
	c->y += t->height;
}

/* How far down it reaches. */
static double
party(struct sheet *s, enum word w, const struct bill_party *p, struct column c)
{

	sheet_add_word(s, w);
	column_text(s, &c, SMALL, MUTED);
	c.y += 2;
	buf_add(&s->text, p->name);
	column_text(s, &c, STRONG, INK);
	buf_add(&s->text, p->street);
	column_text(s, &c, BODY, INK);
	format_city(&s->text, p->postcode, p->city, p->country);
	column_text(s, &c, BODY, INK);
	buf_add(&s->text, words_country(s->lang, p->country));
	column_text(s, &c, BODY, INK);
	c.y += 3;
	if (p->tax_id.n > 0) {
		sheet_add_word(s, W_tax_id);
		buf_char(&s->text, ' ');
		sheet_add(s, p->tax_id);
	}
	column_text(s, &c, SMALL, MUTED);
	buf_add(&s->text, p->registration); /* says itself which register it is of */
	column_text(s, &c, SMALL, MUTED);
	return (c.y);
}

/* What a reader looks for first, on the brand's colour. */
static double
panel(struct sheet *s)
{
	const struct bill *bill = s->bill;
	const bool is_due = bill->gross > 0 && bill->due_date != BILL_NO_DATE;
	const double x = s->inner - PANEL, inner = PANEL - 24, height = is_due ? 74 : 60;
	double y = s->y + 10;

	sheet_rect(s, x, s->y, PANEL, height, s->accent);
	sheet_draw(s, sheet_word(s, SMALL, bill_total(bill), inner), x + 12, y, PDF_START, s->accent_text);
	y += 13;
	format_amount(&s->text, s->lang, bill_total_amount(bill), bill->decimals, bill->currency);
	sheet_draw(s, sheet_text(s, AMOUNT, 0), x + 12, y, PDF_START, s->accent_text);
	y += 26;
	if (is_due) {
		sheet_add_word(s, W_due_date);
		buf_char(&s->text, ' ');
		format_date(&s->text, s->lang, bill->due_date);
		sheet_draw(s, sheet_common(s, SMALL, inner), x + 12, y, PDF_START, s->accent_text);
	}
	return (s->y + height);
}

static double
max(double a, double b)
{

	return (a > b ? a : b);
}

static void
parties(struct sheet *s)
{
	const double width = (s->inner - PANEL - 2 * COLUMN_GAP) / 2;
	const struct column left = {0, s->y, width, false}, right = {width + COLUMN_GAP, s->y, width, true};
	const struct bill *bill = s->bill;
	double y;

	/* On the left who gets it. */
	if (bill_is_statement(bill))
		y = max(party(s, W_statement_for, &bill->buyer, left), party(s, W_statement_by, &bill->seller, right));
	else if (bill_is_self(bill))
		y = max(party(s, W_self_seller, &bill->seller, left), party(s, W_self_buyer, &bill->buyer, right));
	else
		y = max(party(s, W_buyer, &bill->buyer, left), party(s, W_seller, &bill->seller, right));
	s->y = max(y, panel(s)) + 22;
}

/* ---- facts: a grid of four columns ---- */

#define COLUMNS 4

/* The present row. */
struct grid {
	const struct pdf_text *names[COLUMNS], *values[COLUMNS];
	size_t n;
};

static double
column_width(const struct sheet *s)
{

	return (s->inner / COLUMNS);
}

/* Names first, then values, as the row is read; each in one colour is a third less to draw. */
static void
grid_row(struct sheet *s, struct grid *g)
{
	double height = 0;

	for (size_t i = 0; i < g->n; i++)
		sheet_draw(s, g->names[i], (double)i * column_width(s), s->y, PDF_START, MUTED);
	for (size_t i = 0; i < g->n; i++) {
		sheet_draw(s, g->values[i], (double)i * column_width(s), s->y + 11, PDF_START, INK);
		height = max(height, g->values[i]->height + 11);
	}
	s->y += height;
	g->n = 0;
}

static void
fact(struct sheet *s, struct grid *g, enum word w, const struct pdf_text *value)
{

	if (g->n == COLUMNS) {
		grid_row(s, g);
		s->y += 8;
	}
	g->names[g->n] = sheet_word(s, SMALL, w, column_width(s) - 6);
	g->values[g->n++] = value;
}

static void
fact_text(struct sheet *s, struct grid *g, enum word w, struct str value)
{

	if (value.n > 0)
		fact(s, g, w, sheet_value(s, BODY, value, column_width(s) - 6));
}

static void
fact_date(struct sheet *s, struct grid *g, enum word w, int64_t days)
{

	if (days == BILL_NO_DATE)
		return;
	format_date(&s->text, s->lang, days);
	fact(s, g, w, sheet_common(s, BODY, column_width(s) - 6));
}

static void
corrects(struct sheet *s, struct grid *g)
{
	const struct bill *bill = s->bill;

	if (bill->corrects.n == 0)
		return;
	sheet_add(s, bill->corrects);
	if (bill->corrects_date != BILL_NO_DATE) {
		buf_char(&s->text, ' ');
		sheet_add_word(s, W_of_date);
		buf_char(&s->text, ' ');
		format_date(&s->text, s->lang, bill->corrects_date);
	}
	fact(s, g, W_corrects, sheet_text(s, BODY, column_width(s) - 6));
}

static void
facts(struct sheet *s)
{
	const struct bill *bill = s->bill;
	struct grid g = {.n = 0};

	sheet_rule(s, 0, s->y, s->inner);
	s->y += 10;
	fact_text(s, &g, W_number, bill->number);
	fact_date(s, &g, W_issue_date, bill->issue_date);
	if (bill->period_start != BILL_NO_DATE && bill->period_end != BILL_NO_DATE) {
		format_period(&s->text, s->lang, bill->period_start, bill->period_end);
		fact(s, &g, bill_is_statement(bill) ? W_statement_period : W_period, sheet_common(s, BODY, 0));
	}
	if (bill->gross > 0)
		fact_date(s, &g, W_due_date, bill->due_date);
	fact_text(s, &g, W_customer_number, bill->customer_number);
	fact_text(s, &g, W_account_number, bill->account_number);
	corrects(s, &g);
	grid_row(s, &g);
	s->y += 10;
	sheet_rule(s, 0, s->y, s->inner);
	s->y += 24;
}

/* ---- the whole ---- */

static int
begin(struct sheet *s, const struct bill *bill, struct pdf_fonts *fonts, struct buf *out)
{
	const bool is_letter = is_letter_country(bill->seller.country);
	struct pdf_about about = {
	    .author = bill_is_self(bill) ? bill->buyer.name : bill->seller.name,
	    .language = words_tag(s->lang),
	    .created = bill->issue_date == BILL_NO_DATE ? 0 : bill->issue_date,
	    .width = is_letter ? 612 : 595.28,
	    .height = is_letter ? 792 : 841.89,
	    .mirrored = format_is_rtl(s->lang),
	    .serif = str_eqz(bill->brand.font, "serif"),
	};

	buf_add(&s->text, words_of(s->lang, bill_title(bill)));
	buf_char(&s->text, ' ');
	buf_add(&s->text, bill->number);
	about.title = arena_str(s->a, buf_str(&s->text));
	buf_clear(&s->text);
	s->width = about.width;
	s->height = about.height;
	s->inner = s->width - 2 * SHEET_SIDE;
	s->bottom = s->height - SHEET_BOTTOM;
	s->pdf = pdf_open(fonts, &about, out);
	return (s->pdf == NULL ? -1 : pdf_bookmark(s->pdf, 0, about.title, 0));
}

int
bill_pdf(const struct bill *bill, struct pdf_fonts *fonts, struct buf *out)
{
	struct sheet s = {.bill = bill,
	    .a = out->a,
	    .lang = words_lang(bill->language),
	    .accent = colour(bill->brand.accent),
	    .accent_text = colour(bill->brand.accent_text),
	    .page = 1};
	struct lines *lines;
	struct sum *sum;
	int top;

	buf_init(&s.text, out->a, 4096);
	if ((top = begin(&s, bill, fonts, out)) == -1)
		return (-1);
	pdf_rect(s.pdf, 0, 0, s.width, 6, s.accent);
	brand(&s);
	title(&s);
	parties(&s);
	facts(&s);
	lines = lines_shape(&s);
	sum = sum_shape(&s);
	s.n_pages = lines_pages(&s, lines, sum_height(sum));
	pdf_bookmark(s.pdf, top, words_of(s.lang, W_lines), s.y);
	lines_draw(&s, lines);
	if (s.y + sum_height(sum) > s.bottom)
		sheet_next(&s);
	pdf_bookmark(s.pdf, top, words_of(s.lang, W_totals), s.y);
	sum_draw(&s, sum);
	sheet_foot(&s);
	return (pdf_close(s.pdf));
}
