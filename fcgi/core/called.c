#include "core/called.h"

#define IN_OTHER_WORDS(offering, own)                                                  \
	"COALESCE((SELECT w.name FROM offering_name w WHERE w.offering_id = " offering \
	" AND w.language = (SELECT r.language FROM user r WHERE r.id = :user)), " own ")"

/* The rows of the customer's portal. */
static bool
is_own(enum scope scope)
{

	return (scope == SCOPE_own || scope == SCOPE_customer || scope == SCOPE_family);
}

struct str
called(enum scope scope)
{

	return (is_own(scope) ? S(IN_OTHER_WORDS("o.id", "o.name")) : S("o.name"));
}

struct str
called_all(enum scope scope)
{

	return (is_own(scope) ? S(IN_OTHER_WORDS("t.offering_id", "MIN(o.name)")) : S("MIN(o.name)"));
}
