#include "cli_stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_bool stopping; /* set by the signal handler */

static void
stop(int signal)
{

	(void)signal;
	atomic_store(&stopping, true);
}

void
cli_stop_catch(void)
{
	struct sigaction sa = {.sa_handler = stop};

	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
}

bool
cli_go_on(void *ctx)
{

	(void)ctx;
	return (!atomic_load(&stopping));
}
