/* Who opened or changed what is a customer's. */
#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/openings?customer=&tenant=&kind=&since=&cursor=  newest first. */
int
opening_list(struct rq *rq)
{

	return (query_list(rq, Q_opening_list));
}
