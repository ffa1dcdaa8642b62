/* An answer that leaves in pieces while it is made, so that no memory holds the whole of it.  From the first piece on
 * it is a 200: what goes wrong then is told by an answer without an end. */
#ifndef CORE_STREAM_H
#define CORE_STREAM_H

#include "core/rq.h"

#define STREAM_PIECE ((size_t)64 * 1024) /* from so many bytes on a piece is worth its way */

/* Sends what rq->out holds, the first time behind a head of content type and headers, and empties it.  0, or -1 where
 * nobody listens any more, or with the problem set. */
int stream_part(struct rq *rq) __attribute__((warn_unused_result));

#endif
