/* What handlers that read a body member by member have in common. */
#ifndef PAGE_MEMBER_PART_H
#define PAGE_MEMBER_PART_H

#include "core/rq.h"

/* 422: that member of the body, at /member. */
void member_wrong(struct rq *rq, const char *member, const char *code, const char *detail);

/* The public id of such a thing, into *id; null leaves *id as it is, anything else is told. */
void member_id(struct rq *rq, const char *member, enum resource of, const struct json *m, int64_t *id);

/* A civil day, into *day; anything else is told. */
void member_day(struct rq *rq, const char *member, const struct json *m, int64_t *day);

#endif
