/* Counters that all processes of a worker share; read by /metrics. */
#ifndef CORE_METRICS_H
#define CORE_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/buf.h"

#define METRICS_ROUTES 256

/* Before any fork.  0, or -1 after logging why. */
int metrics_init(void);

void metrics_request(unsigned route, int status, int64_t microseconds);
void metrics_restart(void);

/* Text format of Prometheus 0.0.4; name(i) says route i's label, NULL at the end. */
void metrics_write(struct buf *b, const char *(*name)(unsigned i));

#endif
