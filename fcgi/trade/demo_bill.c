#include "base/date.h"
#include "trade/demo_part.h"

#define WHOLE 1000000 /* quantities are in millionths */
#define CREDIT_DAYS 9 /* from a wrong bill to its credit note */

/* A wrong bill that waits for its credit note. */
struct wrong {
	int64_t i, id;
	struct str number;
};

static void
add(struct demo_doc *doc, const struct demo_tenant *t, const struct demo_plan *p, enum demo_offer o, int64_t n)
{

	demo_doc_line(doc, t, p, o, n * WHOLE, 0);
}

/* Usage of n devices in the month. */
static void
usage(struct demo_doc *doc, const struct demo_tenant *t, const struct demo_plan *p, int64_t n, struct demo_rng *r)
{
	int64_t days = doc->to - doc->from;
	int64_t nights = n * days - demo_rng_below(r, 4 * n);

	/* An odd number of nights at 0.035 ends in half a cent: each such line shows the rounding. */
	if (p->telemetry)
		add(doc, t, p, OFFER_TELE, p->model ? nights | 1 : nights);
	if (p->device == OFFER_O2)
		demo_doc_line(doc, t, p, OFFER_HOURS, n * days * (14 * WHOLE + demo_rng_below(r, 20) * WHOLE / 2), 0);
}

/* What a care home gets is billed by room. */
static void
rooms(struct demo_doc *doc, const struct demo_tenant *t, const struct demo_plan *p, bool many, struct demo_rng *r)
{
	int64_t n = many ? 98 : p->n_devices;

	for (int64_t room = 1; room <= n; room++) {
		demo_doc_line(doc, t, p, many && room % 3 == 0 ? OFFER_O2 : p->device, WHOLE, room);
		if (!many)
			continue;
		add(doc, t, p, OFFER_MASK, 1);
		add(doc, t, p, OFFER_TELE, doc->to - doc->from - demo_rng_below(r, 4));
	}
	if (many) {
		add(doc, t, p, OFFER_HUMID, 2);
		add(doc, t, p, OFFER_TUBE, 5);
		add(doc, t, p, OFFER_FILTER, 98);
		add(doc, t, p, OFFER_SERVICE, 3);
		add(doc, t, p, OFFER_HOURS, 32 * (doc->to - doc->from) * 14);
		demo_doc_line(doc, t, p, OFFER_SERVICE, WHOLE / 2, 0);
	}
}

static void
fill(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, int m, struct demo_rng *r)
{
	bool many = p->many_lines && m == d->months - 1;
	struct demo_doc *doc = d->doc;
	int64_t n = p->n_devices;

	doc->n_lines = 0;
	if (p->kind == CARE_HOME)
		rooms(doc, t, p, many, r);
	else
		add(doc, t, p, p->device, n);
	if (many)
		return;
	if (p->mask)
		add(doc, t, p, OFFER_MASK, n);
	if (p->filter)
		add(doc, t, p, OFFER_FILTER, n);
	usage(doc, t, p, n, r);
	if (demo_rng_below(r, 20) == 0 || (p->model && m % 3 == 0))
		add(doc, t, p, OFFER_TUBE, 1);
	if (demo_rng_below(r, 30) == 0)
		add(doc, t, p, OFFER_HUMID, 1);
	if (demo_rng_below(r, 25) == 0 || (p->model && m % 4 == 1))
		demo_doc_line(doc, t, p, OFFER_SERVICE, WHOLE * (1 + demo_rng_below(r, 4)) / 2, 0);
}

/* The document of the month with everything but lines, totals and number. */
static void
head(struct demo *d, const struct demo_plan *p, int m, int64_t issued)
{
	struct demo_doc *doc = d->doc;

	doc->n_lines = doc->n_taxes = 0;
	doc->paid = doc->corrects = 0;
	doc->credit = false;
	doc->from = demo_month(d, m);
	doc->to = demo_month(d, m + 1);
	doc->issued = issued;
	doc->due = issued + p->terms;
}

static bool
gets_corrected(const struct demo *d, const struct demo_plan *p, int m)
{

	return (p->credit_month == m && demo_month(d, m + 1) + CREDIT_DAYS <= d->today);
}

