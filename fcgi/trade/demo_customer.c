#include "base/date.h"
#include "trade/demo_part.h"

#define LONG_NAME 100 /* characters */

static const char *const kinds[KIND__MAX] = {[PERSON] = "person", [CLINIC] = "clinic", [CARE_HOME] = "care_home"};

/* The first customers of each dealer of the hand-made channel: one of every kind of trouble. */
static void
special(const struct demo *d, const struct demo_tenant *t, struct demo_plan *p)
{
	bool union_member = t->country == COUNTRY_DE || t->country == COUNTRY_FR;

	p->since = d->first;
	p->credit_month = -1;
	p->lang = t->lang;
	p->kind = PERSON;
	switch (p->i) {
	case 0:
		p->model = p->mask = p->filter = p->telemetry = true;
		p->device = OFFER_CPAP;
		p->terms = 30;
		p->credit_month = d->months - 4;
		break;
	case 1:
		p->kind = CARE_HOME;
		p->heads = p->many_lines = true;
		break;
	case 2:
		p->name = NAME_LONG;
		break;
	case 3:
		p->name = NAME_QUOTED;
		break;
	case 4:
		p->kind = CLINIC;
		p->reverse = union_member;
		break;
	case 5:
	case 6:
		p->kind = CARE_HOME;
		p->parent = 1;
		break;
	case 7:
		p->free = true;
		break;
	case 8:
		p->closed = true;
		p->ends = demo_month(d, d->months > 3 ? d->months - 3 : 0);
		break;
	case 9:
		p->user_closed = true;
		break;
	}
}

static void
things(struct demo_plan *p, struct demo_rng *r)
{
	int64_t what = demo_rng_below(r, 100);

	p->device = what < 72 ? OFFER_CPAP : what < 90 ? OFFER_O2 : OFFER_VENT;
	p->mask = p->device == OFFER_CPAP && demo_rng_below(r, 10) < 7;
	p->filter = demo_rng_below(r, 10) < 6;
	p->telemetry = p->device != OFFER_O2 && demo_rng_below(r, 10) < 6;
}

static void
people(const struct demo *d, const struct demo_tenant *t, struct demo_plan *p, struct demo_rng *r)
{
	int64_t who = demo_rng_below(r, 100), few = d->standing ? 6 : 2;

	p->kind = who < few ? CLINIC : who < 2 * few || p->i == 1 ? CARE_HOME : PERSON;
	if (str_eqz(S("distributor"), t->kind))
		p->kind = CLINIC;
	p->heads = p->kind == CARE_HOME && p->i == 1;
	p->parent = p->kind == CARE_HOME && p->i > 1 && demo_rng_below(r, 3) == 0 ? 1 : -1;
	/* Some read the language of the country badly. */
	p->lang = demo_rng_below(r, 16) == 0 ? LANG_en : t->lang;
}

static void
times(const struct demo *d, const struct demo_tenant *t, struct demo_plan *p, struct demo_rng *r)
{
	static const char *const methods[] = {"transfer", "debit", "card"};
	int64_t before = 1 + demo_rng_below(r, 30);

	p->since = date_add_months(d->first, (int)-before);
	p->ends = INT64_MAX;
	if (d->standing && demo_rng_below(r, 10) < 3)
		p->since = demo_month(d, (int)demo_rng_below(r, d->months));
	p->closed = d->standing && demo_rng_below(r, 25) == 0;
	if (p->closed)
		p->ends = demo_month(d, (int)demo_rng_below(r, d->months));
	if (t->closed) {
		p->closed = true;
		p->since = d->first;
		p->ends = demo_month(d, d->months > 6 ? d->months - 6 : 1);
	}
	if (p->since > p->ends)
		p->since = p->ends;
	p->terms = demo_rng_below(r, 3) == 0 ? 30 : 14;
	p->method = methods[demo_rng_below(r, 3)];
	p->credit_month = demo_rng_below(r, d->standing ? 40 : 100) == 0 ? (int)demo_rng_below(r, d->months) : -1;
}

