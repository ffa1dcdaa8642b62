/* What can be sold. */
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
