/* What can be sold, and what was bought. */
#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/offerings?q=&cursor=  by name. */
int
offering_list(struct rq *rq)
{

	return (query_list(rq, Q_offering_list));
}

/* GET /api/v1/offerings/:id */
int
offering_get(struct rq *rq)
{

	return (query_one(rq, Q_offering_one));
}

/* GET /api/v1/subscriptions?customer=&cursor=  newest first. */
int
subscription_list(struct rq *rq)
{

	return (query_list(rq, Q_subscription_list));
}

/* GET /api/v1/subscriptions/:id */
int
subscription_get(struct rq *rq)
{

	return (query_one(rq, Q_subscription_one));
}
