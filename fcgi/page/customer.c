/* Customers and their accounts. */
#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/customers?q=&number=&tenant=&cursor=  by name. */
int
customer_list(struct rq *rq)
{

	return (query_list(rq, Q_customer_list));
}

/* GET /api/v1/customers/:id */
int
customer_get(struct rq *rq)
{

	return (query_one(rq, Q_customer_one));
}

/* GET /api/v1/accounts?customer=&cursor=  by number. */
int
account_list(struct rq *rq)
{

	return (query_list(rq, Q_account_list));
}

/* GET /api/v1/accounts/:id */
int
account_get(struct rq *rq)
{

	return (query_one(rq, Q_account_one));
}
