#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/payments?customer=&tenant=&cursor=  newest first. */
int
payment_list(struct rq *rq)
{

	return (query_list(rq, Q_payment_list));
}

/* GET /api/v1/payments/:id */
int
payment_get(struct rq *rq)
{

	return (query_one(rq, Q_payment_one));
}
