#include "core/origin.h"

bool
origin_is_own(const struct rq *rq)
{
	struct str port, rest = rq->origin, scheme = rq->https ? S("https://") : S("http://");

	if (rq->fetch_site.n > 0)
		return (str_eqz(rq->fetch_site, "same-origin"));
	if (!str_starts(rest, scheme))
		return (false);
	rest.p += scheme.n;
	rest.n -= scheme.n;
	if (!str_eq(str_cut(rest, ':', &port), rq->host))
		return (false);
	return (str_eq(port.p == NULL ? (rq->https ? S("443") : S("80")) : port, rq->port));
}
