/* CBOR (RFC 8949) as far as attestation objects and COSE keys need it, and only in the one form that CTAP2 lets
 * authenticators write: definite lengths, each number in its fewest bytes, no tags, no floats, keys of maps that are
 * texts or whole numbers and stand there once.  Anything else is refused, and so is what is nested deeply or has many
 * members.  Nothing is copied: texts point into what was read. */
#ifndef CORE_CBOR_H
#define CORE_CBOR_H

#include "base/str.h"

#define CBOR_DEPTH 6
#define CBOR_MEMBERS 32 /* of one map or array */

enum cbor_type { CBOR_INT, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_SIMPLE };

struct cbor {
	enum cbor_type type;
	int64_t number;  /* of an INT; members of an ARRAY, pairs of a MAP; 20 false, 21 true, 22 null of a SIMPLE */
	struct str s;    /* of BYTES and TEXT (UTF-8, as str_is_text has it) */
	struct str raw;  /* all bytes of the item */
	struct str rest; /* what stands behind it */
};

/* Reads the item that `in` begins with, to its end, all in it too.  0, or -1 where it is none of the above. */
int cbor_read(struct str in, struct cbor *item) __attribute__((warn_unused_result));

/* The same, but nothing may stand behind it. */
int cbor_only(struct str in, struct cbor *item) __attribute__((warn_unused_result));

/* The value of a key in a map that was read.  1, or 0 where it has no such key. */
int cbor_at(const struct cbor *map, int64_t key, struct cbor *value) __attribute__((warn_unused_result));
int cbor_named(const struct cbor *map, const char *key, struct cbor *value) __attribute__((warn_unused_result));

#endif
