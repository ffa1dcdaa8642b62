#include "wire/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define BACKLOG 1024

struct fcgi_call {
	FCGX_Request fr;
};

/* Is somebody listening there? */
static bool
alive(const struct sockaddr_un *sa)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool yes = fd != -1 && connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) == 0;

	if (fd != -1)
		close(fd);
	return (yes);
}

int
fcgi_listen(const char *path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	struct timeval tick = {0, FCGI_TICK_MS * 1000};
	int fd;

	if (strlen(path) >= sizeof(sa.sun_path)) {
		log_error("socket", "%s: longer than %zu bytes", path, sizeof(sa.sun_path) - 1);
		return (-1);
	}
	memcpy(sa.sun_path, path, strlen(path) + 1);
	if (alive(&sa)) {
		log_error("socket", "%s: another worker listens there", path);
		return (-1);
	}
	if (unlink(path) == -1 && errno != ENOENT) {
		log_error("socket", "%s: %s", path, strerror(errno));
		return (-1);
	}
	/* FCGX_OpenSocket would end the process on a failure. */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1 || chmod(path, 0660) == -1 ||
	    listen(fd, BACKLOG) == -1 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof(tick)) == -1) {
		log_error("socket", "%s: %s", path, strerror(errno));
		if (fd != -1)
			close(fd);
		return (-1);
	}
	return (fd);
}

void
fcgi_loop(int sock, const atomic_bool *stopping, fcgi_serve serve, void *ctx)
{
	const struct timespec tick = {0, FCGI_TICK_MS * 1000000L};
	struct fcgi_call call;
	int rc;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&call.fr, sock, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
		log_error("fcgi", "libfcgi cannot start");
		return;
	}
	while (!atomic_load(stopping)) {
		rc = FCGX_Accept_r(&call.fr);
		if (rc == 0) {
			serve(ctx, &call);
			FCGX_Finish_r(&call.fr);
		} else if (rc != -EAGAIN && rc != -EWOULDBLOCK && rc != -EINTR) {
			/* Too many open files must neither end the worker nor make it spin. */
			log_error("fcgi", "accept: %s", strerror(rc < 0 ? -rc : rc));
			nanosleep(&tick, NULL);
		}
	}
	FCGX_Free(&call.fr, 1);
}

struct str
fcgi_param(const struct fcgi_call *call, const char *name)
{

	return (str_of(FCGX_GetParam(name, call->fr.envp)));
}

int
fcgi_body(struct fcgi_call *call, struct arena *a, size_t limit, struct str *body)
{
	struct str length_text = fcgi_param(call, "CONTENT_LENGTH");
	int64_t length = 0;
	char *p;
	int n;

	*body = S("");
	if (length_text.n > 0 && (str_int(length_text, &length) == -1 || length < 0 || (uint64_t)length > limit))
		return (-1);
	if (length == 0)
		return (0);
	p = arena_alloc(a, (size_t)length + 1);
	for (size_t got = 0; got < (size_t)length; got += (size_t)n)
		if ((n = FCGX_GetStr(p + got, (int)((size_t)length - got), call->fr.in)) <= 0)
			return (-1);
	p[length] = '\0';
	*body = (struct str){p, (size_t)length};
	return (0);
}

static int
put(struct fcgi_call *call, struct str s)
{

	for (size_t at = 0; at < s.n;) {
		int n = FCGX_PutStr(s.p + at, s.n - at > INT32_MAX ? INT32_MAX : (int)(s.n - at), call->fr.out);

		if (n <= 0)
			return (-1);
		at += (size_t)n;
	}
	return (0);
}

int
fcgi_send(struct fcgi_call *call, struct str head, struct str body)
{

	return (put(call, head) == -1 || put(call, body) == -1 || FCGX_FFlush(call->fr.out) == -1 ? -1 : 0);
}
