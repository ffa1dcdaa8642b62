/* How a tenant looks: typed tokens in the database -> files that nginx serves.  No
 * markup, style or script ever comes from the database: colours are parsed and written
 * anew, fonts and themes come from lists, texts are escaped. */
#ifndef TRADE_BRAND_H
#define TRADE_BRAND_H

#include "base/buf.h"
#include "trade/colour.h"
#include "wire/db.h"

/* One version of a brand, as it stands in the database. */
struct brand {
	int64_t id, tenant_id, version;
	bool current;          /* the tenant's published one */
	struct str slug, kind; /* of the tenant */
	struct str name, tagline, theme, accent, accent_text, font, logo, language, support_email, footer;
};

/* What a brand must fit to: read from the theme's tokens.css. */
struct brand_theme {
	struct str tokens; /* the whole file */
	struct colour paper, surface, ink;
	bool dark;
};

/* A field that cannot be published, and why. */
struct brand_fault {
	const char *field; /* of the resource brand */
	const char *code;
	struct str detail;
};
#define BRAND_FAULTS 12

/* theme_dir/<name>/tokens.css: 0, or -1 where there is no such theme or it lacks a token. */
int brand_theme_load(struct arena *a, struct str name, struct brand_theme *theme) __attribute__((warn_unused_result));

/* Writes at most BRAND_FAULTS faults; returns how many: 0 means that it can be published. */
size_t brand_check(struct arena *a, const struct brand *b, struct brand_fault faults[BRAND_FAULTS]);

/* The tokens that its colours lead to on the theme, for people: --accent and the others. */
void brand_css(struct buf *css, const struct brand *b, const struct brand_theme *theme);
/* The tokens that a bill is printed with: always on white, and so the same for ever. */
void brand_bill_css(struct buf *css, const struct brand *b);

/* The picture logo_dir/<logo><end>, end being ".svg" or "-icon.svg": 0, or -1 where there is none. */
#define BRAND_FILE_MAX (256 * 1024) /* of a logo or a theme */
int brand_logo(struct arena *a, const struct brand *b, const char *end, struct str *svg)
    __attribute__((warn_unused_result));

/* Publishes every tenant's brand and every host under site_dir.  A brand that cannot be
 * published is logged, counted in *refused and keeps what was published before; the others go on.
 * Changes nothing where nothing changed.  0, or -1 (logged) where the database or the disk failed. */
int brand_publish(struct db *db, int *refused) __attribute__((warn_unused_result));

#endif
