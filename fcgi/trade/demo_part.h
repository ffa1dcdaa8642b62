/* What the parts of the demo share; for demo*.c only. */
#ifndef TRADE_DEMO_PART_H
#define TRADE_DEMO_PART_H

#include <time.h>

#include "core/access.h"
#include "trade/bulk.h"
#include "trade/demo.h"
#include "trade/demo_rng.h"

enum demo_table {
#define TABLE(name, columns) TABLE_##name,
#include "schema/demo/table.def"
#undef TABLE
	TABLE__MAX
};

enum demo_lang {
#define LOCALE(language, ...) LANG_##language,
#include "schema/demo/data.def"
	LANG__MAX
};

enum demo_country {
#define COUNTRY(code, ...) COUNTRY_##code,
#include "schema/demo/data.def"
	COUNTRY__MAX
};

enum demo_money {
#define MONEY(currency, ...) MONEY_##currency,
#include "schema/demo/data.def"
	MONEY__MAX
};

enum demo_offer {
#define OFFERING(id, ...) OFFER_##id,
#include "schema/demo/data.def"
	OFFER__MAX
};

/* Ids of product segments; the whole catalogue is there since the migration. */
enum demo_product {
	PRODUCT_all = 1,
#define PRODUCT(id, ...) PRODUCT_##id,
#include "schema/demo/data.def"
};

enum demo_kind { PERSON, CLINIC, CARE_HOME, KIND__MAX };

struct demo_locale {
	const char *code, *name[KIND__MAX], *group, *segment[KIND__MAX], *room, *dealer, *distributor;
};

struct demo_land {
	const char *code;
	int64_t standard, reduced; /* tax, hundredths of a per cent */
	const char *phone, *iban, *bic, *clinic_tax_id;
};

struct demo_currency {
	const char *code;
	int64_t rate, step, usage_step; /* millionths; prices are whole steps */
};

struct demo_offering {
	enum demo_product product;
	const char *code, *kind, *unit;
	int64_t price; /* millionths of a euro */
	bool reduced;
	const char *text[LANG__MAX];
};

extern const struct demo_locale demo_locales[LANG__MAX];
extern const struct demo_land demo_lands[COUNTRY__MAX];
extern const struct demo_currency demo_currencies[MONEY__MAX];
extern const struct demo_offering demo_offerings[OFFER__MAX];
extern const struct bulk_table demo_tables[TABLE__MAX];

#define DEMO_YEARS 16

struct demo_tenant {
	int64_t id, parent_id;
	int level;
	int64_t a[5]; /* ancestors by level, own id at its own; a[0] unused */
	const char *kind, *slug, *code, *name, *legal, *street, *postcode, *city, *registration, *tagline, *footer;
	const char *theme, *accent, *accent_text, *logo, *zone;
	bool closed;
	bool staffed; /* somebody in every role */
	enum demo_lang lang;
	enum demo_country country;
	enum demo_money money;
	int64_t n_customers, margin; /* margin: thousandths of the list price */

	/* Given by demo_tenant_write. */
	int decimals;
	int64_t party_id, brand_id, segment_id[KIND__MAX];
	int64_t agent_id;                                /* who looks after some customers, or 0 */
	int64_t brand_old, brand_from;                   /* bills issued before the day brand_from carry brand_old */
	int64_t price[OFFER__MAX];                       /* millionths */
	int64_t customer_id, account_id, customer_party; /* of the first customer; the others follow */
	int64_t numbers[2][DEMO_YEARS];                  /* given so far: invoices, credit notes; from demo.year on */
};

/* One load. */
struct demo {
	struct db *db;
	struct arena *a;   /* of the whole load */
	struct arena *row; /* reset after each customer */
	struct bulk *out;
	bool standing;
	int tenants; /* written so far */
	uint64_t seed;
	int months, year;           /* year: of the first bill */
	int64_t first, last, today; /* days: first and last billed month, the day of the load */
	int64_t id[TABLE__MAX];     /* last given */
	int64_t offering_id;        /* of the first offering */
	int64_t role[ROLE__MAX];    /* ids of the built-in roles */
	const char *password;       /* hash of DEMO_PASSWORD */

