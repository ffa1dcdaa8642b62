/* The provider's exchange rates: what one of a currency is worth in another one from a civil day on, in that direction alone.
 * They are only added to.  Of one day the last that was set counts, and a day that something was billed by takes no other;
 * begins and ends no transaction. */
#ifndef TRADE_RATE_H
#define TRADE_RATE_H

#include "base/str.h"
#include "wire/db.h"

struct rate {
	struct str from_currency, to_currency, day, rate, source; /* as people write them: "0.8612", "2026-09-30" */
};

/* What is wrong with it: the member, a code of problems and words.  False where nothing is. */
struct rate_wrong {
	const char *member, *code, *detail;
};
bool rate_is_wrong(const struct rate *r, struct rate_wrong *w);

enum rate_end {
	RATE_FAILED = -1, /* logged; see db_error */
	RATE_SET,
	RATE_SAME,   /* it says so already, and nothing is new */
	RATE_BILLED, /* something was billed on *day by an earlier one */
};

/* Sets one that is not wrong; user: who asks, or 0.  Where it is set or the same *id is its id.  Texts in the arena. */
enum rate_end rate_set(struct db *db, struct arena *a, const struct rate *r, int64_t user, int64_t *id, struct str *day)
    __attribute__((warn_unused_result));

#endif
