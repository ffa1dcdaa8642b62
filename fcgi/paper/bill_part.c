#include "paper/bill_part.h"

struct mention {
	const char *category; /* UNCL5305 */
	enum word text, law;
};

static const struct mention mentions[] = {
    {"AE", W_tax_AE, W_law_AE},
    {"E", W_tax_E, W_law_E},
    {"Z", W_tax_Z, W_law_Z},
};

bool
bill_is_credit(const struct bill *bill)
{

	return (str_eqz(bill->kind, "credit_note") || str_eqz(bill->kind, "self_credit"));
}

bool
bill_is_self(const struct bill *bill)
{

	return (str_eqz(bill->kind, "self_billed") || str_eqz(bill->kind, "self_credit"));
}

bool
bill_is_statement(const struct bill *bill)
{

	return (str_eqz(bill->kind, "statement"));
}

enum word
bill_title(const struct bill *bill)
{

	if (bill_is_statement(bill))
		return (W_statement);
	if (bill_is_self(bill))
		return (bill_is_credit(bill) ? W_self_credit : W_self_billed);
	return (bill_is_credit(bill) ? W_credit_note : W_invoice);
}

enum word
bill_total(const struct bill *bill)
{

	if (bill_is_statement(bill))
		return (bill->gross < 0 ? W_closing_below : W_closing);
	if (bill_is_self(bill))
		return (bill_is_credit(bill) ? W_commission_back : W_commission_total);
	return (bill_is_credit(bill) ? W_amount_credited : W_amount_due);
}

int64_t
bill_total_amount(const struct bill *bill)
{

	return (bill_is_credit(bill) || (bill_is_statement(bill) && bill->gross < 0) ? -bill->gross : bill->gross);
}

struct str
bill_discount_name(const struct bill_line *line, enum lang lang)
{

	return (line->discount_name.n > 0 ? line->discount_name : words_of(lang, W_discount));
}

bool
bill_is_iban(struct str account)
{

	if (account.n < 4)
		return (false);
	for (size_t i = 0; i < 4; i++) {
		const char c = account.p[i];

		if (i < 2 ? c < 'A' || c > 'Z' : c < '0' || c > '9')
			return (false);
	}
	return (true);
}

bool
bill_mention(const struct bill *bill, enum lang lang, size_t i, struct buf *b)
{

	for (size_t m = 0; m < sizeof(mentions) / sizeof(mentions[0]); m++) {
		if (!str_eqz(bill->taxes[i].category, mentions[m].category))
			continue;
		buf_add(b, words_of(lang, mentions[m].text));
		if (words_in_eu(bill->seller.country)) {
			buf_add(b, S(" ("));
			buf_add(b, words_of(lang, mentions[m].law));
			buf_char(b, ')');
		}
		return (true);
	}
	return (false);
}
