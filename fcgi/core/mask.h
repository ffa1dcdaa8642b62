/* The shape of a value that somebody may not read: how long it is and what kind of thing, to
 * recognise it by, and no more. */
#ifndef CORE_MASK_H
#define CORE_MASK_H

#include "base/arena.h"

/* "name@mail.example" -> "n***@m***.example"; else letters and figures become stars but, of ten
 * and more, the first two and the last four: "DE** **** 1234".  Well-formed UTF-8 stays so.  In the arena. */
struct str mask_text(struct arena *a, struct str s);

#endif
