/* What offerings are called to who asks.  For statement.c alone. */
#ifndef CORE_CALLED_H
#define CORE_CALLED_H

#include "core/access.h"

/* ":called" of a statement with an offering `o`, for rows of that scope.  Of a customer's own rows it is called as on bills, in
 * the language of :user (of whom one looks as, for that one sees what the other sees), or by its own name where it has none in
 * it; whoever sells goes by its own name and looks for no other. */
struct str called(enum scope scope);
/* ":called_all" likewise, of rows that are summed by t.offering_id. */
struct str called_all(enum scope scope);

#endif
