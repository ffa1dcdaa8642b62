/* Between FastCGI and the route table: reads a call into a request, and writes the
 * answer and its log line. */
#ifndef INTAKE_H
#define INTAKE_H

#include "core/rq.h"
#include "wire/fcgi.h"

/* 0, or the status of a problem: what cannot be read at all is refused before it is matched. */
int intake_read(struct rq *rq, struct worker *w, struct fcgi_call *call);

/* The strong ETag of rq->out, with its quotes. */
struct str intake_tag(struct rq *rq);

/* A problem for somebody who looks at the address in a browser: leads to the door, or to a page of the brand.  Returns
 * the status, which for anybody else is what it was. */
int intake_lead(struct rq *rq, int status);

void intake_answer(struct rq *rq, struct fcgi_call *call, int status);
void intake_log(const struct rq *rq, const char *route, int status, int64_t us);

#endif
