/* Pay-outs as files for a bank: ISO 20022 pain.001.001.09 as the SEPA rulebooks want it, and CSV.  One payment
 * information a currency; the amounts stand as they were agreed to, and nothing is computed here but their sums. */
#ifndef PAPER_PAYOUT_H
#define PAPER_PAYOUT_H

#include "base/buf.h"

struct payout_line {
	int64_t statement, tenant, amount;
	struct str tenant_name, currency, name, iban, bic, reference, period;
};

struct payout_file {
	struct str id;   /* of the message, without what banks do not take */
	struct str name; /* who pays, as banks take it */
	struct str iban, bic, created, execution;
	const struct payout_line *lines; /* by currency */
	size_t n;
};

/* 0, or -1 where the file would be too large. */
int payout_xml(const struct payout_file *f, struct buf *out) __attribute__((warn_unused_result));
int payout_csv(const struct payout_file *f, struct buf *out) __attribute__((warn_unused_result));

#endif
