/* Memory that is given back all at once.  One arena a thread, reset after each
 * request; nothing in it is freed singly.  Never returns NULL: a process that has no
 * memory left says so and ends, and the master starts another. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

struct arena *arena_open(void);
void arena_close(struct arena *a);

/* n bytes, aligned for any type, not cleared. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((alloc_size(2), returns_nonnull, warn_unused_result));

/* The same for n items of size bytes, cleared. */
void *arena_zero(struct arena *a, size_t n, size_t size)
    __attribute__((alloc_size(2, 3), returns_nonnull, warn_unused_result));

/* A copy with a NUL behind it. */
struct str arena_str(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Gives all back; keeps one block for the next request. */
void arena_reset(struct arena *a);

#endif
