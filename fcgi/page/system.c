/* What operators and load balancers ask. */
#include "base/conf.h"
#include "core/metrics.h"
#include "core/query.h"
#include "page/page.h"

/* GET /healthz  the process answers. */
int
system_healthz(struct rq *rq)
{

	buf_addz(&rq->out, "{\"status\":\"ok\"}");
	return (200);
}

struct version_row {
	int64_t version;
};
static const struct col version_cols[] = {COL_I_(version_row, version)};

/* GET /readyz  and its database answers too. */
int
system_readyz(struct rq *rq)
{
	struct version_row row;
	int rc;

	rc = query_row_system(rq, Q_tenant_version, COLS(version_cols), &row);
	if (rc != 1)
		return (problem(rq, P_no_database, "%s", ""));
	buf_addz(&rq->out, "{\"status\":\"ready\"}");
	return (200);
}

static const char *
route_name(unsigned i)
{
	const struct page_route *r = page_routes(i);

	return (r == NULL ? NULL : r->handler);
}

struct mail_row {
	int64_t waiting, given_up;
};
static const struct col mail_cols[] = {COL_I_(mail_row, waiting), COL_I_(mail_row, given_up)};

/* What the outbox holds; without a database the other metrics are still worth having. */
static void
write_mail(struct rq *rq)
{
	struct mail_row row;
	int rc;

	rc = query_row_system(rq, Q_outbox_metrics, COLS(mail_cols), &row);
	if (rc == 1)
		buf_printf(&rq->out,
		    "# HELP portico_mail Messages that wait to be sent, and of 30 days those that were given up.\n"
		    "# TYPE portico_mail gauge\nportico_mail{state=\"waiting\"} %lld\nportico_mail{state=\"given_up\"} "
		    "%lld\n",
		    (long long)row.waiting, (long long)row.given_up);
	rq->problem = P_none;
	rq->again = false;
}

/* GET /metrics */
int
system_metrics(struct rq *rq)
{

	metrics_write(&rq->out, route_name);
	write_mail(rq);
	rq->content_type_out = "text/plain; version=0.0.4";
	return (200);
}

/* GET /version */
int
system_version(struct rq *rq)
{

	buf_addz(&rq->out, "{\"version\":");
	json_str(&rq->out, str_of(conf_text(CONF_version)));
	buf_char(&rq->out, '}');
	return (200);
}
