#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define FIRST ((size_t)64 * 1024)

struct block {
	struct block *next; /* older */
	size_t size, used;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *top;
	struct block *first; /* kept over resets */
};

static struct block *
block_new(size_t size)
{
	struct block *b = malloc(sizeof(*b) + size);

	if (b == NULL) {
		log_error("memory", "no room for %zu bytes", size);
		_Exit(70); /* the database rolls back what was under way */
	}
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return (b);
}

struct arena *
arena_open(void)
{
	struct arena *a = malloc(sizeof(*a));

	if (a == NULL) {
		log_error("memory", "no room for an arena");
		_Exit(70);
	}
	a->top = a->first = block_new(FIRST);
	return (a);
}

void
arena_reset(struct arena *a)
{

	while (a->top != a->first) {
		struct block *b = a->top;

		a->top = b->next;
		free(b);
	}
	a->first->used = 0;
}

void
arena_close(struct arena *a)
{

	arena_reset(a);
	free(a->first);
	free(a);
}

void *
arena_alloc(struct arena *a, size_t n)
{
	const size_t mask = alignof(max_align_t) - 1;
	struct block *b = a->top;
	size_t room;
	void *p;

	if (n > SIZE_MAX / 4) {
		log_error("memory", "a request for %zu bytes", n);
		_Exit(70);
	}
	n = (n + mask) & ~mask;
	room = b->size - b->used;
	if (room < n) {
		b = block_new(n > 2 * b->size ? n : 2 * b->size);
		b->next = a->top;
		a->top = b;
	}
	p = b->data + b->used;
	b->used += n;
	return (p);
}

void *
arena_zero(struct arena *a, size_t n, size_t size)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(n, size, &total)) {
		log_error("memory", "a request for %zu x %zu bytes", n, size);
		_Exit(70);
	}
	p = arena_alloc(a, total);
	return (memset(p, 0, total));
}

struct str
arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return ((struct str){p, s.n});
}

struct str
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char small[256], *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n < 0)
		n = 0, small[0] = '\0';
	p = arena_alloc(a, (size_t)n + 1);
	if ((size_t)n < sizeof(small))
		memcpy(p, small, (size_t)n + 1);
	else
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return ((struct str){p, (size_t)n});
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
	struct str s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return (s);
}