	struct demo_doc *doc; /* scratch of one bill */
	char owner[48];       /* of the lease */
	struct timespec began, told, renewed;
	int64_t done, total; /* customers to write and customer months to bill */
	bool progress, terminal;
};

/* Who a customer is, computed from seed, tenant and position; kept nowhere. */
struct demo_plan {
	int64_t i; /* position in the tenant, from 0 */
	uint64_t key;
	enum demo_kind kind;
	enum demo_lang lang;
	enum demo_offer device;
	int64_t n_devices;
	bool mask, filter, telemetry;
	bool reverse;        /* a business in another country of the union: it owes the tax */
	bool closed, free;   /* free: bills of 0.00 */
	bool model;          /* one person's account with something of everything */
	bool many_lines;     /* the newest bill has 300 lines */
	int64_t parent;      /* position, or -1 */
	bool heads;          /* the group that others are members of */
	int64_t since, ends; /* days; ends INT64_MAX: goes on */
	int terms;
	const char *method;
	int credit_month; /* its bill is wrong and gets corrected; -1: none */
	enum { NAME_USUAL, NAME_LONG, NAME_QUOTED } name;
	bool has_user, user_closed;
};

static inline int64_t
demo_id(struct demo *d, enum demo_table t)
{

	return (++d->id[t]);
}

/* First day of the month m (0 .. months; months is the one after the last billed). */
int64_t demo_month(const struct demo *d, int m);

/* demo_state.c: 0 go on, 1 complete already, -1 refused; in the database `loading` stands afterwards. */
int demo_begin(struct demo *d, const char *options, bool any);
int demo_end(struct demo *d);
int demo_tick(void *demo);           /* renews the lease, tells how far it is */
void demo_give_back(struct demo *d); /* the lease, so that a failed load can be repeated at once */

/* demo_tenant.c: the tenant with party, brand, hosts, segments and owner. */
void demo_tenant_write(struct demo *d, struct demo_tenant *t);
void demo_offerings_write(struct demo *d, int64_t root); /* and the product segments that they are in */

/* demo_customer.c */
void demo_plan_make(const struct demo *d, const struct demo_tenant *t, int64_t i, struct demo_plan *p);
/* Segment, group and agent of the customer, which all that is the customer's carries. */
void demo_bonds(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p);
void demo_customers_write(struct demo *d, struct demo_tenant *t);
struct str demo_customer_name(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p);

/* demo_bill.c: all months of all of the tenant's customers, and its number series. */
void demo_bills_write(struct demo *d, struct demo_tenant *t);

/* demo_doc.c: one document. */
#define DEMO_LINES 400
#define DEMO_TAXES 4
struct demo_line {
	enum demo_offer offer;
	int64_t quantity, price, net, rate; /* millionths, millionths, minor units, hundredths of a per cent */
	const char *category;
	int64_t room; /* 0: none */
};
struct demo_tax {
	const char *category;
	int64_t rate, base, amount;
};
struct demo_doc {
	size_t n_lines, n_taxes;
	struct demo_line lines[DEMO_LINES];
	struct demo_tax taxes[DEMO_TAXES];
	int64_t net, tax, gross, paid;
	int64_t id, corrects; /* corrects: 0 none */
	struct str number;
	int64_t issued, due, from, to; /* days */
	bool credit;
};
void demo_doc_line(struct demo_doc *doc, const struct demo_tenant *t, const struct demo_plan *p, enum demo_offer o,
    int64_t quantity, int64_t room);
void demo_doc_total(struct demo_doc *doc);  /* taxes per rate on the sum of lines, then net, tax, gross */
void demo_doc_negate(struct demo_doc *doc); /* the same as a credit note */
/* Takes the next number of its seller, kind and year. */
void demo_doc_number(struct demo *d, struct demo_tenant *t, struct demo_doc *doc);
void demo_doc_write(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, const struct demo_doc *doc);

/* demo_pay.c: writes what was paid on the document by today and sets doc->paid; m: months since the first bill. */
void demo_pay(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, struct demo_doc *doc, int m,
    struct demo_rng *r);
void demo_pay_offset(struct demo *d, const struct demo_tenant *t, const struct demo_plan *p, struct demo_doc *doc,
    int64_t day, struct str reference);

#endif
