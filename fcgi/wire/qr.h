/* QR codes, by libqrencode, as the path of an SVG: pages draw it in their own colours. */
#ifndef WIRE_QR_H
#define WIRE_QR_H

#include "base/buf.h"

/* Adds the dark parts as SVG path data, one unit a module, without the quiet zone around it.
 * The modules of a side, or 0 where the text (without NUL) is too long. */
int qr_path(struct buf *out, const char *text) __attribute__((warn_unused_result));

#endif
