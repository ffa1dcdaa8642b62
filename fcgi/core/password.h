/* Passwords: what may be one, and is this the right one.  Hashing goes through the gate. */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include "core/gate.h"
#include "core/rq.h"
#include "wire/crypt.h"

#define PASSWORD_MIN 12 /* characters */
#define PASSWORD_MAX 200

/* Can the list of known passwords be read (CONF_password_list: sorted lines that begin with a SHA-1 in hex)?
 * 0, or -1 after logging why; a program that takes passwords refuses to start. */
int password_init(void);

/* May that become the password of who has this e-mail address and this current one?  0, or -1 with what
 * is wrong at pointer. */
int password_allowed(struct rq *rq, struct str pointer, struct str password, struct str email, struct str current)
    __attribute__((warn_unused_result));

/* 1 the password is right for the hash, 0 it is not, -1 with the problem set: too many hash at this moment.  queue: of
 * who is known where they ask from, or of strangers. */
int password_right(struct rq *rq, enum gate_queue queue, struct str password, struct str hash)
    __attribute__((warn_unused_result));

/* Asks again for the password of who is signed in, the body's one member `password`: for what a session alone must not
 * do.  Counted like every try; runs outside of a transaction.  0 and the address that the user signs in with, or the
 * status of a problem. */
int password_again(struct rq *rq, struct str *email) __attribute__((warn_unused_result));

/* The hash to keep.  0, or -1 with the problem set. */
int password_hash(struct rq *rq, struct str password, char out[CRYPT_HASH_SIZE]) __attribute__((warn_unused_result));

#endif