void
demo_plan_make(const struct demo *d, const struct demo_tenant *t, int64_t i, struct demo_plan *p)
{
	struct demo_rng r = demo_rng_of(d->seed, (uint64_t)t->id, (uint64_t)i);

	*p = (struct demo_plan){.i = i, .key = demo_rng_next(&r)};
	things(p, &r);
	people(d, t, p, &r);
	times(d, t, p, &r);
	p->has_user = i < 5 && !t->closed;
	if (d->standing && str_eqz(S("distributor"), t->kind))
		p->has_user = i < 2;
	else if (d->standing && !t->closed && i < 10) {
		special(d, t, p);
		p->has_user = i < 5 || i == 7 || i == 9;
	}
	p->n_devices = p->kind == PERSON ? 1 : 4 + demo_rng_below(&r, p->kind == CLINIC ? 12 : 24);
	if (p->many_lines)
		p->n_devices = 12; /* the other months; the newest bill is the long one */
}

/* The name, repeated to exactly LONG_NAME characters. */
static struct str
long_name(struct demo *d, struct str name)
{
	struct buf b;
	size_t n = 0, end = 0;
	struct str s;

	buf_init(&b, d->row, LONG_NAME * 8);
	while (str_chars(buf_str(&b)) < LONG_NAME) {
		buf_add(&b, name);
		buf_char(&b, '-');
	}
	s = buf_str(&b);
	for (; end < s.n; end++)
		if (((unsigned char)s.p[end] & 0xc0) != 0x80 && n++ == LONG_NAME)
			break;
	/* No hyphen or blank at the end, which some would trim. */
	b.p[end - 1] = (unsigned char)s.p[end - 1] < 0x80 ? 'x' : s.p[end - 1];
	return ((struct str){s.p, end});
}

struct str
demo_customer_name(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p)
{
	const struct demo_locale *loc = &demo_locales[t->lang];
	const char *word = p->i == 1 ? loc->group : loc->name[p->kind];
	struct str name = arena_printf(d->row, "%s %0*lld", word, d->standing ? 4 : 7, (long long)p->i + 1);

	if (p->name == NAME_LONG)
		return (long_name(d, name));
	if (p->name == NAME_QUOTED)
		return (arena_printf(d->row,
		    "%.*s <b>\"bold\"</b> & 'O''Sample'; -- </td><script>alert(1)</script> \\ %%s", STR_ARG(name)));
	return (name);
}

static void
party(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, struct str name)
{
	const struct demo_land *land = &demo_lands[t->country];
	bool taxable = p->kind == CLINIC && (p->reverse || p->key % 3 != 0); /* some clinics have no tax id */

	if (p->reverse)
		land = &demo_lands[t->country == COUNTRY_DE ? COUNTRY_FR : COUNTRY_DE];
	bulk_row(d->out, TABLE_party);
	bulk_int(d->out, t->customer_party + p->i);
	bulk_text(d->out, name);
	bulk_text(d->out, arena_printf(d->row, "%s %lld", t->street, (long long)p->i + 2));
	bulk_z(d->out, t->postcode);
	bulk_z(d->out, t->city);
	bulk_z(d->out, land->code);
	bulk_z(d->out, taxable ? land->clinic_tax_id : "");
	bulk_z(d->out, "");
	bulk_text(d->out, arena_printf(d->row, "patient%04lld@%s.example", (long long)p->i + 1, t->slug));
	bulk_text(d->out, arena_printf(d->row, "%s%03lld", land->phone, (long long)(p->i % 1000)));
	bulk_z(d->out, "");
	bulk_z(d->out, "");
	bulk_end(d->out);
}

void
demo_bonds(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p)
{

	bulk_int(d->out, t->segment_id[p->kind]);
	if (p->parent != -1 || p->heads)
		bulk_int(d->out, t->customer_id + (p->heads ? p->i : p->parent));
	else
		bulk_null(d->out);
	if (t->agent_id != 0 && p->i % 5 < 2)
		bulk_int(d->out, t->agent_id);
	else
		bulk_null(d->out);
}

static void
customer(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, struct str name)
{

	bulk_row(d->out, TABLE_customer);
	bulk_int(d->out, t->customer_id + p->i);
	bulk_int(d->out, t->id);
	for (int i = 1; i <= 4; i++)
		bulk_int(d->out, t->a[i]);
	demo_bonds(d, t, p);
	if (p->parent == -1)
		bulk_null(d->out);
	else
		bulk_int(d->out, t->customer_id + p->parent);
	bulk_int(d->out, t->customer_party + p->i);
	bulk_text(d->out, arena_printf(d->row, "%s-%06lld", t->code, (long long)p->i + 1));
	bulk_text(d->out, name);
	bulk_z(d->out, kinds[p->kind]);
	bulk_z(d->out, demo_locales[p->lang].code);
	bulk_z(d->out, p->closed ? "closed" : "active");
	bulk_date(d->out, p->since);
	bulk_end(d->out);
}

