#include "paper/bill_part.h"
#include "paper/format.h"

/* A bill as one page that needs no script, no inline style and nothing but the two style
 * sheets that it links to.  format_* and W_ texts hold no markup; all else is escaped. */

#define RAW(b, literal) buf_add((b), S(literal))

struct page {
	const struct bill *bill;
	struct buf *b;
	enum lang lang;
};

static void
word(const struct page *p, enum word w)
{

	buf_add(p->b, words_of(p->lang, w));
}

/* Text from outside: isolated, so that its direction does not turn what stands beside it. */
static void
value(const struct page *p, struct str s)
{

	RAW(p->b, "<bdi>");
	html_text(p->b, s);
	RAW(p->b, "</bdi>");
}

static void
date(const struct page *p, int64_t days)
{

	format_date(p->b, p->lang, days);
}

/* ---- head ---- */

static void
head(const struct page *p)
{
	struct buf *b = p->b;

	RAW(b, "<!doctype html>\n<html lang=\"");
	buf_add(b, words_tag(p->lang));
	if (format_is_rtl(p->lang))
		RAW(b, "\" dir=\"rtl\">\n");
	else
		RAW(b, "\" dir=\"ltr\">\n");
	RAW(b,
	    "<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	word(p, bill_title(p->bill));
	RAW(b, " ");
	html_text(b, p->bill->number);
	RAW(b, " · ");
	html_text(b, p->bill->brand.name);
	RAW(b,
	    "</title>\n<link rel=\"icon\" href=\"/brand/icon.svg\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\"/r/current/styles/bill.css\">\n<link rel=\"stylesheet\" href=\"/brand/bill-");
	buf_int(b, p->bill->brand.version);
	RAW(b, ".css\">\n</head>\n<body class=\"bill\">\n");
}

static void
tools(const struct page *p)
{
	struct buf *b = p->b;

	RAW(b, "<nav class=\"tools\" aria-label=\"");
	word(p, W_actions);
	RAW(b, "\">\n<a href=\"/\"><span aria-hidden=\"true\" class=\"arrow\"></span>");
	word(p, W_back);
	RAW(b, "</a>\n<a class=\"main\" href=\"/api/v1/documents/");
	html_attr(b, p->bill->public_id);
	RAW(b, "/pdf\">");
	word(p, W_download);
	RAW(b, "</a>\n</nav>\n");
}

static void
top(const struct page *p)
{
	const struct bill_brand *brand = &p->bill->brand;
	struct buf *b = p->b;

	RAW(b, "<header class=\"top\">\n<div class=\"brand\">");
	if (brand->logo.n > 0) {
		RAW(b, "<img src=\"/brand/logo.svg\" height=\"40\" alt=\"");
		html_attr(b, brand->name);
		RAW(b, "\">");
	} else {
		RAW(b, "<strong>");
		value(p, brand->name);
		RAW(b, "</strong>");
	}
	if (brand->tagline.n > 0) {
		RAW(b, "<p>");
		value(p, brand->tagline);
		RAW(b, "</p>");
	}
	RAW(b, "</div>\n<h1>");
	word(p, bill_title(p->bill));
	RAW(b, " <small>");
	value(p, p->bill->number);
	RAW(b, "</small></h1>\n</header>\n");
}

/* ---- who, when ---- */

static void
text_line(const struct page *p, struct str s)
{

	if (s.n == 0)
		return;
	value(p, s);
	RAW(p->b, "<br>");
}

static void
party(const struct page *p, enum word title, const struct bill_party *who)
{
	struct buf *b = p->b;

	RAW(b, "<section class=\"party\">\n<h2>");
	word(p, title);
	RAW(b, "</h2>\n<address><strong>");
	value(p, who->name);
	RAW(b, "</strong><br>");
	text_line(p, who->street);
	if (who->postcode.n > 0 || who->city.n > 0) {
		struct buf city;

		buf_init(&city, b->a, 1024);
		format_city(&city, who->postcode, who->city, who->country);
		text_line(p, buf_str(&city));
	}
	text_line(p, words_country(p->lang, who->country));
	if (who->tax_id.n > 0) {
		RAW(b, "<span class=\"pair\">");
		word(p, W_tax_id);
		RAW(b, " ");
		value(p, who->tax_id);
		RAW(b, "</span>");
	}
	if (who->registration.n > 0) { /* says itself which register it is of */
		RAW(b, "<span class=\"pair\">");
		value(p, who->registration);
		RAW(b, "</span>");
	}
	RAW(b, "</address>\n</section>\n");
}

static void
amount(const struct page *p, int64_t minor)
{

	format_amount(p->b, p->lang, minor, p->bill->decimals, p->bill->currency);
}

/* What a reader looks for first. */
static void
due(const struct page *p)
{
	const struct bill *bill = p->bill;
	const bool is_credit = bill_is_credit(bill);

	RAW(p->b, "<p class=\"due\"><span>");
	word(p, is_credit ? W_amount_credited : W_amount_due);
	RAW(p->b, "</span> <strong>");
	amount(p, is_credit ? -bill->gross : bill->gross);
	RAW(p->b, "</strong>");
	if (bill->gross > 0 && bill->due_date != BILL_NO_DATE) {
		RAW(p->b, " <span>");
		word(p, W_due_date);
		RAW(p->b, " ");
		date(p, bill->due_date);
		RAW(p->b, "</span>");
	}
	RAW(p->b, "</p>\n");
}

static void
fact_begin(const struct page *p, enum word w)
{

	RAW(p->b, "<div><dt>");
	word(p, w);
	RAW(p->b, "</dt><dd>");
}

static void
fact_end(const struct page *p)
{

	RAW(p->b, "</dd></div>\n");
}

static void
fact(const struct page *p, enum word w, struct str s)
{

	if (s.n == 0)
		return;
	fact_begin(p, w);
	value(p, s);
	fact_end(p);
}

static void
fact_date(const struct page *p, enum word w, int64_t days)
{

	if (days == BILL_NO_DATE)
		return;
	fact_begin(p, w);
	date(p, days);
	fact_end(p);
}

static void
facts(const struct page *p)
{
	const struct bill *bill = p->bill;

	RAW(p->b, "<dl class=\"facts\">\n");
	fact(p, W_number, bill->number);
	fact_date(p, W_issue_date, bill->issue_date);
	if (bill->period_start != BILL_NO_DATE && bill->period_end != BILL_NO_DATE) {
		fact_begin(p, W_period);
		format_period(p->b, p->lang, bill->period_start, bill->period_end);
		fact_end(p);
	}
	if (bill->gross > 0)
		fact_date(p, W_due_date, bill->due_date);
	if (bill->corrects.n > 0) {
		fact_begin(p, W_corrects);
		value(p, bill->corrects);
		if (bill->corrects_date != BILL_NO_DATE) {
			RAW(p->b, " ");
			word(p, W_of_date);
			RAW(p->b, " ");
			date(p, bill->corrects_date);
		}
		fact_end(p);
	}
	fact(p, W_customer_number, bill->customer_number);
	fact(p, W_account_number, bill->account_number);
	RAW(p->b, "</dl>\n");
}

/* ---- lines ---- */

static void
column(const struct page *p, enum word w)
{

	RAW(p->b, "<th scope=\"col\">");
	word(p, w);
	RAW(p->b, "</th>");
}

/* What it is called, and what it took off. */
static void
line_discount(const struct page *p, const struct bill_line *l)
{

	if (l->discount == 0)
		return;
	RAW(p->b, "<small>");
	value(p, bill_discount_name(l, p->lang));
	RAW(p->b, ": <bdi>");
	format_money(p->b, p->lang, -l->discount, p->bill->decimals);
	RAW(p->b, "</bdi></small>");
}

static void
line(const struct page *p, const struct bill_line *l)
{
	struct buf *b = p->b;

	RAW(b, "<tr><td>");
	buf_int(b, l->position);
	RAW(b, "</td><th scope=\"row\">");
	value(p, l->description);
	if (l->period_start != BILL_NO_DATE && l->period_end != BILL_NO_DATE) {
		RAW(b, "<small>");
		format_period(b, p->lang, l->period_start, l->period_end);
		RAW(b, "</small>");
	}
	line_discount(p, l);
	RAW(b, "</th><td>");
	format_decimal(b, p->lang, l->quantity, 0);
	RAW(b, "</td><td>");
	html_text(b, words_unit(p->lang, l->unit, l->quantity));
	RAW(b, "</td><td>");
	format_decimal(b, p->lang, l->unit_price, p->bill->decimals);
	RAW(b, "</td><td>");
	format_percent(b, p->lang, l->tax_rate);
	RAW(b, "</td><td>");
	format_money(b, p->lang, l->net, p->bill->decimals);
	RAW(b, "</td></tr>\n");
}

static void
lines(const struct page *p)
{
	const struct bill *bill = p->bill;
	struct buf *b = p->b;

	RAW(b, "<table class=\"lines\">\n<caption><span>");
	word(p, W_lines);
	RAW(b, "</span> <small>");
	word(p, W_in_currency);
	RAW(b, " ");
	value(p, bill->currency);
	RAW(b, "; ");
	word(p, W_without_tax);
	RAW(b, "</small></caption>\n<thead><tr>");
	column(p, W_position);
	column(p, W_description);
	column(p, W_quantity);
	column(p, W_unit);
	column(p, W_unit_price);
	column(p, W_tax_rate);
	column(p, W_net);
	RAW(b, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < bill->n_lines; i++)
		line(p, &bill->lines[i]);
	if (bill->n_lines == 0) {
		RAW(b, "<tr class=\"none\"><td colspan=\"7\">");
		word(p, W_no_lines);
		RAW(b, "</td></tr>\n");
	}
	RAW(b, "</tbody>\n</table>\n");
}

/* ---- taxes and totals ---- */

static void
taxes(const struct page *p)
{
	const struct bill *bill = p->bill;
	struct buf *b = p->b;

	if (bill->n_taxes == 0)
		return;
	RAW(b, "<table class=\"taxes\">\n<caption>");
	word(p, W_taxes);
	RAW(b, "</caption>\n<thead><tr>");
	column(p, W_rate);
	column(p, W_taxable);
	column(p, W_tax_amount);
	RAW(b, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < bill->n_taxes; i++) {
		RAW(b, "<tr><th scope=\"row\">");
		format_percent(b, p->lang, bill->taxes[i].rate);
		RAW(b, "</th><td>");
		format_money(b, p->lang, bill->taxes[i].base, bill->decimals);
		RAW(b, "</td><td>");
		format_money(b, p->lang, bill->taxes[i].amount, bill->decimals);
		RAW(b, "</td></tr>\n");
	}
	RAW(b, "</tbody>\n</table>\n");
}

static void
total(const struct page *p, enum word w, int64_t minor)
{

	RAW(p->b, "<tr><th scope=\"row\">");
	word(p, w);
	RAW(p->b, "</th><td>");
	amount(p, minor);
	RAW(p->b, "</td></tr>\n");
}

static void
totals(const struct page *p)
{
	const struct bill *bill = p->bill;
	struct buf *b = p->b;

	RAW(b, "<table class=\"totals\">\n<caption>");
	word(p, W_totals);
	RAW(b, "</caption>\n<tbody>\n");
	total(p, W_total_net, bill->net);
	total(p, W_total_tax, bill->tax);
	RAW(b, "</tbody>\n<tfoot>\n");
	if (bill_is_credit(bill))
		total(p, W_amount_credited, -bill->gross);
	else
		total(p, W_amount_due, bill->gross);
	RAW(b, "</tfoot>\n</table>\n");
}

static void
mentions(const struct page *p)
{
	struct buf text;

	for (size_t i = 0; i < p->bill->n_taxes; i++) {
		buf_init(&text, p->b->a, 1024);
		if (bill_mention(p->bill, p->lang, i, &text)) {
			RAW(p->b, "<p class=\"mention\">");
			html_text(p->b, buf_str(&text));
			RAW(p->b, "</p>\n");
		}
	}
}

/* ---- payment and foot ---- */

static void
payment(const struct page *p)
{
	const struct bill *bill = p->bill;
	struct buf *b = p->b;

	RAW(b, "<section class=\"payment\">\n<h2>");
	word(p, W_payment);
	RAW(b, "</h2>\n");
	if (bill->gross <= 0) {
		RAW(b, "<p>");
		word(p, bill_is_credit(bill) ? W_is_credited : W_nothing_due);
		RAW(b, "</p>\n</section>\n");
		return;
	}
	RAW(b, "<dl class=\"facts\">\n");
	fact_date(p, W_pay_by, bill->due_date);
	if (bill->seller.iban.n > 0)
		fact(p, W_holder, bill->seller.name);
	fact(p, bill_is_iban(bill->seller.iban) ? W_iban : W_bank_account, bill->seller.iban);
	fact(p, W_bic, bill->seller.bic);
	fact(p, W_reference, bill->number);
	RAW(b, "</dl>\n</section>\n");
}

static void
foot(const struct page *p)
{
	const struct bill *bill = p->bill;
	const struct str email = bill->brand.email.n > 0 ? bill->brand.email : bill->seller.email;
	struct buf *b = p->b;
	struct str domain;

	RAW(b, "<footer class=\"foot\">\n");
	if (email.n > 0) {
		RAW(b, "<p>");
		word(p, W_questions);
		RAW(b, ": <a href=\"mailto:");
		url_arg(b, str_cut(email, '@', &domain));
		RAW(b, "@");
		url_arg(b, domain);
		RAW(b, "\">");
		html_text(b, email);
		RAW(b, "</a>");
		if (bill->seller.phone.n > 0) {
			RAW(b, " · <bdi dir=\"ltr\">");
			html_text(b, bill->seller.phone);
			RAW(b, "</bdi>");
		}
		RAW(b, "</p>\n");
	}
	if (bill->brand.footer.n > 0) {
		RAW(b, "<p>");
		value(p, bill->brand.footer);
		RAW(b, "</p>\n");
	}
	RAW(b, "</footer>\n");
}

int
bill_html(const struct bill *bill, struct buf *out)
{
	const struct page p = {.bill = bill, .b = out, .lang = words_lang(bill->language)};

	head(&p);
	tools(&p);
	RAW(out, "<main class=\"sheet\">\n");
	top(&p);
	RAW(out, "<div class=\"who\">\n");
	party(&p, W_buyer, &bill->buyer);
	party(&p, W_seller, &bill->seller);
	due(&p);
	RAW(out, "</div>\n");
	facts(&p);
	lines(&p);
	RAW(out, "<div class=\"sum\">\n");
	payment(&p);
	RAW(out, "<div class=\"figures\">\n");
	taxes(&p);
	totals(&p);
	mentions(&p);
	RAW(out, "</div>\n</div>\n");
	foot(&p);
	RAW(out, "</main>\n</body>\n</html>\n");
	return (buf_failed(out) ? -1 : 0);
}
