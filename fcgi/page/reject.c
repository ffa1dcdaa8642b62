/* What bill runs could not bill, and on which edge. */
#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/rejects?run=&reason=&cursor=  of the newest run first. */
int
reject_list(struct rq *rq)
{

	return (query_list(rq, Q_reject_list));
}
