/* At most CONF_hashing passwords are hashed at the same time on a machine: each takes
 * 39 MB and 0.2 s.  Slots are file locks, so a killed process gives its slot back. */
#ifndef CORE_GATE_H
#define CORE_GATE_H

/* A slot, waiting up to 3 seconds for one; -1 where all stay taken. */
int gate_enter(void);
void gate_leave(int slot);

#endif
