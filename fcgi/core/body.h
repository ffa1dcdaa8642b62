/* The body of a write, held against the declared fields. */
#ifndef CORE_BODY_H
#define CORE_BODY_H

#include "core/rq.h"

/* Parses rq->body_text as a JSON object into rq->body.  0, or -1 with the problem set. */
int body_parse(struct rq *rq) __attribute__((warn_unused_result));

/* For an action on a declared resource: each member must be a field that the action sets and
 * the role may write; each such field becomes a parameter of its name, NULL where absent.
 * 0, or -1 with 422 and a pointer for each wrong member. */
int body_fields(struct rq *rq) __attribute__((warn_unused_result));

/* The value of a member that cannot be left out, once body_fields has read it; NULL where it is missing, with the
 * problem set. */
const struct db_val *body_given(struct rq *rq, const char *name);

/* For sign-in and the like, whose members are of no resource: the texts of exactly these
 * names, each 1 to max characters.  0, or -1 likewise. */
struct body_text {
	const char *name;
	size_t max;
	struct str *value;
};
int body_texts(struct rq *rq, const struct body_text *texts, size_t n) __attribute__((warn_unused_result));
/* The same, but only the first `needed` must be there; the others are empty where they are absent. */
int body_texts_some(struct rq *rq, const struct body_text *texts, size_t n, size_t needed)
    __attribute__((warn_unused_result));

#endif
