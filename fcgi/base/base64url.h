/* Bytes as text of RFC 4648, section 5, without padding: what browsers write in WebAuthn.  One text for each value:
 * anything else is refused. */
#ifndef BASE_BASE64URL_H
#define BASE_BASE64URL_H

#include "base/buf.h"

void base64url_add(struct buf *b, struct str bytes);

/* The bytes in the arena: 0, or -1 where the text is none of that form. */
int base64url_open(struct arena *a, struct str text, struct str *bytes) __attribute__((warn_unused_result));

#endif
