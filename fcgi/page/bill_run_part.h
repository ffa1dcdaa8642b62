/* Shared by the pages of bill runs and nobody else. */
#ifndef PAGE_BILL_RUN_PART_H
#define PAGE_BILL_RUN_PART_H

#include "core/rq.h"

/* What is asked does not fit: 409, with the state of now. */
int bill_run_refused(struct rq *rq, struct str state, const char *why);

#endif
