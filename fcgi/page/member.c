#include "base/date.h"
#include "core/seal.h"
#include "core/worker.h"
#include "page/member_part.h"

void
member_wrong(struct rq *rq, const char *member, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, arena_printf(rq->a, "/%s", member), code, "%s", detail);
}

void
member_id(struct rq *rq, const char *member, enum resource of, const struct json *m, int64_t *id)
{

	if (m->type != JSON_NULL && (m->type != JSON_STRING || seal_id_open(rq->w->key, of, m->s, id) == -1))
		member_wrong(rq, member, "id", "it is not an id of that kind");
}

void
member_day(struct rq *rq, const char *member, const struct json *m, int64_t *day)
{

	if (m->type != JSON_STRING || date_parse(m->s, day) == -1)
		member_wrong(rq, member, "date", "it is not a day like 2026-06-01");
}