static void
account(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p)
{

	bulk_row(d->out, TABLE_account);
	bulk_int(d->out, t->account_id + p->i);
	bulk_int(d->out, t->id);
	bulk_int(d->out, t->customer_id + p->i);
	demo_bonds(d, t, p);
	bulk_text(d->out, arena_printf(d->row, "%s-A%06lld", t->code, (long long)p->i + 1));
	bulk_z(d->out, demo_currencies[t->money].code);
	bulk_int(d->out, 1);
	bulk_int(d->out, p->terms);
	bulk_z(d->out, p->method);
	bulk_text(d->out, arena_printf(d->row, "%04lld", (long long)(p->key % 10000)));
	bulk_z(d->out, p->closed ? "closed" : "active");
	bulk_end(d->out);
}

static void
subscription(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, enum demo_offer o, int64_t n)
{

	bulk_row(d->out, TABLE_subscription);
	bulk_int(d->out, demo_id(d, TABLE_subscription));
	bulk_int(d->out, t->id);
	bulk_int(d->out, t->customer_id + p->i);
	demo_bonds(d, t, p);
	bulk_int(d->out, t->account_id + p->i);
	bulk_int(d->out, d->offering_id + o);
	bulk_int(d->out, demo_offerings[o].product);
	bulk_millionths(d->out, n * 1000000);
	bulk_millionths(d->out, p->free ? 0 : t->price[o]);
	bulk_z(d->out, demo_currencies[t->money].code);
	bulk_date(d->out, p->since);
	if (p->closed)
		bulk_date(d->out, p->ends);
	else
		bulk_null(d->out);
	bulk_z(d->out, p->closed ? "ended" : "active");
	bulk_end(d->out);
}

static void
user(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, const char *login, enum role role,
    struct str name)
{

	bulk_row(d->out, TABLE_user);
	bulk_int(d->out, demo_id(d, TABLE_user));
	bulk_int(d->out, t->id);
	bulk_int(d->out, t->customer_id + p->i);
	bulk_int(d->out, d->role[role]);
	bulk_text(d->out, arena_printf(d->row, "%s%04lld@%s.example", login, (long long)p->i + 1, t->slug));
	bulk_text(d->out, name);
	bulk_z(d->out, demo_locales[p->lang].code);
	bulk_z(d->out, d->password);
	bulk_z(d->out, p->user_closed ? "closed" : "active");
	bulk_end(d->out);
}

void
demo_customers_write(struct demo *d, struct demo_tenant *t)
{
	struct demo_plan p;
	int others = 0;

	t->customer_id = d->id[TABLE_customer] + 1;
	t->account_id = d->id[TABLE_account] + 1;
	t->customer_party = d->id[TABLE_party] + 1;
	d->id[TABLE_customer] += t->n_customers;
	d->id[TABLE_account] += t->n_customers;
	d->id[TABLE_party] += t->n_customers;
	for (int64_t i = 0; i < t->n_customers && !bulk_failed(d->out); i++, d->done++) {
		struct str name;

		demo_plan_make(d, t, i, &p);
		name = demo_customer_name(d, t, &p);
		party(d, t, &p, name);
		customer(d, t, &p, name);
		account(d, t, &p);
		subscription(d, t, &p, p.device, p.n_devices);
		if (p.mask)
			subscription(d, t, &p, OFFER_MASK, p.n_devices);
		if (p.filter)
			subscription(d, t, &p, OFFER_FILTER, p.n_devices);
		if (p.telemetry)
			subscription(d, t, &p, OFFER_TELE, 1);
		if (p.device == OFFER_O2)
			subscription(d, t, &p, OFFER_HOURS, 1);
		if (p.has_user)
			user(d, t, &p, "patient", ROLE_customer_owner, name);
		if (p.has_user && t->staffed && !p.user_closed && others < 2) {
			/* The first two have others who act for them. */
			user(d, t, &p, "payer", ROLE_customer_payer, name);
			user(d, t, &p, "viewer", ROLE_customer_viewer, name);
			if (p.heads)
				user(d, t, &p, "group", ROLE_customer_group, name);
			others++;
		}
		arena_reset(d->row);
	}
}
