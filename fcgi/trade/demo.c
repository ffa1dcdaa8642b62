#include "trade/demo.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "trade/demo_part.h"
#include "trade/role.h"
#include "wire/crypt.h"

#define STANDING_MONTHS 14
#define STANDING_SEED 20250101
#define DAY_OF_LOAD 20 /* of the month behind the last billed one, where that one was given */

int64_t
demo_month(const struct demo *d, int m)
{

	return (date_add_months(d->first, m));
}

/* The last billed month, and the day up to which payments have come in. */
static int
period(struct demo *d, const char *month, int months)
{
	int64_t today = date_now() / 86400;
	int y, m, day;

	if (month == NULL) {
		date_split(today, &y, &m, &day);
		d->last = date_add_months(date_of(y, m, 1), -1);
		d->today = today;
	} else {
		if (date_parse(str_of(month), &d->last) == -1) {
			fprintf(stderr, "demo: %s is no date like 2026-05-01\n", month);
			return (-1);
		}
		date_split(d->last, &y, &m, &day);
		d->last = date_of(y, m, 1);
		d->today = date_add_months(d->last, 1) + DAY_OF_LOAD - 1;
	}
	d->months = months;
	d->first = date_add_months(d->last, 1 - months);
	date_split(date_add_months(d->first, 1), &d->year, &m, &day);
	return (0);
}

static int
roles(struct demo *d, int64_t root)
{

	if (role_sync(d->db, root) == -1)
		return (-1);
	for (int r = 0; r < ROLE__MAX; r++)
		if ((d->role[r] = role_id(d->db, root, access_roles[r].name)) == -1)
			return (-1); /* logged */
	return (0);
}

static void
tenant_all(struct demo *d, struct demo_tenant *t)
{

	demo_tenant_write(d, t);
	demo_customers_write(d, t);
	demo_bills_write(d, t);
}

static void
place(struct demo_tenant *t, int64_t id, const struct demo_tenant *parent)
{

	t->id = id;
	if (parent == NULL)
		return;
	t->parent_id = parent->id;
	t->level = parent->level + 1;
	for (int i = 1; i <= 4; i++)
		t->a[i] = parent->a[i];
	t->a[t->level] = id;
}

/* ---- the hand-made channel ---- */

struct made {
	struct demo_tenant t;
	const char *parent;
};

static const struct made channel[] = {
#define TENANT(slug_, code_, parent_, kind_, state_, customers_, margin_, country_, currency_, language_, zone_, \
    theme_, accent_, accent_text_, name_, legal_, street_, postcode_, city_, registration_, tagline_, footer_)   \
	{{.slug = slug_,                                                                                         \
	     .code = code_,                                                                                      \
	     .kind = kind_,                                                                                      \
	     .closed = state_[0] == 'c',                                                                         \
	     .n_customers = customers_,                                                                          \
	     .margin = margin_,                                                                                  \
	     .country = COUNTRY_##country_,                                                                      \
	     .money = MONEY_##currency_,                                                                         \
	     .lang = LANG_##language_,                                                                           \
	     .zone = zone_,                                                                                      \
	     .theme = theme_,                                                                                    \
	     .accent = accent_,                                                                                  \
	     .accent_text = accent_text_,                                                                        \
	     .logo = slug_,                                                                                      \
	     .name = name_,                                                                                      \
	     .legal = legal_,                                                                                    \
	     .street = street_,                                                                                  \
	     .postcode = postcode_,                                                                              \
	     .city = city_,                                                                                      \
	     .registration = registration_,                                                                      \
	     .tagline = tagline_,                                                                                \
	     .footer = footer_},                                                                                 \
	    parent_},
#include "schema/demo/channel.def"
};
#define N_CHANNEL (sizeof(channel) / sizeof(channel[0]))

static void
standing(struct demo *d)
{
	struct demo_tenant *t = arena_zero(d->a, N_CHANNEL, sizeof(*t));

	for (size_t i = 0; i < N_CHANNEL; i++)
		d->total += channel[i].t.n_customers * (d->months + 1);
	for (size_t i = 0; i < N_CHANNEL && !bulk_failed(d->out); i++) {
		const struct demo_tenant *parent = NULL;

		for (size_t j = 0; j < i; j++)
			if (strcmp(channel[i].parent, channel[j].t.slug) == 0)
				parent = &t[j];
		t[i] = channel[i].t;
		t[i].staffed = true;
		for (size_t j = 0; j < i; j++)
			t[i].staffed = t[i].staffed && strcmp(t[j].kind, t[i].kind) != 0;
		place(&t[i], demo_id(d, TABLE_tenant), parent);
		tenant_all(d, &t[i]);
		if (i == 0)
			demo_offerings_write(d, t[0].id);
	}
}

