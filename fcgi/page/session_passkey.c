/* Signing in with a passkey, which is the password and the second step in one. */
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

/* POST /api/v1/session/passkey/options  what navigator.credentials.get wants.  Nobody is asked for by name, and
 * nothing is kept of it, so this is no write: it leaves no row that strangers could make without end. */
int
session_passkey_options(struct rq *rq)
{

	if (!session_safe(rq))
		return (problem(rq, P_forbidden, "signing in needs https"));
	buf_addz(&rq->out, "{\"challenge\":");
	passkey_challenge(rq, PASSKEY_SIGN_IN);
	buf_addz(&rq->out, ",\"rpId\":");
	json_str(&rq->out, rq->host);
	buf_printf(&rq->out, ",\"timeout\":%d,\"userVerification\":\"required\",\"allowCredentials\":[]}",
	    PASSKEY_LASTS_S * 1000);
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
is_right(struct rq *rq, struct answer *said, struct owner *who, struct str *challenge, int64_t *count)
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
	    !passkey_challenge_good(rq, PASSKEY_SIGN_IN, *challenge))
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

/* The passkey was right: the session.  Returns the status. */
static int
begin(struct rq *rq, const struct owner *who, struct str challenge, int64_t count)
{
	int first;

	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	if ((first = is_first(rq, who, challenge, count)) == 0) {
		db_rollback(rq->w->db);
		return (refuse(rq));
	}
	if (first == -1 || throttle_right(rq, who->user_id) == -1 ||
	    session_begin(rq, who->user_id, who->password, true) == -1)
		return (problem_status(rq->problem));
	return (session_get(rq));
}

/* POST /api/v1/session/passkey {"credential","user_handle","client_data","authenticator_data","signature"}  signs in on
 * this host; answers who one is, as a password does. */
int
session_passkey(struct rq *rq)
{
	struct answer said;
	const struct body_text texts[] = {{"credential", 1400, &said.credential}, {"user_handle", 100, &said.handle},
	    {"client_data", 5500, &said.client}, {"authenticator_data", 2000, &said.authenticator},
	    {"signature", 800, &said.signature}};
	struct str challenge;
	struct owner who;
	int64_t count;
	int right;

	if (!session_safe(rq))
		return (problem(rq, P_forbidden, "signing in needs https"));
	if (body_texts(rq, texts, 5) == -1 || enter(rq, said.credential) == -1 ||
	    (right = is_right(rq, &said, &who, &challenge, &count)) == -1)
		return (problem_status(rq->problem));
	return (right ? begin(rq, &who, challenge, count) : refuse(rq));
}
