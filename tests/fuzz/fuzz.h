/* What the fuzz targets share: an arena, and a copy of the input that ends where it ends, so
 * that the address sanitizer sees who reads on. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A rule that was broken is a crash, which libFuzzer keeps with its input. */
#define RULE(holds)                     \
	do {                            \
		if (!(holds))           \
			__builtin_trap(); \
	} while (0)

static inline struct arena *
fuzz_arena(void)
{
	static struct arena *a;

	if (a == NULL)
		a = arena_open();
	arena_reset(a);
	return (a);
}

/* Freed by the caller: free((char *)s.p). */
static inline struct str
fuzz_copy(const uint8_t *data, size_t n)
{
	char *p = malloc(n == 0 ? 1 : n);

	RULE(p != NULL);
	memcpy(p, data, n);
	return ((struct str){p, n});
}

/* As the words in RFC 3629 have it, written another way than base/str.c does. */
static inline bool
fuzz_is_utf8(const uint8_t *p, size_t n)
{

	for (size_t i = 0; i < n;) {
		size_t more = p[i] < 0x80 ? 0 : p[i] >> 5 == 6 ? 1 : p[i] >> 4 == 14 ? 2 : p[i] >> 3 == 30 ? 3 : 9;
		uint32_t c = more == 0 ? p[i] : more == 9 ? 0 : p[i] & (0x3fu >> more);
		static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

		if (more == 9 || more >= n - i)
			return (false);
		for (size_t k = 1; k <= more; k++) {
			if ((p[i + k] & 0xc0) != 0x80)
				return (false);
			c = c << 6 | (p[i + k] & 0x3f);
		}
		if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return (false);
		i += more + 1;
	}
	return (true);
}

#endif
