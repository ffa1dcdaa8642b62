#include "core/stream.h"

#include "wire/fcgi.h"

int
stream_part(struct rq *rq)
{
	struct str head = S("");

	if (buf_failed(&rq->out)) {
		problem(rq, P_internal, "a part of the answer is too large");
		return (-1);
	}
	if (rq->out.n == 0)
		return (0);
	if (rq->sent == 0)
		head = arena_printf(rq->a,
		    "Status: 200\r\nContent-Type: %s\r\nCache-Control: private, no-store\r\n%.*s\r\n",
		    rq->content_type_out, STR_ARG(rq->headers));
	rq->sent += rq->out.n;
	if (fcgi_part(rq->call, head, buf_str(&rq->out)) == -1)
		return (-1);
	buf_clear(&rq->out);
	return (0);
}
