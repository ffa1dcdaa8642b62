/* Zone files: whatever the bytes, a zone that is accepted has a civil day for every moment, and its days follow each other. */
#include "base/zone.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str bytes = fuzz_copy(data, n);
	const char *wrong = NULL;
	const struct zone *z = zone_parse(a, bytes, &wrong);

	RULE(wrong != NULL);
	for (int64_t at = 0; z != NULL && at < (int64_t)130 * 366 * 86400; at += (int64_t)29 * 86400 + 1234) {
		const int64_t east = zone_offset(z, at), local = at + east;

		RULE(zone_day(z, at) == (local >= 0 ? local / 86400 : -((86399 - local) / 86400)));
		RULE(east >= INT32_MIN && east <= INT32_MAX);
	}
	free((char *)bytes.p);
	return (0);
}
