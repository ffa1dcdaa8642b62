/* The files of a published brand, and the work of publishing all of them. */
#include <string.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/admin_query.h"
#include "trade/brand.h"
#include "trade/site.h"

#define FILES_MAX 16 /* of a tenant, without the styles of its bills */

static const char *const languages[] = {
#define LANGUAGE(code) #code,
#include "trade/language.def"
#undef LANGUAGE
};

/* ---- files ------------------------------------------------------------------------------------ */

static void
member(struct buf *json, const char *name, struct str value)
{
	buf_printf(json, ",\"%s\":", name);
	json_str(json, value);
}

static void
brand_json(struct buf *json, const struct brand *b, const struct brand_theme *theme)
{
	buf_addz(json, "{\"name\":");
	json_str(json, b->name);
	member(json, "tagline", b->tagline);
	member(json, "language", b->language);
	buf_addz(json, ",\"languages\":[");
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		buf_printf(json, "%s\"%s\"", i > 0 ? "," : "", languages[i]);
	buf_char(json, ']');
	member(json, "support_email", b->support_email);
	member(json, "theme", b->theme);
	buf_printf(json, ",\"scheme\":\"%s\"", theme->dark ? "dark" : "light");
	member(json, "logo", b->logo.n > 0 ? S("/brand/logo.svg") : S(""));
	buf_printf(json, ",\"version\":%lld,\"portals\":[\"customer\",\"reseller\"%s]}\n", (long long)b->version,
	    str_eqz(b->kind, "provider") ? ",\"admin\"" : "");
}

/* The small picture: the logo's own small form, else the logo, else a square in the brand's colour. */
static struct str
icon(struct arena *a, const struct brand *b, struct str logo)
{
	struct str bytes;

	if (b->logo.n == 0)
		return (arena_printf(a,
		    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
		    "<rect width=\"32\" height=\"32\" rx=\"8\" fill=\"%.*s\"/></svg>\n",
		    STR_ARG(b->accent)));
	return (brand_logo(a, b, "-icon.svg", &bytes) == 0 ? bytes : logo);
}

/* ---- a tenant --------------------------------------------------------------------------------- */

/* All brands as the database has them, in one arena; the versions of a tenant stand together. */
struct brands {
	struct arena *a;
	struct brand *list;
	size_t n, cap;
};

/* One file of FILES_MAX in the making. */
struct folder {
	struct arena *a;
	struct site_file *files;
	size_t n;
};

static void
add(struct folder *to, const char *name, struct str bytes, bool is_link)
{
	to->files[to->n++] = (struct site_file){name, bytes, is_link};
}

static void
add_buf(struct folder *to, const char *name, const struct buf *b)
{
	add(to, name, buf_str(b), false);
}

/* The files that bills are printed with, one a version, for ever: documents name the version that they were issued in. */
static void
add_bill_styles(struct folder *to, const struct brand *versions, size_t n)
{
	struct buf css;

	for (size_t i = 0; i < n; i++) {
		buf_init(&css, to->a, BRAND_FILE_MAX);
		brand_bill_css(&css, &versions[i]);
		if (css.n == 0)
			log_error("brand", "%.*s version %lld: its bills have no style, a colour or the font is wrong",
			    STR_ARG(versions[i].slug), (long long)versions[i].version);
		else
			add_buf(to, arena_printf(to->a, "brand/bill-%lld.css", (long long)versions[i].version).p, &css);
	}
}

static void
add_brand(struct folder *to, const struct brand *b, const struct brand_theme *theme)
{
	struct buf css, json;
	struct str logo = S("");

	buf_init(&css, to->a, 2 * BRAND_FILE_MAX);
	brand_css(&css, b, theme);
	add_buf(to, "brand/theme.css", &css);
	buf_init(&json, to->a, BRAND_FILE_MAX);
	brand_json(&json, b, theme);
	add_buf(to, "brand/brand.json", &json);
	if (b->logo.n > 0 && brand_logo(to->a, b, ".svg", &logo) == 0)
		add(to, "brand/logo.svg", logo, false);
	add(to, "brand/icon.svg", icon(to->a, b, logo), false);
	add(to, "_www", str_of(conf_text(CONF_release_dir)), true);
	add(to, "_theme", arena_printf(to->a, "%s/%.*s", conf_text(CONF_theme_dir), STR_ARG(b->theme)), true);
	if (str_eqz(b->kind, "provider"))
		add(to, "_admin", str_of(conf_text(CONF_release_dir)), true);
}

