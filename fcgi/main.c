/* portico-worker: a master that owns the socket and keeps processes of threads running. */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/date.h"
#include "base/log.h"
#include "core/gate.h"
#include "core/metrics.h"
#include "core/password.h"
#include "core/statement.h"
#include "route.h"
#include "start.h"
#include "wire/pdf.h"

#define PROCESSES_MAX 64
#define THREADS_MAX 64
#define BACKOFF_FIRST_MS 100
#define BACKOFF_LAST_MS 10000
#define STEADY_S 5    /* a process that lived this long did not fail at once */
#define STOP_MS 12000 /* for what is under way when it is told to stop */

static atomic_bool stopping; /* of a process: written by its signal thread */
static int sock;

struct child {
	pid_t pid; /* 0: waits until `due` */
	time_t started;
	int64_t due_ms;
	int backoff_ms;
};

static void
serve(void *ctx, struct fcgi_call *call)
{

	route_serve(ctx, call);
}

static void *
thread_main(void *unused)
{
	struct worker w;

	(void)unused;
	if (worker_open(&w) == -1)
		_Exit(1); /* a process that cannot serve must not live: the master tries again, and says so */
	fcgi_loop(sock, &stopping, serve, &w);
	if (w.fonts != NULL)
		pdf_fonts_close(w.fonts);
	worker_close(&w);
	return (NULL);
}

/* One process: threads, and this one waiting for the signal to stop. */
static void
process_main(const sigset_t *signals, pid_t parent)
{
	pthread_t threads[THREADS_MAX];
	int n = (int)conf_int(CONF_threads), got, made = 0;

	/* A master that is gone leaves no processes behind. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 || getppid() != parent)
		_Exit(1);
	mallopt(M_MMAP_THRESHOLD, 1024 * 1024); /* scrypt's 32 MB go back to the system at once */
	mallopt(M_ARENA_MAX, 4);
	route_init(n);
	gate_init(n);
	while (made < n && pthread_create(&threads[made], NULL, thread_main, NULL) == 0)
		made++;
	if (made < n)
		log_error("thread", "only %d of %d could be started", made, n);
	while (made > 0 && (sigwait(signals, &got) != 0 || (got != SIGTERM && got != SIGINT)))
		continue;
	atomic_store(&stopping, true);
	for (int i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
	exit(made == n ? 0 : 1);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

static void
start_child(struct child *c, const sigset_t *signals)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		process_main(signals, parent);
	if (pid == -1) {
		log_error("fork", "%s", strerror(errno));
		c->due_ms = now_ms() + BACKOFF_LAST_MS;
		return;
	}
	c->pid = pid;
	c->started = time(NULL);
}

/* Notes that a process ended, and when it may start again. */
static void
child_ended(struct child *c, int how)
{
	bool steady = time(NULL) - c->started >= STEADY_S;

	log_error("process", "%d ended (%s %d)", (int)c->pid, WIFSIGNALED(how) ? "signal" : "exit",
	    WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how));
	c->pid = 0;
	c->backoff_ms = steady ? 0 : c->backoff_ms == 0 ? BACKOFF_FIRST_MS : 2 * c->backoff_ms;
	if (c->backoff_ms > BACKOFF_LAST_MS)
		c->backoff_ms = BACKOFF_LAST_MS;
	c->due_ms = now_ms() + c->backoff_ms;
	metrics_restart();
}

static void
reap(struct child *children, int n)
{
	int how;
	pid_t pid;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
		for (int i = 0; i < n; i++)
			if (children[i].pid == pid)
				child_ended(&children[i], how);
}

/* How many still live. */
static int
count(const struct child *children, int n)
{
	int alive = 0;

	for (int i = 0; i < n; i++)
		alive += children[i].pid != 0;
	return (alive);
}

static void
signal_all(const struct child *children, int n, int signal)
{

	for (int i = 0; i < n; i++)
		if (children[i].pid != 0)
			kill(children[i].pid, signal);
}

/* Lets them finish what they have begun, but not for ever: a database that hangs holds them. */
static void
stop_all(struct child *children, int n)
{
	const struct timespec tick = {0, 20 * 1000000L};
	int64_t end = now_ms() + STOP_MS;
	int how;

	signal_all(children, n, SIGTERM);
	while (count(children, n) > 0) {
		for (int i = 0; i < n; i++)
			if (children[i].pid != 0 && waitpid(children[i].pid, &how, WNOHANG) != 0)
				children[i].pid = 0;
		if (now_ms() >= end && count(children, n) > 0) {
			log_error(
			    "stop", "%d processes had not finished within %d s", count(children, n), STOP_MS / 1000);
			signal_all(children, n, SIGKILL);
			end = INT64_MAX;
		}
		nanosleep(&tick, NULL);
	}
}

static void
master(int n)
{
	struct child children[PROCESSES_MAX] = {0};
	const struct timespec tick = {0, 100 * 1000000L};
	sigset_t signals;
	int got;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	do {
		for (int i = 0; i < n; i++)
			if (children[i].pid == 0 && now_ms() >= children[i].due_ms)
				start_child(&children[i], &signals);
		got = sigtimedwait(&signals, NULL, &tick);
		reap(children, n);
	} while (got != SIGTERM && got != SIGINT);
	stop_all(children, n);
}

int
main(int argc, char **argv)
{
	int64_t processes, threads;

	if (argc != 2) {
		fprintf(stderr, "usage: portico-worker FILE  (settings: portico help)\n");
		return (2);
	}
	if (start(argv[1]) == -1 || password_init() == -1 || metrics_init() == -1)
		return (1);
	processes = conf_int(CONF_processes);
	threads = conf_int(CONF_threads);
	if (processes < 1 || processes > PROCESSES_MAX || threads < 1 || threads > THREADS_MAX) {
		fprintf(stderr, "processes and threads must be from 1 to %d\n", PROCESSES_MAX);
		return (1);
	}
	if ((sock = fcgi_listen(conf_text(CONF_socket))) == -1)
		return (1);
	log_info("start", "%lld processes of %lld threads", (long long)processes, (long long)threads);
	master((int)processes);
	unlink(conf_text(CONF_socket));
	log_info("stop", "%s", "all processes have ended");
	return (0);
}
