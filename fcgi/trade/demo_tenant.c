#include <stdlib.h>

#include "base/money.h"
#include "trade/demo_part.h"

/* The list price in the tenant's currency with its margin, in whole steps. */
static int64_t
price(const struct demo_tenant *t, const struct demo_offering *o)
{
	const struct demo_currency *c = &demo_currencies[t->money];
	int64_t step = str_eqz(S("usage"), o->kind) ? c->usage_step : c->step;
	int64_t exact, steps;

	/* All factors are small constants of the tables: neither can leave int64_t. */
	if (money_muldiv(o->price, c->rate * t->margin, (int64_t)PRICE_SCALE * 1000, &exact) == -1 ||
	    money_muldiv(exact, 1, step, &steps) == -1)
		abort();
	return (steps * step);
}

static void
party(struct demo *d, const struct demo_tenant *t)
{
	const struct demo_land *land = &demo_lands[t->country];

	bulk_row(d->out, TABLE_party);
	bulk_int(d->out, t->party_id);
	bulk_z(d->out, t->legal);
	bulk_text(d->out, arena_printf(d->row, "%s 1", t->street));
	bulk_z(d->out, t->postcode);
	bulk_z(d->out, t->city);
	bulk_z(d->out, land->code);
	bulk_z(d->out, land->clinic_tax_id);
	bulk_z(d->out, t->registration);
	bulk_text(d->out, arena_printf(d->row, "billing@%s.example", t->slug));
	bulk_text(d->out, arena_printf(d->row, "%s%03d", land->phone, (int)(t->id % 1000)));
	bulk_z(d->out, land->iban);
	bulk_z(d->out, land->bic);
	bulk_end(d->out);
}

static void
brand(struct demo *d, const struct demo_tenant *t, int64_t id, int version, const char *accent)
{

	bulk_row(d->out, TABLE_brand);
	bulk_int(d->out, id);
	bulk_int(d->out, t->id);
	bulk_int(d->out, version);
	bulk_z(d->out, t->name);
	bulk_z(d->out, t->tagline);
	bulk_z(d->out, t->theme);
	bulk_z(d->out, accent);
	bulk_z(d->out, t->accent_text);
	bulk_z(d->out, "sans");
	bulk_z(d->out, t->logo);
	bulk_z(d->out, demo_locales[t->lang].code);
	bulk_text(d->out, arena_printf(d->row, "support@%s.example", t->slug));
	bulk_z(d->out, t->footer);
	bulk_end(d->out);
}

/* One dealer has changed its colour: bills issued before keep the old one. */
static void
brands(struct demo *d, struct demo_tenant *t)
{

	t->brand_old = t->brand_id = demo_id(d, TABLE_brand);
	t->brand_from = INT64_MIN;
	if (!d->standing || !str_eqz(S("MUSTP"), t->code)) {
		brand(d, t, t->brand_id, 1, t->accent);
		return;
	}
	brand(d, t, t->brand_old, 1, "#8a4b08");
	t->brand_id = demo_id(d, TABLE_brand);
	t->brand_from = demo_month(d, d->months - 3);
	brand(d, t, t->brand_id, 2, t->accent);
}

static void
tenant(struct demo *d, const struct demo_tenant *t)
{

	bulk_row(d->out, TABLE_tenant);
	bulk_int(d->out, t->id);
	if (t->parent_id == 0)
		bulk_null(d->out);
	else
		bulk_int(d->out, t->parent_id);
	bulk_int(d->out, t->level);
	for (int i = 1; i <= 4; i++)
		bulk_int(d->out, t->a[i]);
	bulk_z(d->out, t->kind);
	bulk_z(d->out, t->slug);
	bulk_z(d->out, t->name);
	bulk_int(d->out, t->party_id);
	bulk_int(d->out, t->brand_id);
	bulk_z(d->out, demo_currencies[t->money].code);
	bulk_z(d->out, demo_locales[t->lang].code);
	bulk_z(d->out, t->zone);
	bulk_z(d->out, t->closed ? "closed" : "active");
	bulk_end(d->out);
}

static void
hosts(struct demo *d, const struct demo_tenant *t)
{
	static const char *const domains[] = {"localhost", "example"};

	for (int i = 0; i < 2; i++) {
		bulk_row(d->out, TABLE_host);
		bulk_text(d->out, arena_printf(d->row, "%s.%s", t->slug, domains[i]));
		bulk_int(d->out, t->id);
		bulk_int(d->out, i == 0);
		bulk_end(d->out);
	}
}

static void
segments(struct demo *d, struct demo_tenant *t)
{
	static const char *const codes[KIND__MAX] = {
	    [PERSON] = "patients", [CLINIC] = "clinics", [CARE_HOME] = "care_homes"};
	static const char *const kinds[KIND__MAX] = {[CLINIC] = "clinic", [CARE_HOME] = "care_home"};

	for (int k = 0; k < KIND__MAX; k++) {
		t->segment_id[k] = demo_id(d, TABLE_segment);
		bulk_row(d->out, TABLE_segment);
		bulk_int(d->out, t->segment_id[k]);
		bulk_int(d->out, t->id);
		bulk_z(d->out, codes[k]);
		bulk_z(d->out, demo_locales[t->lang].segment[k]);
		bulk_z(d->out, kinds[k] == NULL ? "rest" : "rule");
		bulk_int(d->out, k);
		if (kinds[k] == NULL)
			bulk_null(d->out);
		else
			bulk_z(d->out, kinds[k]);
		bulk_end(d->out);
	}
}

