/* Signing in with a passkey, which is the password and the second step in one; and proving the second step with one
 * once more. */
#include "base/base64url.h"
#include "core/body.h"
#include "core/passkey.h"
#include "core/query.h"
#include "core/session.h"
#include "core/throttle.h"
#include "core/worker.h"
#include "page/page.h"

struct owner {
	int64_t id, user_id;
	struct str public_key, password;
};
static const struct col owner_cols[] = {
    COL_I_(owner, id), COL_I_(owner, user_id), COL_S_(owner, public_key), COL_S_(owner, password)};

struct kept {
	int64_t count;
};
static const struct col kept_cols[] = {COL_I_(kept, count)};

/* What the browser says, as it came: texts in base64url. */
struct answer {
	struct str credential, handle, client, authenticator, signature;
};

/* 0, or -1 with the problem set. */
static int
read_answer(struct rq *rq, struct answer *said)
{
	const struct body_text texts[] = {{"credential", 1400, &said->credential}, {"user_handle", 100, &said->handle},
	    {"client_data", 5500, &said->client}, {"authenticator_data", 2000, &said->authenticator},
	    {"signature", 800, &said->signature}};

	return (body_texts(rq, texts, sizeof(texts) / sizeof(texts[0])));
}

/* What navigator.credentials.get wants, but for its end: the passkeys that do. */
static void
begin_options(struct rq *rq, enum passkey_purpose purpose)
{

	buf_addz(&rq->out, "{\"challenge\":");
	passkey_challenge(rq, purpose);
	buf_addz(&rq->out, ",\"rpId\":");
	json_str(&rq->out, rq->host);
	buf_printf(&rq->out,
	    ",\"timeout\":%d,\"userVerification\":\"required\",\"allowCredentials\":", PASSKEY_LASTS_S * 1000);
}

/* POST /api/v1/session/passkey/options  Nobody is asked for by name, and nothing is kept of it, so this is no write: it
 * leaves no row that strangers could make without end. */
int
session_passkey_options(struct rq *rq)
{

	if (!session_safe(rq))
		return (problem(rq, P_forbidden, "signing in needs https"));
	begin_options(rq, PASSKEY_SIGN_IN);
	buf_addz(&rq->out, "[]}");
	return (200);
}

/* POST /api/v1/session/step-up/passkey/options  the own passkeys of this host, and a challenge for this session. */
int
session_step_up_options(struct rq *rq)
{
	int64_t n;

	begin_options(rq, PASSKEY_STEP_UP);
	if ((n = passkey_write_held(rq)) == -1)
		return (problem_status(rq->problem));
	if (n == 0) /* an empty list would let the device offer those of others */
		return (problem(rq, P_conflict, "you have no passkey on this host: use a code of your second step"));
	buf_char(&rq->out, '}');
	return (200);
}

/* One answer for whatever is wrong: who has which passkey cannot be probed.  Returns the status. */
static int
refuse(struct rq *rq)
{

	if (throttle_wrong(rq) == 0) {
		problem(rq, P_passkey_refused, "%s", "");
		rq->audit_refusal = true;
	}
	return (problem_status(rq->problem));
}

/* May a passkey be tried?  Counted by the address, and by the passkey at that address; not by the passkey alone, for
 * its id is no secret and nobody guesses signatures.  0, or -1 with the problem set. */
static int
enter(struct rq *rq, struct str credential)
{

	throttle_address(rq);
	return (throttle_enter(rq, arena_printf(rq->a, "passkey %.*s", STR_ARG(credential)), true));
}

/* Is it all as it must be, but for what the database alone can tell?  The texts of the answer become bytes.
 * Steps 5 to 20 of 7.2.  1, 0, or -1 with the problem set. */
static int
is_right(struct rq *rq, enum passkey_purpose purpose, struct answer *said, struct owner *who, struct str *challenge,
    int64_t *count)
{
	const struct webauthn_site site = passkey_site(rq);
	struct str *texts[] = {&said->credential, &said->handle, &said->client, &said->authenticator, &said->signature};
	unsigned char handle[PASSKEY_HANDLE];
	struct webauthn_assertion signed_;
	int found;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (base64url_open(rq->a, *texts[i], texts[i]) == -1)
			return (0);
	if (webauthn_client(rq->a, &site, "webauthn.get", said->client, challenge) != NULL ||
	    !passkey_challenge_good(rq, purpose, *challenge))
		return (0);
	arg_bytes(rq, "credential_id", said->credential.p, said->credential.n);
	arg_text(rq, "host", rq->host);
	if ((found = query_row_system(rq, Q_passkey_login, COLS(owner_cols), who)) != 1)
		return (found);
	passkey_handle(who->user_id, handle);
	signed_ = (struct webauthn_assertion){said->client, said->authenticator, said->signature};
	return (said->handle.n == sizeof(handle) && crypt_equal(said->handle.p, handle, sizeof(handle)) &&
	    webauthn_asserted(rq->a, &site, who->public_key, &signed_, count) == NULL);
}