/* ---- the generated channel ---- */

static const struct {
	enum demo_lang lang;
	enum demo_country country;
	enum demo_money money;
	const char *zone, *city, *postcode;
} regions[] = {
    {LANG_en, COUNTRY_GB, MONEY_GBP, "Europe/London", "Sampleton", "ZZ1 1ZZ"},
    {LANG_de, COUNTRY_DE, MONEY_EUR, "Europe/Berlin", "Musterstadt", "00000"},
    {LANG_fr, COUNTRY_FR, MONEY_EUR, "Europe/Paris", "Exempleville", "00000"},
    {LANG_ja, COUNTRY_JP, MONEY_JPY, "Asia/Tokyo", "見本市", "000-0000"},
    {LANG_ar, COUNTRY_AE, MONEY_EUR, "Asia/Dubai", "مدينة المثال", "00000"},
};

static const struct {
	const char *theme, *accent, *text;
} looks[] = {
    {"default", "#1f4e79", "#ffffff"},
    {"clinical", "#0b6b57", "#ffffff"},
    {"night", "#8ab4ff", "#0b1020"},
    {"default", "#7a2e5d", "#ffffff"},
    {"clinical", "#b3261e", "#ffffff"},
    {"night", "#9be0c0", "#0b1a14"},
    {"default", "#5b3a8c", "#ffffff"},
    {"clinical", "#0a6aa1", "#ffffff"},
    {"default", "#8a5a00", "#ffffff"},
};

/* The n-th reseller, from 1; its texts live in the load's arena. */
static void
generate(struct demo *d, int n, bool distributor, struct demo_tenant *t)
{
	struct demo_rng r = demo_rng_of(d->seed, UINT64_MAX, (uint64_t)n);
	size_t g = (size_t)demo_rng_below(&r, sizeof(regions) / sizeof(regions[0]));
	size_t l = (size_t)demo_rng_below(&r, sizeof(looks) / sizeof(looks[0]));
	const struct demo_locale *loc = &demo_locales[regions[g].lang];

	*t = (struct demo_tenant){.kind = distributor ? "distributor" : "dealer",
	    .lang = regions[g].lang,
	    .country = regions[g].country,
	    .money = regions[g].money,
	    .zone = regions[g].zone,
	    .city = regions[g].city,
	    .postcode = regions[g].postcode,
	    .theme = looks[l].theme,
	    .accent = looks[l].accent,
	    .accent_text = looks[l].text,
	    .logo = "sample",
	    .tagline = "",
	    .margin = 1000 + 10 * demo_rng_below(&r, 26)};
	t->slug = arena_printf(d->a, "r%05d", n).p;
	t->code = arena_printf(d->a, "R%05d", n).p;
	t->name = arena_printf(d->a, "%s %05d", distributor ? loc->distributor : loc->dealer, n).p;
	t->legal = arena_printf(d->a, "%s (Specimen)", t->name).p;
	t->street = arena_printf(d->a, "Sample Street %s", t->code).p;
	t->registration = arena_printf(d->a, "%s-0000", t->code).p;
	t->footer = arena_printf(d->a, "%s · %s-…", t->name, t->code).p;
}

static void
generated(struct demo *d, const struct demo_opts *opts)
{
	int n_distributors = opts->resellers / 10, n_dealers = opts->resellers - n_distributors;
	struct demo_tenant root = channel[0].t, *distributors, t;

	distributors = arena_zero(d->a, (size_t)n_distributors + 1, sizeof(*distributors));
	d->total = opts->customers * (d->months + 1);
	place(&root, demo_id(d, TABLE_tenant), NULL);
	tenant_all(d, &root);
	demo_offerings_write(d, root.id);
	for (int i = 0; i < n_distributors; i++) {
		generate(d, i + 1, true, &distributors[i]);
		place(&distributors[i], demo_id(d, TABLE_tenant), &root);
		tenant_all(d, &distributors[i]);
	}
	for (int i = 0; i < n_dealers && !bulk_failed(d->out); i++) {
		/* One in eight buys from the provider directly. */
		bool direct = n_distributors == 0 || i % 8 == 7;

		generate(d, n_distributors + i + 1, false, &t);
		place(&t, demo_id(d, TABLE_tenant), direct ? &root : &distributors[i % n_distributors]);
		t.n_customers = opts->customers * (i + 1) / n_dealers - opts->customers * i / n_dealers;
		tenant_all(d, &t);
	}
}

