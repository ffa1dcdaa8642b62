#include "trade/demo_part.h"

static void
payment(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, struct demo_doc *doc, int64_t day,
    int64_t amount, const char *method, struct str reference)
{
	struct bulk *o = d->out;

	if (amount == 0 || day > d->today)
		return;
	bulk_row(o, TABLE_payment);
	bulk_int(o, demo_id(d, TABLE_payment));
	bulk_int(o, t->id);
	bulk_int(o, t->customer_id + p->i);
	demo_bonds(d, t, p);
	bulk_int(o, t->account_id + p->i);
	bulk_date(o, day);
	bulk_int(o, amount);
	bulk_z(o, demo_currencies[t->money].code);
	bulk_z(o, method);
	bulk_text(o, arena_printf(d->row, "%04lld", (long long)(p->key % 10000)));
	bulk_text(o, reference);
	bulk_int(o, doc->id);
	bulk_end(o);
	doc->paid += amount;
}

/* Of a thousand bills 860 are paid in time, 70 late, 30 in part, the rest not for long. */
void
demo_pay(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, struct demo_doc *doc, int m,
    struct demo_rng *r)
{
	int64_t luck = demo_rng_below(r, 1000), some = demo_rng_below(r, p->terms - 2);
	int64_t in_time = doc->issued + 2 + some, late = doc->due + 2 + some;
	int age = d->months - 1 - m; /* bills since then */

	if (p->model) {
		/* Always the same picture: the newest is open, the one before overdue, one came late. */
		if (age >= 2)
			payment(d, t, p, doc, age == 4 ? late : in_time, doc->gross, p->method, doc->number);
		return;
	}
	if (luck < 860)
		payment(d, t, p, doc, in_time, doc->gross, p->method, doc->number);
	else if (luck < 930 || age > 9)
		payment(d, t, p, doc, late, doc->gross, p->method, doc->number);
	else if (luck < 960) {
		payment(d, t, p, doc, in_time, doc->gross / 2, p->method, doc->number);
		if (age > 4)
			payment(d, t, p, doc, late + 30, doc->gross - doc->gross / 2, p->method, doc->number);
	} else if (luck < 985 && age > 3)
		payment(d, t, p, doc, late + 60, doc->gross, p->method, doc->number);
}

void
demo_pay_offset(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, struct demo_doc *doc,
    int64_t day, struct str reference)
{

	payment(d, t, p, doc, day, doc->gross, "transfer", reference);
}
