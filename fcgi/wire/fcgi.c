#include "wire/fcgi.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define BACKLOG 1024
#define RECORD_MAX ((size_t)65528)

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
			/* Lingering is for clients that still send; without a body all has been read. */
			if (fcgi_param(&call, "CONTENT_LENGTH").n == 0)
				FCGX_Detach(&call.fr);
			FCGX_Free(&call.fr, 1);
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

/* Records on their way out, as pieces of memory. */
#define PIECES 48
struct sending {
	int fd;
	bool failed;
	struct iovec pieces[PIECES];
	int n;
	unsigned char heads[PIECES][8]; /* of records; heads[i] is pieces[i], where that is a head */
};

/* Writes what was gathered. */
static void
flush(struct sending *o)
{
	struct msghdr m = {.msg_iov = o->pieces, .msg_iovlen = (size_t)o->n};
	ssize_t done;

	while (m.msg_iovlen > 0 && !o->failed) {
		done = sendmsg(o->fd, &m, MSG_NOSIGNAL);
		if (done == -1 && errno != EINTR)
			o->failed = true;
		for (; done > 0 && m.msg_iovlen > 0 && (size_t)done >= m.msg_iov->iov_len; m.msg_iov++, m.msg_iovlen--)
			done -= (ssize_t)m.msg_iov->iov_len;
		if (done > 0) {
			m.msg_iov->iov_base = (char *)m.msg_iov->iov_base + done;
			m.msg_iov->iov_len -= (size_t)done;
		}
	}
	o->n = 0;
}

static void
record(struct sending *o, int type, int id, struct str a, struct str b)
{
	const size_t n = a.n + b.n;

	if (o->n + 3 > PIECES)
		flush(o);
	memcpy(o->heads[o->n],
	    (unsigned char[]){FCGI_VERSION_1, (unsigned char)type, (unsigned char)(id >> 8), (unsigned char)id,
		(unsigned char)(n >> 8), (unsigned char)n, 0, 0},
	    8);
	o->pieces[o->n] = (struct iovec){o->heads[o->n], 8};
	o->n++;
	if (a.n > 0)
		o->pieces[o->n++] = (struct iovec){(char *)a.p, a.n};
	if (b.n > 0)
		o->pieces[o->n++] = (struct iovec){(char *)b.p, b.n};
}

static void
output(struct sending *o, int id, struct str head, struct str body)
{

	while (head.n + body.n > 0) {
		struct str h = {head.p, head.n < RECORD_MAX ? head.n : RECORD_MAX};
		struct str b = {body.p, body.n < RECORD_MAX - h.n ? body.n : RECORD_MAX - h.n};

		record(o, FCGI_STDOUT, id, h, b);
		head = (struct str){head.p + h.n, head.n - h.n};
		body = (struct str){body.p + b.n, body.n - b.n};
	}
}

int
fcgi_part(struct fcgi_call *call, struct str head, struct str body)
{
	struct sending o = {.fd = call->fr.ipcFd};

	output(&o, call->fr.requestId, head, body);
	flush(&o);
	return (o.failed ? -1 : 0);
}

/* libfcgi would write an answer in pieces of 8 KB and its end apart, and nginx would wake up
 * for each.  This is the whole of it at once. */
int
fcgi_send(struct fcgi_call *call, struct str head, struct str body)
{
	static const char complete[8] = {0}; /* the application's status 0, FCGI_REQUEST_COMPLETE */
	struct sending o = {.fd = call->fr.ipcFd};
	const int id = call->fr.requestId;

	output(&o, id, head, body);
	record(&o, FCGI_STDOUT, id, S(""), S(""));
	record(&o, FCGI_END_REQUEST, id, (struct str){complete, sizeof(complete)}, S(""));
	flush(&o);
	return (o.failed ? -1 : 0);
}