/* The challenge was not answered before, and the authenticator has counted on (step 21): a count that stands still or
 * goes back is that of a copy.  1, 0 (and the audit says which), or -1 with the problem set. */
static int
is_first(struct rq *rq, const struct owner *who, struct str challenge, int64_t count)
{
	struct kept kept;
	int rc;

	rq->audit_object = who->user_id;
	if ((rc = passkey_challenge_use(rq, challenge)) != 1) {
		rq->audit_detail = S("challenge");
		return (rc);
	}
	arg_int(rq, "passkey_id", who->id);
	if ((rc = query_row_system(rq, Q_passkey_count, COLS(kept_cols), &kept)) != 1)
		return (rc); /* removed in this moment */
	if (count <= kept.count && (count != 0 || kept.count != 0)) {
		rq->audit_detail = S("count");
		return (0);
	}
	arg_int(rq, "count", count);
	return (query_run_system(rq, Q_passkey_used) == -1 ? -1 : 1);
}

/* The passkey was right: begins the transaction and notes in it that it was used.  1, 0 where it was not for the first
 * time, or -1 with the problem set. */
static int
use(struct rq *rq, const struct owner *who, struct str challenge, int64_t count)
{
	int first;

	if (db_begin(rq->w->db) == -1) {
		query_failed(rq, "BEGIN");
		return (-1);
	}
	if ((first = is_first(rq, who, challenge, count)) == 0)
		db_rollback(rq->w->db);
	return (first == 1 && throttle_right(rq, who->user_id) == -1 ? -1 : first);
}

/* POST /api/v1/session/passkey {"credential","user_handle","client_data","authenticator_data","signature"}  signs in on
 * this host; answers who one is, as a password does. */
int
session_passkey(struct rq *rq)
{
	struct answer said;
	struct str challenge;
	struct owner who;
	int64_t count;
	int right;

	if (!session_safe(rq))
		return (problem(rq, P_forbidden, "signing in needs https"));
	if (read_answer(rq, &said) == -1 || enter(rq, said.credential) == -1 ||
	    (right = is_right(rq, PASSKEY_SIGN_IN, &said, &who, &challenge, &count)) == -1)
		return (problem_status(rq->problem));
	if (right == 1)
		right = use(rq, &who, challenge, count);
	if (right == 0)
		return (refuse(rq));
	if (right == -1 || session_begin(rq, who.user_id, who.password, true) == -1)
		return (problem_status(rq->problem));
	return (session_get(rq));
}

/* As refuse, but whoever is signed in stays so.  Returns the status. */
static int
refuse_step_up(struct rq *rq)
{

	if (throttle_wrong(rq) == 0) {
		problem_field(rq, P_invalid, S("/credential"), "refused", "%s",
		    "it is no passkey of yours, or the time to use it is over");
		rq->audit_refusal = true;
	}
	return (problem_status(rq->problem));
}

/* POST /api/v1/session/step-up/passkey  with the members of session/passkey: proves the second step once more, by a
 * passkey of who is signed in. */
int
session_step_up_passkey(struct rq *rq)
{
	struct answer said;
	struct str challenge;
	struct owner who;
	int64_t count;
	int right;

	rq->audit_object = rq->who.id;
	if (read_answer(rq, &said) == -1 || enter(rq, said.credential) == -1 ||
	    (right = is_right(rq, PASSKEY_STEP_UP, &said, &who, &challenge, &count)) == -1)
		return (problem_status(rq->problem));
	if (right == 1)
		right = who.user_id == rq->who.id ? use(rq, &who, challenge, count) : 0;
	if (right == 0)
		return (refuse_step_up(rq));
	return (right == -1 || session_prove(rq) == -1 ? problem_status(rq->problem) : 204);
}
