/* Reads a statement as what is printed. */
#include "base/money.h"
#include "paper/load.h"

#define ENTRIES_MAX 2000 /* printed one by one */

struct face {
	struct bill bill;
	int64_t entries;
};

#define AT(column, type, member)                                  \
	{                                                         \
		column, COL_##type, offsetof(struct face, member) \
	}

#define PARTY(who)                                                                                                    \
	AT(#who ".party.name", STR, bill.who.name), AT(#who ".party.street", STR, bill.who.street),                   \
	    AT(#who ".party.postcode", STR, bill.who.postcode), AT(#who ".party.city", STR, bill.who.city),           \
	    AT(#who ".party.country", STR, bill.who.country), AT(#who ".party.tax_id", STR, bill.who.tax_id),         \
	    AT(#who ".party.registration", STR, bill.who.registration), AT(#who ".party.email", STR, bill.who.email), \
	    AT(#who ".party.phone", STR, bill.who.phone)

static const struct col face_cols[] = {
    AT("_id", INT, bill.id),
    AT("_kind", STR, bill.kind),
    AT("_number", STR, bill.number),
    AT("_issued", DATE, bill.issue_date),
    AT("period_start", DATE, bill.period_start),
    AT("period_end", DATE, bill.period_end),
    AT("_language", STR, bill.language),
    AT("_currency", STR, bill.currency),
    AT("opening", INT, bill.sums.opening),
    AT("sold", INT, bill.sums.sold),
    AT("channel", INT, bill.sums.channel),
    AT("cost", INT, bill.sums.cost),
    AT("commission", INT, bill.sums.commission),
    AT("collected", INT, bill.sums.collected),
    AT("paid_in", INT, bill.sums.paid_in),
    AT("fees", INT, bill.sums.fees),
    AT("paid_out", INT, bill.sums.paid_out),
    AT("closing", INT, bill.gross),
    AT("_entries", INT, entries),
    AT("_brand_id", INT, bill.brand.id),
    AT("_brand_version", INT, bill.brand.version),
    AT("_brand_name", STR, bill.brand.name),
    AT("_brand_tagline", STR, bill.brand.tagline),
    AT("_brand_theme", STR, bill.brand.theme),
    AT("_brand_accent", STR, bill.brand.accent),
    AT("_brand_accent_text", STR, bill.brand.accent_text),
    AT("_brand_font", STR, bill.brand.font),
    AT("_brand_logo", STR, bill.brand.logo),
    AT("_brand_email", STR, bill.brand.email),
    AT("_brand_footer", STR, bill.brand.footer),
    PARTY(seller),
    PARTY(buyer),
};

static const struct col entry_cols[] = {
    {"kind", COL_STR, offsetof(struct bill_line, code)},
    {"day", COL_DATE, offsetof(struct bill_line, period_start)},
    {"document_number", COL_STR, offsetof(struct bill_line, description)},
    {"amount", COL_INT, offsetof(struct bill_line, net)},
};

static int
entries(struct rq *rq, struct bill *bill, int64_t n_entries)
{
	void *rows;
	int64_t n;

	if (!may_act(rq->who.rights, ACT_entry_read))
		return (0);
	arg_int(rq, "id", bill->id);
	arg_text(rq, "currency", bill->currency);
	arg_int(rq, "many", n_entries > ENTRIES_MAX);
	n = query_rows(rq, Q_entry_paper, COLS(entry_cols), sizeof(struct bill_line), BILL_LINES_MAX, &rows);
	if (n == -1)
		return (-1);
	bill->lines = rows;
	bill->n_lines = (size_t)n;
	for (size_t i = 0; i < bill->n_lines; i++)
		bill->lines[i].position = (int64_t)i + 1;
	return (0);
}

int
bill_load_statement(struct rq *rq, struct bill *bill)
{
	struct face f = {.bill = {.public_id = rq->id_text, .due_date = BILL_NO_DATE}};
	int n = query_row(rq, Q_statement_frozen, COLS(face_cols), &f);

	if (n == 0)
		problem(rq, P_not_found, "%s", "");
	if (n != 1)
		return (-1);
	*bill = f.bill;
	bill->decimals = money_decimals(bill->currency);
	if (bill->decimals == -1) {
		problem(rq, P_internal, "no decimals are known for its currency");
		return (-1);
	}
	return (entries(rq, bill, f.entries));
}
