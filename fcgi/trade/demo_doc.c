#include <stdlib.h>

#include "base/date.h"
#include "base/money.h"
#include "trade/demo_part.h"

void
demo_doc_line(struct demo_doc *doc, const struct demo_tenant *t, const struct demo_plan *p, enum demo_offer o,
    int64_t quantity, int64_t room)
{
	const struct demo_land *land = &demo_lands[t->country];
	struct demo_line *l;

	if (doc->n_lines == DEMO_LINES)
		abort(); /* a mistake in demo_bill.c */
	l = &doc->lines[doc->n_lines++];
	*l = (struct demo_line){.offer = o, .quantity = quantity, .room = room};
	l->price = p->free ? 0 : t->price[o];
	l->rate = p->reverse ? 0 : demo_offerings[o].reduced ? land->reduced : land->standard;
	l->category = p->reverse ? "AE" : l->rate == 0 ? "Z" : "S";
	if (money_line(l->quantity, l->price, t->decimals, &l->net) == -1)
		abort();
}

static struct demo_tax *
tax_of(struct demo_doc *doc, const struct demo_line *l)
{

	for (size_t i = 0; i < doc->n_taxes; i++)
		if (doc->taxes[i].rate == l->rate)
			return (&doc->taxes[i]);
	if (doc->n_taxes == DEMO_TAXES)
		abort();
	doc->taxes[doc->n_taxes] = (struct demo_tax){.category = l->category, .rate = l->rate};
	return (&doc->taxes[doc->n_taxes++]);
}

void
demo_doc_total(struct demo_doc *doc)
{

	doc->n_taxes = 0;
	doc->net = doc->tax = 0;
	for (size_t i = 0; i < doc->n_lines; i++) {
		doc->net += doc->lines[i].net;
		tax_of(doc, &doc->lines[i])->base += doc->lines[i].net;
	}
	for (size_t i = 0; i < doc->n_taxes; i++) {
		struct demo_tax *x = &doc->taxes[i];

		if (money_muldiv(x->base, x->rate, 10000, &x->amount) == -1)
			abort();
		doc->tax += x->amount;
	}
	doc->gross = doc->net + doc->tax;
}

void
demo_doc_negate(struct demo_doc *doc)
{

	for (size_t i = 0; i < doc->n_lines; i++) {
		doc->lines[i].quantity = -doc->lines[i].quantity;
		doc->lines[i].net = -doc->lines[i].net;
	}
	doc->credit = true;
	demo_doc_total(doc);
}

void
demo_doc_number(struct demo *d, struct demo_tenant *t, struct demo_doc *doc)
{
	int year, month, day;
	int64_t n;

	date_split(doc->issued, &year, &month, &day);
	n = ++t->numbers[doc->credit][year - d->year];
	doc->number =
	    arena_printf(d->row, doc->credit ? "%s-CN-%04d-%06lld" : "%s-%04d-%06lld", t->code, year, (long long)n);
	doc->id = demo_id(d, TABLE_document);
}

static struct str
description(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, const struct demo_line *l)
{
	const char *text = demo_offerings[l->offer].text[p->lang];

	if (l->offer > OFFER_VENT)
		return (str_of(text));
	if (l->room == 0)
		return (arena_printf(d->row, "%s · %s-S%06lld", text, t->code, (long long)p->i + 1));
	return (arena_printf(d->row, "%s · %s %lld · %s-S%06lld-%lld", text, demo_locales[p->lang].room,
	    (long long)l->room, t->code, (long long)p->i + 1, (long long)l->room));
}

static void
line(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, const struct demo_doc *doc, size_t i)
{
	const struct demo_line *l = &doc->lines[i];

	bulk_row(d->out, TABLE_document_line);
	bulk_int(d->out, doc->id);
	bulk_int(d->out, t->account_id + p->i);
	bulk_int(d->out, (int64_t)i + 1);
	bulk_z(d->out, demo_offerings[l->offer].code);
	bulk_text(d->out, description(d, t, p, l));
	bulk_date(d->out, doc->from);
	bulk_date(d->out, doc->to);
	bulk_millionths(d->out, l->quantity);
	bulk_z(d->out, demo_offerings[l->offer].unit);
	bulk_millionths(d->out, l->price);
	bulk_int(d->out, l->net);
	bulk_z(d->out, l->category);
	bulk_hundredths(d->out, l->rate);
	bulk_end(d->out);
}

static void
taxes(struct demo *d, const struct demo_doc *doc)
{

	for (size_t i = 0; i < doc->n_taxes; i++) {
		bulk_row(d->out, TABLE_document_tax);
		bulk_int(d->out, doc->id);
		bulk_z(d->out, doc->taxes[i].category);
		bulk_hundredths(d->out, doc->taxes[i].rate);
		bulk_int(d->out, doc->taxes[i].base);
		bulk_int(d->out, doc->taxes[i].amount);
		bulk_end(d->out);
	}
}

void
demo_doc_write(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, const struct demo_doc *doc)
{
	struct bulk *o = d->out;

	bulk_row(o, TABLE_document);
	bulk_int(o, doc->id);
	bulk_int(o, t->id);
	for (int i = 1; i <= 4; i++)
		bulk_int(o, t->a[i]);
	bulk_int(o, t->customer_id + p->i);
	demo_bonds(d, t, p);
	bulk_int(o, t->account_id + p->i);
	bulk_z(o, doc->credit ? "credit_note" : "invoice");
	bulk_text(o, doc->number);
	if (doc->corrects == 0)
		bulk_null(o);
	else
		bulk_int(o, doc->corrects);
	bulk_date(o, doc->issued);
	bulk_date(o, doc->due);
	bulk_date(o, doc->from);
	bulk_date(o, doc->to);
	bulk_z(o, demo_locales[p->lang].code);
	bulk_z(o, demo_currencies[t->money].code);
	bulk_int(o, doc->net);
	bulk_int(o, doc->tax);
	bulk_int(o, doc->gross);
	bulk_int(o, doc->paid);
	bulk_int(o, t->party_id);
	bulk_int(o, t->customer_party + p->i);
	bulk_int(o, doc->issued < t->brand_from ? t->brand_old : t->brand_id);
	bulk_end(o);
	for (size_t i = 0; i < doc->n_lines; i++)
		line(d, t, p, doc, i);
	taxes(d, doc);
}
