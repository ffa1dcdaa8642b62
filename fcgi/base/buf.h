/* Growing text in an arena.  A failure (over the limit) is sticky and asked once
 * with buf_failed; what was added after it is dropped. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <string.h>

#include "base/arena.h"

struct buf {
	struct arena *a;
	char *p;
	size_t n, cap;
	size_t limit;
	bool failed;
};

/* An empty buffer that may grow to limit bytes. */
void buf_init(struct buf *b, struct arena *a, size_t limit);
void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The rare case of buf_room. */
char *buf_grow(struct buf *b, size_t n);

/* Room for n more bytes to write to directly, or NULL after a failure; say how many with buf_took. */
static inline char *
buf_room(struct buf *b, size_t n)
{

	return (b->cap - b->n < n ? buf_grow(b, n) : b->p + b->n);
}

static inline void
buf_took(struct buf *b, size_t n)
{

	b->n += n;
}

static inline void
buf_add(struct buf *b, struct str s)
{
	char *p = s.n == 0 ? NULL : buf_room(b, s.n);

	if (p != NULL) {
		memcpy(p, s.p, s.n);
		b->n += s.n;
	}
}

/* Inline, so that the length of a literal is known when it is compiled. */
static inline void
buf_addz(struct buf *b, const char *z)
{

	buf_add(b, (struct str){z, strlen(z)});
}

static inline void
buf_char(struct buf *b, char c)
{
	char *p = buf_room(b, 1);

	if (p != NULL) {
		*p = c;
		b->n++;
	}
}

void buf_clear(struct buf *b);
bool buf_failed(const struct buf *b);
struct str buf_str(const struct buf *b);

/* Escapers: the context is in the name.  Raw output takes literals only (buf_addz). */
void html_text(struct buf *b, struct str s); /* between tags */
void html_attr(struct buf *b, struct str s); /* within double quotes */
void json_str(struct buf *b, struct str s);  /* with its quotes */
void url_arg(struct buf *b, struct str s);   /* one component */

/* "name": of the next member of an object, behind a comma unless it is the first. */
void json_name(struct buf *b, const char *name);
/* The same with a text, or null where it is empty. */
void json_text(struct buf *b, const char *name, struct str s);

#endif