static struct str
credit_number(const struct demo *d, const struct demo_tenant *t, struct arena *a, int64_t day, int64_t ahead)
{
	int year, month, dom;

	date_split(day, &year, &month, &dom);
	return (arena_printf(
	    a, "%s-CN-%04d-%06lld", t->code, year, (long long)(t->numbers[1][year - d->year] + 1 + ahead)));
}

/* The bill of one customer and month, if it had service then.  Remembers a wrong one. */
static void
bill(struct demo *d, struct demo_tenant *t, const struct demo_plan *p, int m, struct wrong *wrongs, size_t *n_wrongs)
{
	struct demo_rng r = demo_rng_of(d->seed, p->key, (uint64_t)m + 1);
	struct demo_doc *doc = d->doc;

	if (p->since > demo_month(d, m) || p->ends <= demo_month(d, m))
		return;
	head(d, p, m, demo_month(d, m + 1));
	fill(d, t, p, m, &r);
	if (gets_corrected(d, p, m)) /* the device stands on it twice */
		demo_doc_line(doc, t, p, p->device, doc->lines[0].quantity, doc->lines[0].room);
	demo_doc_total(doc);
	demo_doc_number(d, t, doc);
	if (gets_corrected(d, p, m)) {
		int64_t day = doc->issued + CREDIT_DAYS;

		demo_pay_offset(d, t, p, doc, day, credit_number(d, t, d->row, day, (int64_t)*n_wrongs));
		wrongs[(*n_wrongs)++] = (struct wrong){p->i, doc->id, arena_printf(d->a, "%.*s", STR_ARG(doc->number))};
	} else
		demo_pay(d, t, p, doc, m, &r);
	demo_doc_write(d, t, p, doc);
}

/* The credit note, and the bill as it should have been. */
static void
correct(struct demo *d, struct demo_tenant *t, const struct wrong *w, int m)
{
	struct demo_doc *doc = d->doc;
	struct demo_plan p;
	struct demo_rng r;

	demo_plan_make(d, t, w->i, &p);
	for (int pass = 0; pass < 2; pass++) {
		r = demo_rng_of(d->seed, p.key, (uint64_t)m + 1);
		head(d, &p, m, demo_month(d, m + 1) + CREDIT_DAYS);
		fill(d, t, &p, m, &r);
		if (pass == 0) {
			demo_doc_line(doc, t, &p, p.device, doc->lines[0].quantity, doc->lines[0].room);
			doc->corrects = w->id;
			doc->due = doc->issued;
			demo_doc_negate(doc);
		} else
			demo_doc_total(doc);
		demo_doc_number(d, t, doc);
		if (pass == 0)
			demo_pay_offset(d, t, &p, doc, doc->issued, w->number);
		else
			demo_pay(d, t, &p, doc, m, &r);
		demo_doc_write(d, t, &p, doc);
	}
	arena_reset(d->row);
}

static void
series(struct demo *d, const struct demo_tenant *t)
{

	for (int kind = 0; kind < 2; kind++)
		for (int y = 0; y < DEMO_YEARS; y++) {
			if (t->numbers[kind][y] == 0)
				continue;
			bulk_row(d->out, TABLE_series);
			bulk_int(d->out, t->id);
			bulk_z(d->out, kind == 0 ? "invoice" : "credit_note");
			bulk_int(d->out, d->year + y);
			bulk_int(d->out, t->numbers[kind][y] + 1);
			bulk_end(d->out);
		}
}

void
demo_bills_write(struct demo *d, struct demo_tenant *t)
{
	struct wrong *wrongs = arena_alloc(d->a, ((size_t)t->n_customers + 1) * sizeof(*wrongs));
	struct demo_plan p;
	size_t n_wrongs;

	/* Month by month, so that numbers go up with the dates. */
	for (int m = 0; m < d->months && !bulk_failed(d->out); m++) {
		n_wrongs = 0;
		for (int64_t i = 0; i < t->n_customers; i++, d->done++) {
			demo_plan_make(d, t, i, &p);
			bill(d, t, &p, m, wrongs, &n_wrongs);
			arena_reset(d->row);
		}
		for (size_t w = 0; w < n_wrongs; w++)
			correct(d, t, &wrongs[w], m);
	}
	series(d, t);
}