/* One tenant with all versions of its brand: 1 changed, 0 not changed or refused, -1 (logged). */
static int
publish_tenant(int site, struct arena *a, const struct brand *versions, size_t n, int *refused)
{
	struct brand_fault faults[BRAND_FAULTS];
	struct folder folder = {a, arena_zero(a, n + FILES_MAX, sizeof(struct site_file)), 0};
	const struct brand *current = NULL;
	struct brand_theme theme;
	size_t n_faults;

	for (size_t i = 0; i < n; i++) {
		if (versions[i].current)
			current = &versions[i];
	}
	if (current == NULL)
		return (0); /* it has drafts only */
	n_faults = brand_check(a, current, faults);
	for (size_t i = 0; i < n_faults; i++)
		log_error("brand", "%.*s version %lld is not published: %s: %.*s", STR_ARG(current->slug),
		    (long long)current->version, faults[i].field, STR_ARG(faults[i].detail));
	if (n_faults > 0 || brand_theme_load(a, current->theme, &theme) == -1) {
		++*refused;
		return (0);
	}
	add_brand(&folder, current, &theme);
	add_bill_styles(&folder, versions, n);
	return (site_tenant(site, a, current->slug, folder.files, folder.n));
}

static int
take_brand(void *ctx, const struct db_val *v)
{
	struct brands *all = ctx;
	struct brand *b;

	if (all->n == all->cap) {
		struct brand *more = arena_zero(all->a, all->cap * 2 + 64, sizeof(*more));

		if (all->n > 0)
			memcpy(more, all->list, all->n * sizeof(*more));
		all->list = more;
		all->cap = all->cap * 2 + 64;
	}
	b = &all->list[all->n];
	*b = (struct brand){.id = v[0].i, .tenant_id = v[1].i, .current = v[4].i != 0, .version = v[5].i};
	b->slug = arena_str(all->a, v[2].s);
	b->kind = arena_str(all->a, v[3].s);
	b->name = arena_str(all->a, v[6].s);
	b->tagline = arena_str(all->a, v[7].s);
	b->theme = arena_str(all->a, v[8].s);
	b->accent = arena_str(all->a, v[9].s);
	b->accent_text = arena_str(all->a, v[10].s);
	b->font = arena_str(all->a, v[11].s);
	b->logo = arena_str(all->a, v[12].s);
	b->language = arena_str(all->a, v[13].s);
	b->support_email = arena_str(all->a, v[14].s);
	b->footer = arena_str(all->a, v[15].s);
	if (!site_name(b->slug))
		log_error("brand", "tenant %lld has a slug that cannot be a folder", (long long)b->tenant_id);
	else
		all->n++;
	return (0);
}

/* ---- hosts ---------------------------------------------------------------------------------------- */

struct hosts {
	struct arena *a;
	struct {
		struct str name, slug;
	} * list;
	size_t n, cap;
};

static int
take_host(void *ctx, const struct db_val *v)
{
	struct hosts *all = ctx;

	if (!site_host(v[0].s) || !site_name(v[1].s)) {
		log_error("brand", "a host of %.*s is no host name", STR_ARG(v[1].s));
		return (0);
	}
	if (all->n == all->cap) {
		void *more = arena_zero(all->a, all->cap * 2 + 64, sizeof(all->list[0]));

		if (all->n > 0)
			memcpy(more, all->list, all->n * sizeof(all->list[0]));
		all->list = more;
		all->cap = all->cap * 2 + 64;
	}
	all->list[all->n].name = arena_str(all->a, v[0].s);
	all->list[all->n].slug = arena_str(all->a, v[1].s);
	all->n++;
	return (0);
}

static int
publish_hosts(int site, struct db *db, struct arena *a, int *changed)
{
	struct hosts all = {.a = a};
	struct str *names;
	int rc;

	if (query_each_admin(db, a, Q_host_publish, NULL, 0, take_host, &all) == -1)
		return (-1);
	names = arena_zero(a, all.n + 1, sizeof(*names));
	for (size_t i = 0; i < all.n; i++) {
		names[i] = all.list[i].name;
		rc = site_link_host(site, a, all.list[i].name, all.list[i].slug);
		if (rc == -1)
			return (-1);
		*changed += rc;
	}
	rc = site_drop_hosts(site, names, all.n);
	*changed += rc > 0 ? rc : 0;
	return (rc == -1 ? -1 : 0);
}

int
brand_publish(struct db *db, int *refused)
{
	struct arena *a = arena_open(), *work = arena_open();
	struct brands all = {.a = a};
	int rc = -1, changed = 0, one, site = site_open();

	*refused = 0;
	if (site == -1)
		goto err1;
	if (query_each_admin(db, a, Q_brand_publish, NULL, 0, take_brand, &all) == -1)
		goto err0;
	for (size_t i = 0, n; i < all.n; i += n) {
		for (n = 1; i + n < all.n && all.list[i + n].tenant_id == all.list[i].tenant_id;)
			n++;
		arena_reset(work);
		one = publish_tenant(site, work, &all.list[i], n, refused);
		if (one == -1)
			goto err0;
		changed += one;
	}
	rc = publish_hosts(site, db, a, &changed);
	if (changed > 0)
		log_info("brand", "%d tenants and hosts published anew", changed);
err0:
	site_close(site);
err1:
	arena_close(work);
	arena_close(a);
	return (rc);
}
