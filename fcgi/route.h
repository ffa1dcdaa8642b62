/* The one door: every address is a row of the table in route.c, and every request
 * passes the same checks in the same order. */
#ifndef ROUTE_H
#define ROUTE_H

#include "core/rq.h"
#include "core/worker.h"
#include "wire/fcgi.h"

/* Gives the pages their view of the table; before any thread.  threads: of this process. */
void route_init(int threads);

/* Serves one call with the worker's means: checks, handler, answer, log line. */
void route_serve(struct worker *w, struct fcgi_call *call);

#endif
