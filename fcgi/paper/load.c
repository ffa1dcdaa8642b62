#include "paper/load.h"

#include "base/money.h"
#include "core/sold.h"

_Static_assert(BILL_NO_DATE == DATE_NONE, "a date that is not there is the same in both");

#define AT(column, type, member)                                  \
	{                                                         \
		column, COL_##type, offsetof(struct bill, member) \
	}

#define PARTY(who)                                                                                          \
	AT(#who ".party.name", STR, who.name), AT(#who ".party.street", STR, who.street),                   \
	    AT(#who ".party.postcode", STR, who.postcode), AT(#who ".party.city", STR, who.city),           \
	    AT(#who ".party.country", STR, who.country), AT(#who ".party.tax_id", STR, who.tax_id),         \
	    AT(#who ".party.registration", STR, who.registration), AT(#who ".party.email", STR, who.email), \
	    AT(#who ".party.phone", STR, who.phone), AT(#who ".party.iban", STR, who.iban),                 \
	    AT(#who ".party.bic", STR, who.bic)

#define BRAND                                                                                                         \
	AT("_brand_id", INT, brand.id), AT("_brand_version", INT, brand.version), AT("_brand_name", STR, brand.name), \
	    AT("_brand_tagline", STR, brand.tagline), AT("_brand_theme", STR, brand.theme),                           \
	    AT("_brand_accent", STR, brand.accent), AT("_brand_accent_text", STR, brand.accent_text),                 \
	    AT("_brand_font", STR, brand.font), AT("_brand_logo", STR, brand.logo),                                   \
	    AT("_brand_email", STR, brand.email), AT("_brand_footer", STR, brand.footer)

#define FACE                                                                                                  \
	COL_I_(bill, id), COL_S(bill, kind), COL_S(bill, number), COL_S(bill, corrects),                      \
	    AT("_corrects_date", DATE, corrects_date), COL_D(bill, issue_date), COL_D(bill, period_start),    \
	    COL_D(bill, period_end), COL_S(bill, language), COL_S_(bill, currency), COL_I(bill, net),         \
	    COL_I(bill, tax), COL_I(bill, gross), COL_S_(bill, tenant_slug), COL_S_(bill, pdf_sha256), BRAND, \
	    PARTY(seller), PARTY(buyer)

static const struct col bill_cols[] = {
    FACE,
    COL_D(bill, due_date),
    COL_S_(bill, customer_number),
    COL_S_(bill, account_number),
};

/* Of commissions: it is settled, and of no account. */
static const struct col self_cols[] = {FACE};

static const struct col line_cols[] = {
    COL_I(bill_line, position),
    COL_S(bill_line, code),
    COL_S(bill_line, description),
    COL_D(bill_line, period_start),
    COL_D(bill_line, period_end),
    COL_S(bill_line, quantity),
    COL_S(bill_line, unit),
    COL_S(bill_line, unit_price),
    COL_I(bill_line, net),
    COL_S(bill_line, tax_rate),
    COL_I(bill_line, discount),
    COL_S(bill_line, discount_name),
};

static const struct col earned_cols[] = {
    COL_I(bill_line, position),
    {"document_number", COL_STR, offsetof(struct bill_line, description)},
    COL_I(bill_line, base),
    {"rate", COL_STR, offsetof(struct bill_line, unit_price)},
    COL_I(bill_line, net),
    COL_S(bill_line, tax_rate),
    COL_S(bill_line, corrects),
};

static const struct col tax_cols[] = {
    COL_S(bill_tax, category),
    COL_S(bill_tax, rate),
    COL_I(bill_tax, base),
    COL_I(bill_tax, amount),
};

static int
rows(struct rq *rq, struct bill *bill, bool is_self)
{
	void *lines, *taxes;
	int64_t n_lines, n_taxes;

	arg_int(rq, "id", bill->id);
	arg_text(rq, "currency", bill->currency);
	n_lines = is_self
	    ? query_rows(rq, Q_self_line_list, COLS(earned_cols), sizeof(struct bill_line), BILL_LINES_MAX, &lines)
	    : query_rows(rq, sold_lines(rq), COLS(line_cols), sizeof(struct bill_line), BILL_LINES_MAX, &lines);
	if (n_lines == -1)
		return (-1);
	if (rq->n_unsold > 0) { /* a part of a legal document would be another one */
		problem(rq, P_not_found, "%s", "");
		return (-1);
	}
	n_taxes = query_rows(rq, is_self ? Q_tax_self_list : Q_tax_list, COLS(tax_cols), sizeof(struct bill_tax),
	    BILL_TAXES_MAX, &taxes);
	if (n_taxes == -1)
		return (-1);
	bill->lines = lines;
	bill->n_lines = (size_t)n_lines;
	bill->taxes = taxes;
	bill->n_taxes = (size_t)n_taxes;
	return (0);
}

int
bill_load(struct rq *rq, enum query frozen, struct bill *bill)
{
	const bool is_self = frozen == Q_self_bill_frozen || frozen == Q_self_incoming_frozen;
	int n;

	*bill = (struct bill){.public_id = rq->id_text, .due_date = BILL_NO_DATE};
	n = is_self ? query_row(rq, frozen, COLS(self_cols), bill) : query_row(rq, frozen, COLS(bill_cols), bill);
	if (n == 0)
		problem(rq, P_not_found, "%s", ""); /* the same for all that is not there */
	if (n != 1)
		return (-1);
	bill->decimals = money_decimals(bill->currency);
	if (bill->decimals == -1) {
		problem(rq, P_internal, "no decimals are known for its currency");
		return (-1);
	}
	return (rows(rq, bill, is_self));
}
