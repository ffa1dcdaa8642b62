/* The own password. */
#include "core/password.h"

#include "core/body.h"
#include "core/query.h"
#include "core/session.h"
#include "core/throttle.h"
#include "core/worker.h"
#include "page/page.h"

struct secret {
	struct str email, password;
};
static const struct col secret_cols[] = {COL_S(secret, email), COL_S_(secret, password)};

/* Keeps the hash in place of the old one, ends all sessions of the user and begins another.  0, or -1. */
static int
replace(struct rq *rq, struct str old, const char *hash)
{
	int64_t n;

	if (db_begin(rq->w->db) == -1) {
		query_failed(rq, "BEGIN");
		return (-1);
	}
	arg_int(rq, "user_id", rq->who.id);
	arg_text(rq, "password", arena_str(rq->a, str_of(hash)));
	arg_text(rq, "old", old);
	if ((n = query_run_system(rq, Q_user_password)) == 1 &&
	    (query_run_system(rq, Q_session_end_all) == -1 || query_run_system(rq, Q_credential_end_all) == -1))
		n = -1; /* links for another password end too: a stranger may have the mailbox */
	if (n == 0)
		problem(rq, P_conflict, "the password was changed in this moment");
	return (
	    n != 1 || throttle_right(rq, rq->who.id) == -1 || session_begin(rq, rq->who.id, str_of(hash), false) == -1
		? -1
		: 0);
}

/* POST /api/v1/password {"current","new"}  all other sessions end and this one gets another token; answers
 * who one is, as signing in does. */
int
password_change(struct rq *rq)
{
	struct str current, new;
	const struct body_text texts[] = {{"current", PASSWORD_MAX, &current}, {"new", PASSWORD_MAX, &new}};
	struct secret user;
	char hash[CRYPT_HASH_SIZE];
	int right;

	rq->audit_object = rq->who.id;
	if (body_texts(rq, texts, 2) == -1)
		return (problem_status(rq->problem));
	arg_int(rq, "user_id", rq->who.id);
	right = query_row_system(rq, Q_user_secret, COLS(secret_cols), &user);
	if (right != 1)
		return (problem(rq, P_not_signed_in, "%s", ""));
	if (password_allowed(rq, S("/new"), new, user.email, current) == -1)
		return (problem_status(rq->problem));
	/* Who holds a session guesses no faster than who does not, and does not slow down the sign-in of the owner. */
	throttle_address(rq);
	if (throttle_enter(rq, arena_printf(rq->a, "user %lld", (long long)rq->who.id), false) == -1)
		return (problem_status(rq->problem));
	if ((right = password_right(rq, GATE_KNOWN, current, user.password)) == 0 && throttle_wrong(rq) == 0) {
		problem_field(rq, P_invalid, S("/current"), "wrong", "%s", "it is not the present password");
		rq->audit_refusal = true;
	}
	if (right != 1 || password_hash(rq, new, hash) == -1 || replace(rq, user.password, hash) == -1)
		return (problem_status(rq->problem));
	return (session_get(rq));
}
