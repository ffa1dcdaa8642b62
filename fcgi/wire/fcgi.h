/* FastCGI by libfcgi: accept, parameters, body, answer.  Knows no addresses and no rights. */
#ifndef WIRE_FCGI_H
#define WIRE_FCGI_H

#include <stdatomic.h>

#include "base/arena.h"

struct fcgi_call;
typedef void (*fcgi_serve)(void *ctx, struct fcgi_call *call);

#define FCGI_TICK_MS 250 /* how long a stop may go unnoticed */

/* A listening unix socket with mode 0660 at path; a dead one there is removed first.
 * The descriptor, or -1 after logging why. */
int fcgi_listen(const char *path);

/* Serves calls from sock until *stopping.  Any number of threads may run it on one socket. */
void fcgi_loop(int sock, const atomic_bool *stopping, fcgi_serve serve, void *ctx);

/* A parameter; p == NULL where nginx sent none.  Lives until serve returns. */
struct str fcgi_param(const struct fcgi_call *call, const char *name);

/* The body into the arena: 0, or -1 where it is longer than limit or the connection broke. */
int fcgi_body(struct fcgi_call *call, struct arena *a, size_t limit, struct str *body);

/* Head (with its empty line) and body: 0, or -1 where nobody listens any more. */
int fcgi_send(struct fcgi_call *call, struct str head, struct str body);

/* A part of an answer whose end fcgi_send says: 0, or -1 likewise.  Where that never comes, nginx breaks the client's
 * connection off too, and nobody takes the part for the whole. */
int fcgi_part(struct fcgi_call *call, struct str head, struct str body) __attribute__((warn_unused_result));

#endif