/* ---- both ---- */

/* Roles belong to the root, which is the first tenant written: its id is known before. */
static int
load(struct demo *d, const struct demo_opts *opts)
{
	char hash[CRYPT_HASH_SIZE];
	struct timespec now;
	int64_t rows;

	if (crypt_password(S(DEMO_PASSWORD), hash) == -1) {
		fprintf(stderr, "demo: no memory to hash the password\n");
		return (-1);
	}
	d->password = hash;
	clock_gettime(CLOCK_MONOTONIC, &d->began);
	d->told = d->began;
	/* The roles stand before the tenant that they belong to. */
	if (db_plain(d->db, S("SET SESSION foreign_key_checks = 0")) == -1 || roles(d, 1) == -1 ||
	    db_plain(d->db, S("SET SESSION foreign_key_checks = 1")) == -1)
		return (-1);
	d->out = bulk_open(d->db, d->a, demo_tables, TABLE__MAX, demo_tick, d);
	if (opts == NULL)
		standing(d);
	else
		generated(d, opts);
	rows = bulk_close(d->out);
	if (d->terminal)
		fputc('\n', stderr);
	if (rows == -1)
		return (-1);
	if (d->progress || d->terminal) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		fprintf(stderr, "demo: %d tenants, %lld customers, %lld bills, %lld rows in %lld s\n", d->tenants,
		    (long long)d->id[TABLE_customer], (long long)d->id[TABLE_document], (long long)rows,
		    (long long)(now.tv_sec - d->began.tv_sec));
	}
	return (0);
}

static int
run(struct db *db, const struct demo_opts *opts, const char *month, int months, uint64_t seed, bool progress)
{
	struct demo d = {.db = db, .standing = opts == NULL, .seed = seed, .progress = progress};
	char options[200], day[11];
	struct buf text;
	int rc = -1;

	d.terminal = isatty(STDERR_FILENO) == 1;
	d.a = arena_open();
	d.row = arena_open();
	d.doc = arena_zero(d.a, 1, sizeof(*d.doc));
	if (period(&d, month, months) == -1)
		goto out;
	buf_init(&text, d.a, sizeof(day));
	date_plain(&text, d.last);
	snprintf(day, sizeof(day), "%.*s", STR_ARG(buf_str(&text)));
	if (opts == NULL)
		snprintf(options, sizeof(options), "standing, up to %s", day);
	else
		snprintf(options, sizeof(options), "resellers %d, customers %lld, months %d, seed %llu, up to %s",
		    opts->resellers, (long long)opts->customers, months, (unsigned long long)seed,
		    month == NULL ? "the month before" : day);
	if ((rc = demo_begin(&d, options, opts == NULL)) == 0) {
		rc = load(&d, opts) == 0 ? demo_end(&d) : -1;
		demo_give_back(&d);
	}
out:
	arena_close(d.row);
	arena_close(d.a);
	return (rc == -1 ? -1 : 0);
}

int
demo_load(struct db *db, const struct demo_opts *opts)
{

	if (opts->resellers < 1 || opts->resellers > 99999 || opts->customers < 0 || opts->customers > 100000000 ||
	    opts->months < 1 || opts->months > 120) {
		fprintf(stderr, "demo: resellers 1..99999, customers 0..100000000, months 1..120\n");
		return (-1);
	}
	return (run(db, opts, opts->first_of_month, opts->months, opts->seed, opts->progress));
}

int
demo_standing(struct db *db, bool leave_month, bool progress)
{
	struct arena *a = arena_open();
	const char *upto = NULL;
	int y, m, day, rc;

	if (leave_month) {
		date_split(date_now() / 86400, &y, &m, &day);
		upto = arena_str(a, date_text(a, date_add_months(date_of(y, m, 1), -2))).p;
	}
	rc = run(db, NULL, upto, STANDING_MONTHS, STANDING_SEED, progress);
	arena_close(a);
	return (rc);
}
