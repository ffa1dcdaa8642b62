#include "paper/payout.h"

#include "base/csv.h"
#include "base/money.h"
#include "base/xml.h"

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

static struct str
amount(struct buf *out, int64_t minor, int decimals)
{
	struct buf b;

	buf_init(&b, out->a, 40);
	money_plain(&b, minor, decimals);
	return (buf_str(&b));
}

/* The sum of lines from..to, whatever their currencies, with the decimals of the finest. */
static struct str
control_sum(const struct payout_file *f, size_t from, size_t to, struct buf *out)
{
	int64_t sum = 0, scaled, scale;
	int finest = 0, decimals;

	for (size_t i = from; i < to; i++)
		if ((decimals = money_decimals(f->lines[i].currency)) > finest)
			finest = decimals;
	for (size_t i = from; i < to; i++) {
		scale = 1;
		for (decimals = money_decimals(f->lines[i].currency); decimals < finest; decimals++)
			scale *= 10;
		if (__builtin_mul_overflow(f->lines[i].amount, scale, &scaled) ||
		    __builtin_add_overflow(sum, scaled, &sum))
			out->failed = true;
	}
	return (amount(out, sum, finest));
}

static void
number(struct xml *x, const char *name, size_t n)
{

	xml_leaf(x, name, arena_printf(x->out->a, "%zu", n));
}

static void
inside(struct xml *x, const char *outer, const char *inner, struct str text)
{

	xml_open(x, outer);
	xml_leaf(x, inner, text);
	xml_close(x);
}

static void
account(struct xml *x, const char *name, struct str iban)
{

	xml_open(x, name);
	inside(x, "Id", "IBAN", iban);
	xml_close(x);
}

/* A bank; without a BIC it goes by the IBAN. */
static void
bank(struct xml *x, const char *name, struct str bic)
{

	xml_open(x, name);
	xml_open(x, "FinInstnId");
	if (bic.n > 0)
		xml_leaf(x, "BICFI", bic);
	else
		inside(x, "Othr", "Id", S("NOTPROVIDED"));
	xml_close(x);
	xml_close(x);
}

static void
transfer(struct xml *x, const struct payout_line *l)
{

	xml_open(x, "CdtTrfTxInf");
	inside(x, "PmtId", "EndToEndId", l->reference);
	xml_open(x, "Amt");
	xml_open_with(x, "InstdAmt", "Ccy", l->currency);
	xml_text(x->out, amount(x->out, l->amount, money_decimals(l->currency)));
	xml_close(x);
	xml_close(x);
	if (l->bic.n > 0)
		bank(x, "CdtrAgt", l->bic);
	inside(x, "Cdtr", "Nm", l->name);
	account(x, "CdtrAcct", l->iban);
	inside(x, "RmtInf", "Ustrd", arena_printf(x->out->a, "Settlement %.*s", STR_ARG(l->period)));
	xml_close(x);
}

/* Lines from..to, which are of one currency. */
static void
information(struct xml *x, const struct payout_file *f, size_t from, size_t to)
{
	const struct str currency = f->lines[from].currency;

	xml_open(x, "PmtInf");
	xml_leaf(x, "PmtInfId", arena_printf(x->out->a, "%.*s-%.*s", STR_ARG(f->id), STR_ARG(currency)));
	xml_leaf(x, "PmtMtd", S("TRF"));
	number(x, "NbOfTxs", to - from);
	xml_leaf(x, "CtrlSum", control_sum(f, from, to, x->out));
	if (str_eqz(currency, "EUR")) {
		xml_open(x, "PmtTpInf");
		inside(x, "SvcLvl", "Cd", S("SEPA"));
		xml_close(x);
	}
	inside(x, "ReqdExctnDt", "Dt", f->execution);
	inside(x, "Dbtr", "Nm", f->name);
	account(x, "DbtrAcct", f->iban);
	bank(x, "DbtrAgt", f->bic);
	xml_leaf(x, "ChrgBr", S("SLEV"));
	for (size_t i = from; i < to; i++)
		transfer(x, &f->lines[i]);
	xml_close(x);
}

int
payout_xml(const struct payout_file *f, struct buf *out)
{
	struct xml x;

	xml_begin(&x, out);
	xml_open_with(&x, "Document", "xmlns", S(NAMESPACE));
	xml_open(&x, "CstmrCdtTrfInitn");
	xml_open(&x, "GrpHdr");
	xml_leaf(&x, "MsgId", f->id);
	xml_leaf(&x, "CreDtTm", f->created);
	number(&x, "NbOfTxs", f->n);
	xml_leaf(&x, "CtrlSum", control_sum(f, 0, f->n, out));
	inside(&x, "InitgPty", "Nm", f->name);
	xml_close(&x);
	for (size_t from = 0, to; from < f->n; from = to) {
		to = from + 1;
		while (to < f->n && str_eq(f->lines[to].currency, f->lines[from].currency))
			to++;
		information(&x, f, from, to);
	}
	xml_close(&x);
	xml_close(&x);
	return (buf_failed(out) ? -1 : 0);
}

int
payout_csv(const struct payout_file *f, struct buf *out)
{

	buf_addz(out, CSV_BOM "reference,execution,name,iban,bic,amount,currency,period" CSV_END);
	for (size_t i = 0; i < f->n; i++) {
		const struct payout_line *l = &f->lines[i];
		const struct str cells[] = {l->reference, f->execution, l->name, l->iban, l->bic,
		    amount(out, l->amount, money_decimals(l->currency)), l->currency, l->period};

		for (size_t k = 0; k < sizeof(cells) / sizeof(cells[0]); k++) {
			buf_addz(out, k == 0 ? "" : ",");
			csv_text(out, cells[k]);
		}
		buf_addz(out, CSV_END);
	}
	return (buf_failed(out) ? -1 : 0);
}
