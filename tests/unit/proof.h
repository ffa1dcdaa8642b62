/* Tests that `make proof` runs at full size (tests/money/proof.mjs): how many by an environment variable, and the line that it
 * reads. */
#ifndef TESTS_PROOF_H
#define TESTS_PROOF_H

#include <stdio.h>
#include <stdlib.h>

static long
proof_often(const char *name, long usual)
{
	const char *n = getenv(name);

	return (n != NULL ? atol(n) : usual);
}

/* So many so far, of them so many wrong. */
static void
proof_note(const char *name, long count, long bad)
{

	printf("# proof %s %ld %ld\n", name, count, bad);
	fflush(stdout);
}

#endif
