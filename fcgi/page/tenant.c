/* Tenants and their brands. */
#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/tenants?q=&kind=&cursor=  by name. */
int
tenant_list(struct rq *rq)
{

	return (query_list(rq, Q_tenant_list));
}

/* GET /api/v1/tenants/:id */
int
tenant_get(struct rq *rq)
{

	return (query_one(rq, Q_tenant_one));
}

/* GET /api/v1/brands?tenant=&cursor=  the published brand of each tenant. */
int
brand_list(struct rq *rq)
{

	return (query_list(rq, Q_brand_list));
}

/* GET /api/v1/brands/:id */
int
brand_get(struct rq *rq)
{

	return (query_one(rq, Q_brand_one));
}
