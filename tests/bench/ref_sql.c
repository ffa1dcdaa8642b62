/* The reference of what the database needs: runs the statements of a plan in a loop.
 *
 *   ref_sql SOCKET USER DATABASE PLAN THREADS SECONDS
 *
 * prints how often all of the plan was run, and in how many seconds. */
#include <mysql.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "plan.h"

static const char *sock, *user, *database;
static double seconds;
static atomic_long runs;

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((double)ts.tv_sec + (double)ts.tv_nsec / 1e9);
}

static void *
thread_main(void *start_line)
{
	struct connection *c = plan_connect(sock, user, database);
	double end;
	long n = 0;

	pthread_barrier_wait(start_line);
	for (end = now() + seconds; now() < end; n++)
		plan_run(c);
	atomic_fetch_add(&runs, n);
	return (NULL);
}

int
main(int argc, char **argv)
{
	pthread_t threads[256];
	pthread_barrier_t start_line;
	int n_threads;
	double start;

	if (argc != 7)
		plan_fail("SOCKET USER DATABASE PLAN THREADS SECONDS");
	sock = argv[1];
	user = argv[2];
	database = argv[3];
	plan_read(argv[4]);
	n_threads = atoi(argv[5]);
	seconds = atof(argv[6]);
	if (n_threads < 1 || n_threads > 256 || seconds <= 0 || seconds > 600)
		plan_fail("1 to 256 threads, at most 600 seconds");
	mysql_library_init(0, NULL, NULL);
	pthread_barrier_init(&start_line, NULL, (unsigned)n_threads + 1);
	for (int i = 0; i < n_threads; i++)
		if (pthread_create(&threads[i], NULL, thread_main, &start_line) != 0)
			plan_fail("no thread");
	pthread_barrier_wait(&start_line);
	start = now();
	for (int i = 0; i < n_threads; i++)
		pthread_join(threads[i], NULL);
	printf("{\"requests\":%ld,\"seconds\":%.6f}\n", atomic_load(&runs), now() - start);
	return (0);
}
