#include "trade/demo_rng.h"

uint64_t
demo_rng_next(struct demo_rng *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15U);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return (z ^ (z >> 31));
}

struct demo_rng
demo_rng_of(uint64_t seed, uint64_t a, uint64_t b)
{
	struct demo_rng r = {seed};

	r.state = demo_rng_next(&r) ^ a;
	r.state = demo_rng_next(&r) ^ b;
	r.state = demo_rng_next(&r);
	return (r);
}

int64_t
demo_rng_below(struct demo_rng *r, int64_t n)
{

	/* The bias of a remainder is below 2^-40 for the small n of a demo. */
	return ((int64_t)(demo_rng_next(r) % (uint64_t)n));
}
