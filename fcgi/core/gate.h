/* At most CONF_hashing passwords are hashed at the same time on a machine: each takes 39 MB and 0.2 s.  What is locked
 * are files, so a killed process gives back what it had.
 *
 * A few wait for that, and all others are told at once to come back.  Who is known, from an address that the owner of
 * the account has signed in from or by a session or link, has a queue that strangers cannot fill and goes first: a flood
 * of guesses keeps nobody out who comes from where they always come. */
#ifndef CORE_GATE_H
#define CORE_GATE_H

enum gate_queue { GATE_STRANGERS, GATE_KNOWN };

/* How many threads this process has: not all of them hash or wait, and of strangers half at most. */
void gate_init(int threads);

/* A slot, waiting up to 3 seconds for one; -1 where the queue is full or all stay taken. */
int gate_enter(enum gate_queue queue);
void gate_leave(enum gate_queue queue, int slot);

#endif
