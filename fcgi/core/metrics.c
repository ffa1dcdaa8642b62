#include "core/metrics.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "base/log.h"

#define CLASSES 6 /* status / 100 */

static const int64_t bounds_us[] = {
    500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 5000000};
#define BOUNDS (sizeof(bounds_us) / sizeof(bounds_us[0]))

struct shared {
	_Atomic uint64_t requests[METRICS_ROUTES][CLASSES];
	_Atomic uint64_t within[BOUNDS + 1]; /* the last: longer than all */
	_Atomic uint64_t total_us, restarts;
};

static struct shared *shared; /* mapped once, before any fork */

int
metrics_init(void)
{
	void *p = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		log_error("metrics", "mmap: %s", strerror(errno));
		return (-1);
	}
	shared = p;
	return (0);
}

static void
add(_Atomic uint64_t *counter, uint64_t n)
{

	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void
metrics_request(unsigned route, int status, int64_t microseconds)
{
	size_t i = 0;

	if (shared == NULL || route >= METRICS_ROUTES || status < 100 || status > 599)
		return;
	while (i < BOUNDS && microseconds > bounds_us[i])
		i++;
	add(&shared->requests[route][status / 100], 1);
	add(&shared->within[i], 1);
	add(&shared->total_us, (uint64_t)microseconds);
}

void
metrics_restart(void)
{

	add(&shared->restarts, 1);
}

void
metrics_write(struct buf *b, const char *(*name)(unsigned i))
{
	uint64_t sum = 0, n;
	const char *label;

	if (shared == NULL)
		return;
	buf_addz(b,
	    "# HELP portico_requests_total Requests by route and class of status.\n"
	    "# TYPE portico_requests_total counter\n");
	for (unsigned r = 0; (label = name(r)) != NULL; r++)
		for (int c = 1; c < CLASSES; c++)
			if ((n = atomic_load(&shared->requests[r][c])) > 0)
				buf_printf(b, "portico_requests_total{route=\"%s\",class=\"%dxx\"} %llu\n", label, c,
				    (unsigned long long)n);
	buf_addz(b, "# HELP portico_request_seconds Time in the worker.\n# TYPE portico_request_seconds histogram\n");
	for (size_t i = 0; i <= BOUNDS; i++) {
		sum += atomic_load(&shared->within[i]);
		if (i < BOUNDS)
			buf_printf(b, "portico_request_seconds_bucket{le=\"%g\"} %llu\n", (double)bounds_us[i] / 1e6,
			    (unsigned long long)sum);
	}
	buf_printf(b,
	    "portico_request_seconds_bucket{le=\"+Inf\"} %llu\nportico_request_seconds_sum %g\n"
	    "portico_request_seconds_count %llu\n",
	    (unsigned long long)sum, (double)atomic_load(&shared->total_us) / 1e6, (unsigned long long)sum);
	buf_printf(b,
	    "# HELP portico_restarts_total Worker processes that ended and were started again.\n"
	    "# TYPE portico_restarts_total counter\nportico_restarts_total %llu\n",
	    (unsigned long long)atomic_load(&shared->restarts));
}
