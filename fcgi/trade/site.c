#include "trade/site.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/log.h"
#include "wire/crypt.h"

bool
site_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-')
			return (false);
	}
	return (s.n > 0 && s.n <= 60);
}

bool
site_host(struct str s)
{
	struct str rest = s;

	if (s.n == 0 || s.n > 253)
		return (false);
	while (rest.p != NULL) {
		struct str label = str_cut(rest, '.', &rest);

		if (!site_name(label) || label.p[0] == '-' || label.p[label.n - 1] == '-')
			return (false);
	}
	return (true);
}

int
site_read(struct arena *a, const char *path, size_t limit, struct str *bytes)
{
	char *p = arena_alloc(a, limit + 1);
	size_t n;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return (-1);
	n = fread(p, 1, limit + 1, f);
	if (ferror(f) || n > limit) {
		errno = ferror(f) ? EIO : EFBIG;
		fclose(f);
		return (-1);
	}
	fclose(f);
	*bytes = (struct str){p, n};
	return (0);
}

/* A new folder belongs to the owner of site_dir, so that jobs can take away what root has published. */
static int
folder(int site, int at, const char *name)
{
	struct stat st;

	if (mkdirat(at, name, 0755) == -1)
		return (errno == EEXIST ? 0 : -1);
	if (geteuid() != 0)
		return (0);
	if (fstat(site, &st) == -1)
		return (-1);
	return (fchownat(at, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW));
}

int
site_open(void)
{
	const char *dir = conf_text(CONF_site_dir);
	int site = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (site == -1) {
		log_error("site", "%s: %s", dir, strerror(errno));
		return (-1);
	}
	if (flock(site, LOCK_EX) == -1 || folder(site, site, "versions") == -1 || folder(site, site, "tenants") == -1 ||
	    folder(site, site, "hosts") == -1) {
		log_error("site", "%s: cannot be published to: %s", dir, strerror(errno));
		close(site);
		return (-1);
	}
	return (site);
}

void
site_close(int site)
{
	close(site);
}

/* Removes name in the folder `at`, with all that is in it. */
static int
remove_tree(int at, const char *name)
{
	int fd, rc = 0;
	DIR *d;
	struct dirent *e;

	if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
		return (0);
	if (errno != EISDIR && errno != EPERM)
		return (-1);
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	d = fdopendir(fd);
	if (d == NULL) {
		close(fd);
		return (-1);
	}
	while (rc == 0 && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = remove_tree(fd, e->d_name);
	}
	closedir(d);
	return (rc == 0 ? unlinkat(at, name, AT_REMOVEDIR) : -1);
}

static int
write_file(int at, const struct site_file *f)
{
	size_t done = 0;
	int fd = openat(at, f->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd == -1)
		return (-1);
	while (done < f->bytes.n) {
		ssize_t n = write(fd, f->bytes.p + done, f->bytes.n - done);

		if (n == -1 && errno != EINTR) {
			close(fd);
			return (-1);
		}
		done += n > 0 ? (size_t)n : 0;
	}
	if (fsync(fd) == -1) {
		close(fd);
		return (-1);
	}
	return (close(fd));
}

