/* Numbers that look random and are the same everywhere for the same seed (splitmix64).
 * For invented data only, never for secrets. */
#ifndef TRADE_DEMO_RNG_H
#define TRADE_DEMO_RNG_H

#include <stdint.h>

struct demo_rng {
	uint64_t state;
};

/* A generator of its own for each (seed, a, b): what is made for one customer and month
 * does not depend on how many others were made before. */
struct demo_rng demo_rng_of(uint64_t seed, uint64_t a, uint64_t b);
uint64_t demo_rng_next(struct demo_rng *r);
/* 0 <= result < n; n > 0. */
int64_t demo_rng_below(struct demo_rng *r, int64_t n);

#endif
