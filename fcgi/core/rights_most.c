/* The most that there is: what built-in roles give together. */
#include <string.h>

#include "core/rights.h"

/* What all built-in roles of these portals (bits) give together. */
static void
most_of(unsigned portals, struct rights *out)
{
	struct rights one;

	memset(out, 0, sizeof(*out));
	for (int role = 0; role < ROLE__MAX; role++) {
		if ((portals >> access_roles[role].portal & 1) == 0)
			continue;
		access_rights((enum role)role, &one);
		for (int a = 0; a < ACT__MAX; a++)
			if (rights_covers((enum scope)one.scope[a], (enum scope)out->scope[a]))
				out->scope[a] = one.scope[a];
		for (size_t i = 0; i < FLD_WORDS; i++) {
			out->read[i] |= one.read[i];
			out->write[i] |= one.write[i];
		}
	}
}

void
rights_ceiling(struct rights *out)
{

	most_of(1u << PORTAL_customer | 1u << PORTAL_reseller, out);
}

void
rights_of_portal(enum portal portal, struct rights *out)
{

	most_of(1u << portal, out);
}

void
rights_all(struct rights *out)
{

	most_of((1u << PORTAL__MAX) - 1, out);
}