/* Files and links into the new folder `name` of versions. */
static int
write_all(int site, const char *name, const struct site_file *files, size_t n)
{
	int rc = -1, fd;

	if (remove_tree(site, name) == -1 || folder(site, site, name) == -1)
		return (-1);
	fd = openat(site, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	if (folder(site, fd, "brand") == -1)
		goto out;
	for (size_t i = 0; i < n; i++) {
		if (files[i].is_link ? symlinkat(files[i].bytes.p, fd, files[i].name) == -1
				     : write_file(fd, &files[i]) == -1)
			goto out;
	}
	rc = fsync(fd);
out:
	close(fd);
	return (rc);
}

/* name -> target, by rename: 1 changed, 0 it was so already, -1. */
static int
switch_link(int site, const char *name, const char *target)
{
	char now[PATH_MAX];
	ssize_t n = readlinkat(site, name, now, sizeof(now));

	if (n >= 0 && str_eqz((struct str){now, (size_t)n}, target))
		return (0);
	if ((unlinkat(site, "link.new", 0) == -1 && errno != ENOENT) || symlinkat(target, site, "link.new") == -1 ||
	    renameat(site, "link.new", site, name) == -1) {
		log_error("site", "%s: %s", name, strerror(errno));
		return (-1);
	}
	return (1);
}

/* "<slug>-<16 hex digits of what is in it>": the same files give the same name. */
static struct str
version_name(struct arena *a, struct str slug, const struct site_file *files, size_t n)
{
	unsigned char sum[32];
	struct buf all;

	buf_init(&all, a, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		crypt_sha256(files[i].bytes, sum);
		buf_addz(&all, files[i].name);
		buf_char(&all, files[i].is_link ? '>' : '=');
		buf_add(&all, (struct str){(const char *)sum, sizeof(sum)});
	}
	crypt_sha256(buf_str(&all), sum);
	return (arena_printf(a, "%.*s-%02x%02x%02x%02x%02x%02x%02x%02x", STR_ARG(slug), sum[0], sum[1], sum[2], sum[3],
	    sum[4], sum[5], sum[6], sum[7]));
}

/* Removes the versions of slug but `keep`. */
static int
drop_versions(int site, struct str slug, struct str keep)
{
	struct dirent *e;
	int rc = 0, fd = openat(site, "versions", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd == -1 ? NULL : fdopendir(fd);

	if (d == NULL) {
		log_error("site", "versions: %s", strerror(errno));
		if (fd != -1)
			close(fd);
		return (-1);
	}
	while (rc == 0 && (e = readdir(d)) != NULL) {
		struct str name = str_of(e->d_name);

		if (name.n == keep.n && name.p[slug.n] == '-' && str_starts(name, slug) && !str_eq(name, keep))
			rc = remove_tree(fd, e->d_name);
	}
	if (rc == -1)
		log_error("site", "an old version of %.*s stays: %s", STR_ARG(slug), strerror(errno));
	closedir(d);
	return (rc);
}

int
site_tenant(int site, struct arena *a, struct str slug, const struct site_file *files, size_t n)
{
	struct str version = version_name(a, slug, files, n);
	const char *place = arena_printf(a, "versions/%s", version.p).p;
	struct stat st;
	int rc;

	if (fstatat(site, place, &st, AT_SYMLINK_NOFOLLOW) == -1 &&
	    (write_all(site, "versions/new", files, n) == -1 || renameat(site, "versions/new", site, place) == -1)) {
		log_error("site", "%s: %s", place, strerror(errno));
		return (-1);
	}
	rc = switch_link(site, arena_printf(a, "tenants/%.*s", STR_ARG(slug)).p, arena_printf(a, "../%s", place).p);
	if (rc == 1 && drop_versions(site, slug, version) == -1)
		return (-1);
	return (rc);
}

int
site_link_host(int site, struct arena *a, struct str host, struct str slug)
{
	return (switch_link(
	    site, arena_printf(a, "hosts/%.*s", STR_ARG(host)).p, arena_printf(a, "../tenants/%.*s", STR_ARG(slug)).p));
}

static int
by_bytes(const void *key, const void *member)
{
	const struct str *k = key, *m = member;
	int d = memcmp(k->p, m->p, k->n < m->n ? k->n : m->n);

	return (d != 0 ? d : (k->n > m->n) - (k->n < m->n));
}

int
site_drop_hosts(int site, const struct str *hosts, size_t n)
{
	struct dirent *e;
	int dropped = 0, fd = openat(site, "hosts", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd == -1 ? NULL : fdopendir(fd);

	if (d == NULL) {
		log_error("site", "hosts: %s", strerror(errno));
		if (fd != -1)
			close(fd);
		return (-1);
	}
	while ((e = readdir(d)) != NULL) {
		struct str name = str_of(e->d_name);

		if (name.p[0] == '.' || (n > 0 && bsearch(&name, hosts, n, sizeof(*hosts), by_bytes) != NULL))
			continue;
		if (unlinkat(fd, e->d_name, 0) == -1) {
			log_error("site", "host %s stays: %s", e->d_name, strerror(errno));
			closedir(d);
			return (-1);
		}
		dropped++;
	}
	closedir(d);
	return (dropped);
}
