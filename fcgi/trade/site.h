/* The folder that nginx serves from: site_dir/versions/<slug>-<hash> holds a tenant's files,
 * tenants/<slug> links to the present one, hosts/<host> to the tenant.  Links are switched
 * by rename, so a request sees the old files or the new ones and never half of them. */
#ifndef TRADE_SITE_H
#define TRADE_SITE_H

#include "base/arena.h"

struct site_file {
	const char *name; /* "brand/theme.css" */
	struct str bytes; /* of a link: where it points to */
	bool is_link;
};

/* Names that may become a file name: lower-case letters, digits, '-', and '.' inside for hosts. */
bool site_name(struct str s);
bool site_host(struct str s);

/* Makes the folders of site_dir and keeps other publishers out until site_close.  A
 * descriptor, or -1 (logged). */
int site_open(void);
void site_close(int site);

/* The whole published folder of a tenant.  1 changed, 0 the same as before, -1 (logged). */
int site_tenant(int site, struct arena *a, struct str slug, const struct site_file *files, size_t n)
    __attribute__((warn_unused_result));

/* host -> tenant.  1 changed, 0 the same as before, -1 (logged). */
int site_link_host(int site, struct arena *a, struct str host, struct str slug) __attribute__((warn_unused_result));
/* Removes hosts that are not among the n names, which are sorted by bytes.  How many, or -1 (logged). */
int site_drop_hosts(int site, const struct str *hosts, size_t n) __attribute__((warn_unused_result));

/* A whole file into the arena: 0, or -1 with errno where it cannot be read or is longer than limit. */
int site_read(struct arena *a, const char *path, size_t limit, struct str *bytes) __attribute__((warn_unused_result));

#endif
