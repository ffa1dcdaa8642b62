/* Makes guessing of passwords slow: after some wrong ones each further one has to wait, 1 s, 2 s, 4 s ... at
 * most 60 s; what waits is refused before anything is hashed.  Counted in the database, for all workers, by
 * account and address, by account, and by address.  An account is never locked: from an address that its
 * owner has signed in from only what was tried from there counts, and the address itself, if it is not this machine. */
#ifndef CORE_THROTTLE_H
#define CORE_THROTTLE_H

#include "core/rq.h"

/* Sets :address_hash, the keyed hash of where the request comes from (of IPv6 the network, /64). */
void throttle_address(struct rq *rq);

/* May a password be tried?  account: a text that is the same for the same account, and known from a sign-in at
 * this address or not.  Needs throttle_address; sets :pair_hash and :account_hash.
 * 0, or -1 with 429 and Retry-After, or with another problem set. */
int throttle_enter(struct rq *rq, struct str account, bool known) __attribute__((warn_unused_result));

/* A key was wrong: notes it against its address, apart from passwords.  0, or -1 with 429 and Retry-After, and nothing
 * noted, while the address has to wait, or with another problem set. */
int throttle_key(struct rq *rq) __attribute__((warn_unused_result));

/* The password was wrong, or right for that user; after throttle_enter.  0, or -1 with the problem set. */
int throttle_wrong(struct rq *rq) __attribute__((warn_unused_result));
int throttle_right(struct rq *rq, int64_t user_id) __attribute__((warn_unused_result));

#endif
