/* One issued document as it is printed: the frozen model that HTML and PDF are made of.
 * Loaded (load.h) through the request's scope and field filter: what the role may not
 * read is empty here, and so in every rendering. */
#ifndef PAPER_BILL_H
#define PAPER_BILL_H

#include "base/buf.h"

struct rq;
struct pdf_fonts; /* wire/pdf.h */

struct bill_party {
	struct str name, street, postcode, city, country, tax_id, registration, email, phone, iban, bic;
};

struct bill_line {
	int64_t position;
	struct str code, description, quantity, unit, unit_price, tax_rate; /* decimals as text */
	struct str discount_name;                                           /* or empty: several, or it has none */
	struct str corrects; /* of a commission that is given back: the number of the document that it was on */
	int64_t period_start, period_end; /* days, end excluded */
	int64_t net, base;                /* minor units; base: of a commission, which has its rate as unit_price */
	int64_t discount;                 /* taken off, not in net; 0: none */
};

struct bill_tax {
	struct str category, rate;
	int64_t base, amount;
};

struct bill_brand {
	int64_t id, version;
	struct str name, tagline, theme, accent, accent_text, font, logo, email, footer;
};

/* What a statement comes to, beside its lines; signed as they move what is owed. */
struct bill_sums {
	int64_t opening, sold, channel, cost, commission, collected, paid_in, fees, paid_out, closing;
};

struct bill {
	int64_t id;
	struct str public_id; /* as in addresses */
	struct str
	    kind; /* invoice or credit_note; self_billed or self_credit: of commissions, written by who buys; statement */
	struct str number, corrects, customer_number, account_number, tenant_slug;
	int64_t corrects_date, issue_date, due_date, period_start, period_end; /* days, or BILL_NO_DATE */
	struct str language, currency;
	int decimals; /* of the currency */
	int64_t net, tax, gross;
	struct bill_party seller, buyer;
	struct bill_brand brand;
	struct str pdf_sha256; /* 32 bytes, or empty before the first rendering */
	struct bill_line *lines;
	size_t n_lines;
	struct bill_tax *taxes;
	size_t n_taxes;
	struct bill_sums sums; /* of a statement, whose lines are entries: code is their kind, period_start their day */
};

#define BILL_LINES_MAX 5000
#define BILL_TAXES_MAX 64
#define BILL_NO_DATE INT64_MIN

/* A whole HTML page that needs no script; to out.  0, or -1 where out failed. */
int bill_html(const struct bill *bill, struct buf *out) __attribute__((warn_unused_result));

/* A PDF, equal to the byte for equal bills; to out.  The fonts are the calling thread's.
 * 0, or -1 where out failed or the page cannot be drawn (logged).  A logo that cannot be
 * read is logged, and the brand's name stands in its place. */
int bill_pdf(const struct bill *bill, struct pdf_fonts *fonts, struct buf *out) __attribute__((warn_unused_result));

/* The same into rq->out, with the worker's own fonts, and its SHA-256.  Where the document was
 * sealed and comes out with other bytes, that is logged as an error.  0, or -1 with the problem set. */
int bill_pdf_sealed(struct rq *rq, const struct bill *bill, unsigned char hash[32]) __attribute__((warn_unused_result));

#endif
