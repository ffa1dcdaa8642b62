/* Civil days of a time zone, by the zone files of the system (TZif, RFC 8536).  Kept apart from the C library's TZ, which
 * is one for the whole process.  A zone lives in the arena. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/arena.h"

struct zone;

/* The zone of that name, "Europe/Berlin", or NULL and *wrong. */
const struct zone *zone_load(struct arena *a, struct str name, const char **wrong);
/* The same of the bytes of a zone file, which must outlive it. */
const struct zone *zone_parse(struct arena *a, struct str bytes, const char **wrong);

/* Seconds east of UTC at a moment (seconds since 1970, UTC). */
int64_t zone_offset(const struct zone *z, int64_t at);
/* The civil day there, as base/date.h counts days. */
int64_t zone_day(const struct zone *z, int64_t at);
/* The same, and the minute of the day that clocks show there, 0 to 1439. */
int64_t zone_clock(const struct zone *z, int64_t at, int *minute);

#endif