static void
staff(struct demo *d, const struct demo_tenant *t, const char *login, enum role role, bool closed)
{

	bulk_row(d->out, TABLE_user);
	bulk_int(d->out, demo_id(d, TABLE_user));
	bulk_int(d->out, t->id);
	bulk_null(d->out);
	bulk_int(d->out, d->role[role]);
	bulk_text(d->out, arena_printf(d->row, "%s@%s.example", login, t->slug));
	bulk_text(d->out, arena_printf(d->row, "%s (%s-%s)", t->name, t->code, login));
	bulk_z(d->out, demo_locales[t->lang].code);
	bulk_z(d->out, d->password);
	bulk_z(d->out, closed ? "closed" : "active");
	bulk_end(d->out);
}

/* Somebody in each of the other built-in roles that see something by themselves. */
static void
teams(struct demo *d, struct demo_tenant *t)
{

	if (t->level == 0) {
		staff(d, t, "catalogue", ROLE_catalogue_manager, false);
		staff(d, t, "billing", ROLE_billing_operator, false);
		staff(d, t, "auditor", ROLE_auditor, false);
		/* Agrees to what the first administrator asks for: nobody does that alone. */
		staff(d, t, "deputy", ROLE_provider_admin, false);
		return;
	}
	staff(d, t, "finance", ROLE_reseller_finance, false);
	staff(d, t, "sales", ROLE_reseller_sales, false);
	staff(d, t, "support", ROLE_reseller_support, false);
	staff(d, t, "reader", ROLE_reseller_reader, false);
	staff(d, t, "agent", ROLE_reseller_agent, false);
	t->agent_id = d->id[TABLE_user];
}

/* One dealer sells neither accessories nor services. */
static void
shares(struct demo *d, const struct demo_tenant *t)
{
	static const enum demo_product gets[] = {PRODUCT_devices, PRODUCT_masks, PRODUCT_telemetry};

	if (!d->standing || !str_eqz(S("NAMUD"), t->code))
		return;
	for (size_t i = 0; i < sizeof(gets) / sizeof(gets[0]); i++) {
		bulk_row(d->out, TABLE_product_share);
		bulk_int(d->out, t->id);
		bulk_int(d->out, gets[i]);
		bulk_end(d->out);
	}
}

void
demo_tenant_write(struct demo *d, struct demo_tenant *t)
{
	bool root = t->level == 0, distributor = str_eqz(S("distributor"), t->kind);
	enum role role = root ? ROLE_provider_admin : distributor ? ROLE_distributor_owner : ROLE_dealer_owner;

	t->party_id = demo_id(d, TABLE_party);
	t->decimals = money_decimals(str_of(demo_currencies[t->money].code));
	for (int o = 0; o < OFFER__MAX; o++)
		t->price[o] = price(t, &demo_offerings[o]);
	party(d, t);
	brands(d, t);
	tenant(d, t);
	hosts(d, t);
	segments(d, t);
	shares(d, t);
	staff(d, t, root ? "admin" : "owner", role, false);
	if (d->standing)
		staff(d, t, "left", role, true);
	if (t->staffed)
		teams(d, t);
	d->tenants++;
	arena_reset(d->row);
}

static void
products(struct demo *d)
{
	static const struct {
		enum demo_product id, parent;
		int level;
		const char *code, *name;
	} nodes[] = {
#define PRODUCT(id, parent, level, code, name) {PRODUCT_##id, PRODUCT_##parent, level, code, name},
#include "schema/demo/data.def"
	};

	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		bulk_row(d->out, TABLE_product_segment);
		bulk_int(d->out, nodes[i].id);
		bulk_int(d->out, nodes[i].parent);
		bulk_int(d->out, nodes[i].level);
		bulk_z(d->out, nodes[i].code);
		bulk_z(d->out, nodes[i].name);
		bulk_end(d->out);
	}
}

/* What it is called in each language. */
static void
names(struct demo *d, int64_t id, const struct demo_offering *o)
{

	for (int lang = 0; lang < LANG__MAX; lang++) {
		bulk_row(d->out, TABLE_offering_name);
		bulk_int(d->out, id);
		bulk_z(d->out, demo_locales[lang].code);
		bulk_z(d->out, o->text[lang]);
		bulk_end(d->out);
	}
}

void
demo_offerings_write(struct demo *d, int64_t root)
{

	products(d);
	for (int o = 0; o < OFFER__MAX; o++) {
		int64_t id = demo_id(d, TABLE_offering);

		if (o == 0)
			d->offering_id = id;
		bulk_row(d->out, TABLE_offering);
		bulk_int(d->out, id);
		bulk_int(d->out, root);
		bulk_int(d->out, demo_offerings[o].product);
		bulk_z(d->out, demo_offerings[o].code);
		bulk_z(d->out, demo_offerings[o].text[LANG_en]);
		bulk_z(d->out, demo_offerings[o].kind);
		bulk_z(d->out, demo_offerings[o].unit);
		bulk_millionths(d->out, demo_offerings[o].price);
		bulk_z(d->out, demo_currencies[MONEY_EUR].code);
		bulk_int(d->out, 1);
		bulk_z(d->out, "active");
		bulk_end(d->out);
		names(d, id, &demo_offerings[o]);
	}
}
