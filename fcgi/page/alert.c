/* Alerts: that so much of what is included was used.  trade/alert.c writes them. */
#include "core/query.h"
#include "page/page.h"

/* GET /api/v1/alerts?customer=&account=&threshold=&from=&to=&cursor=  the newest first; seen in these days, to: the day after. */
int
alert_list(struct rq *rq)
{

	return (query_list(rq, Q_alert_list));
}
