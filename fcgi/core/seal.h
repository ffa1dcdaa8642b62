/* Public ids: a type's prefix and base32 of one AES block over (type, id).  They cannot
 * be guessed and carry their type; they are never the reason that something is allowed. */
#ifndef CORE_SEAL_H
#define CORE_SEAL_H

#include "core/access.h"
#include "wire/crypt.h"

#define SEAL_TEXT 30 /* "inv_" and 26 characters */

/* Reads the deployment's key (CONF_key_file).  NULL after logging why. */
struct crypt_block *seal_key(void);

/* A keyed hash of the text under the deployment's key, another for each purpose. */
void seal_mac(const char *purpose, struct str text, unsigned char out[32]);

void seal_id(struct crypt_block *key, enum resource res, int64_t id, struct buf *out);
/* A member of a JSON object: "name":"<id>", or null for 0. */
void seal_member(struct crypt_block *key, const char *name, enum resource res, int64_t id, struct buf *out);

/* Ids on their way: many blocks sealed in one call cost a tenth of as many calls. */
#define SEAL_BATCH 64
struct seal_batch {
	size_t n, at[SEAL_BATCH]; /* where in the buffer the 26 characters of each have their room */
	unsigned char blocks[SEAL_BATCH][16];
};
/* Adds the prefix and room for the rest, which seal_batch_end fills; out is only added to until then. */
void seal_batch_add(struct seal_batch *l, struct crypt_block *key, enum resource res, int64_t id, struct buf *out);
void seal_batch_end(struct seal_batch *l, struct crypt_block *key, struct buf *out);

/* 0 and *id, or -1 where the text is no id of that resource. */
int seal_id_open(struct crypt_block *key, enum resource res, struct str text, int64_t *id);
/* The resource whose prefix the text has, or -1. */
int seal_resource(struct str text);

/* Base32 of RFC 4648 in small letters, without padding. */
void seal_base32(struct buf *out, const unsigned char *p, size_t n);
/* The bytes in the arena: 0, or -1 where the text is not canonical base32. */
int seal_base32_open(struct arena *a, struct str text, struct str *bytes);

#endif
