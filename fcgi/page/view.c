/* Looking as another user. */
#include "core/view.h"

#include "core/body.h"
#include "core/query.h"
#include "core/seal.h"
#include "page/page.h"

#define REASON_MIN 3
#define REASON_MAX 200

struct subject {
	int64_t id, signs_in;
};
static const struct col subject_cols[] = {COL_I_(subject, id), COL_I_(subject, signs_in)};

/* Words, not blanks, on one line. */
static bool
is_reason(struct str s)
{
	size_t blanks = 0;

	for (size_t i = 0; i < s.n; i++)
		blanks += s.p[i] == ' ';
	return (str_is_line(s) && str_chars(s) >= blanks + REASON_MIN);
}

static int
wrong(struct rq *rq, const char *pointer, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, str_of(pointer), code, "%s", detail);
	return (problem_status(rq->problem));
}

/* POST /api/v1/views {"user","reason"}  looks as that user for half an hour at most; answers what GET of the session
 * does from now on. */
int
view_create(struct rq *rq)
{
	struct str user, reason;
	const struct body_text texts[] = {{"user", 60, &user}, {"reason", REASON_MAX, &reason}};
	struct subject s;
	int64_t id;
	int rc = 0;

	if (body_texts(rq, texts, 2) == -1)
		return (problem_status(rq->problem));
	if (!is_reason(reason))
		return (wrong(rq, "/reason", "reason", "a few words say why, on one line"));
	if (view_alone(rq) == -1)
		return (problem_status(rq->problem));
	if (seal_id_open(rq->w->key, RES_user, user, &id) == 0) {
		arg_int(rq, "id", id);
		if ((rc = query_row(rq, Q_user_asker, COLS(subject_cols), &s)) == -1)
			return (problem_status(rq->problem));
	}
	if (rc == 0) /* one answer for what is nobody's and somebody else's */
		return (wrong(rq, "/user", "unknown", "there is no such user, or not one that you may look as"));
	if (id == rq->who.id)
		return (wrong(rq, "/user", "self", "that is yourself"));
	if (!s.signs_in)
		return (wrong(rq, "/user", "closed", "who cannot sign in sees nothing"));
	if (view_begin(rq, id, reason) == -1)
		return (problem_status(rq->problem));
	return (session_get(rq));
}

/* DELETE /api/v1/views/current  is oneself again. */
int
view_end(struct rq *rq)
{
	int n;

	if (rq->who.viewer.view == 0)
		return (problem(rq, P_not_found, "%s", ""));
	if ((n = view_close(rq)) == -1)
		return (problem_status(rq->problem));
	if (n == 0)
		rq->audit_detail = S("it was over");
	return (204);
}
