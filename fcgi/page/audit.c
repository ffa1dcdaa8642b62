/* What was done, by whom. */
#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/audit?action=&user=&from=&to=&cursor=  newest first. */
int
audit_list(struct rq *rq)
{

	return (query_list(rq, Q_audit_list));
}
