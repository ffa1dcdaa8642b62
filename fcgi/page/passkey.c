/* The own passkeys: added, renamed, removed.  Signing in with one is in page/session_passkey.c. */
#include "core/passkey.h"

#include "base/base64url.h"
#include "core/body.h"
#include "core/password.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/throttle.h"
#include "core/totp.h"
#include "core/worker.h"
#include "page/page.h"

#define TEXT_OF(bytes) (((size_t)(bytes)*4 + 2) / 3) /* characters of base64url */
#define ATTESTATION_MAX 16384                        /* bytes; one of format "none" has a few hundred */

struct brand {
	struct str brand;
};
static const struct col brand_cols[] = {COL_S_(brand, brand)};

struct known {
	int64_t id;
};
static const struct col known_cols[] = {COL_I_(known, id)};

/* GET /api/v1/passkeys?cursor=  newest first */
int
passkey_list(struct rq *rq)
{

	return (query_list(rq, Q_passkey_list));
}

int
passkey_get(struct rq *rq)
{

	return (query_one(rq, Q_passkey_one));
}

/* Who it is for: what the authenticator shows, and whom it knows it as. */
static void
write_names(struct rq *rq, struct str brand, struct str email)
{
	unsigned char handle[PASSKEY_HANDLE];

	passkey_handle(rq->who.id, handle);
	buf_addz(&rq->out, ",\"rp\":{\"id\":");
	json_str(&rq->out, rq->host);
	buf_addz(&rq->out, ",\"name\":");
	json_str(&rq->out, brand);
	buf_addz(&rq->out, "},\"user\":{\"id\":");
	passkey_text(rq, (struct str){(const char *)handle, sizeof(handle)});
	buf_addz(&rq->out, ",\"name\":");
	json_str(&rq->out, email);
	buf_addz(&rq->out, ",\"displayName\":");
	json_str(&rq->out, email);
	buf_char(&rq->out, '}');
}

/* POST /api/v1/passkey-options {"password"}  what navigator.credentials.create wants, as its JSON form has it.  Where
 * the second step is on that is proved before: a passkey takes its place, so the password alone makes none. */
int
passkey_options(struct rq *rq)
{
	struct brand b = {S("")};
	struct str email;
	int status;

	rq->audit_object = rq->who.id;
	if ((status = totp_first(rq)) != 0 || (status = password_again(rq, &email)) != 0)
		return (status);
	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	arg_text(rq, "host", rq->host);
	if (throttle_right(rq, rq->who.id) == -1 || query_row_system(rq, Q_totp_brand, COLS(brand_cols), &b) == -1)
		return (problem_status(rq->problem));
	buf_addz(&rq->out, "{\"challenge\":");
	passkey_challenge(rq, PASSKEY_REGISTER);
	write_names(rq, b.brand, email);
	buf_printf(&rq->out,
	    ",\"pubKeyCredParams\":[{\"type\":\"public-key\",\"alg\":%d},{\"type\":\"public-key\",\"alg\":%d},"
	    "{\"type\":\"public-key\",\"alg\":%d}],\"timeout\":%d,\"attestation\":\"none\",\"authenticatorSelection\":{"
	    "\"residentKey\":\"required\",\"requireResidentKey\":true,\"userVerification\":\"required\"},"
	    "\"excludeCredentials\":",
	    CRYPT_ES256, CRYPT_EDDSA, CRYPT_RS256, PASSKEY_LASTS_S * 1000);
	if (passkey_write_held(rq) == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* What the browser says that an authenticator made, verified.  0 and *made, or -1 with what is wrong. */
static int
verify(struct rq *rq, struct str client, struct str attestation, struct webauthn_new *made)
{
	const struct webauthn_site site = passkey_site(rq);
	struct str challenge;
	const char *why;
	int fresh;

	if (base64url_open(rq->a, client, &client) == -1 || base64url_open(rq->a, attestation, &attestation) == -1)
		why = "encoding";
	else if ((why = webauthn_client(rq->a, &site, "webauthn.create", client, &challenge)) == NULL)
		why = passkey_challenge_good(rq, PASSKEY_REGISTER, challenge)
		    ? webauthn_created(&site, attestation, made)
		    : "challenge";
	if (why == NULL && (fresh = passkey_challenge_use(rq, challenge)) != 1) {
		if (fresh == -1)
			return (-1);
		why = "challenge";
	}
	if (why == NULL)
		return (0);
	problem_field(rq, P_invalid, S("/attestation"), why, "%s", "what the authenticator says cannot be accepted");
	return (-1);
}

/* Keeps it: 0, or -1 with the problem set. */
static int
keep(struct rq *rq, struct str name, const struct webauthn_new *made)
{
	struct known row;
	int64_t n;

	arg_int(rq, "user_id", rq->who.id);
	arg_bytes(rq, "credential_id", made->id.p, made->id.n);
	arg_bytes(rq, "public_key", made->key.p, made->key.n);
	arg_int(rq, "count", made->count);
	arg_text(rq, "host", rq->host);
	arg_text(rq, "name", name);
	if ((n = query_row_system(rq, Q_passkey_known, COLS(known_cols), &row)) == 1) {
		problem(rq, P_conflict, "this passkey is known already");
		return (-1);
	}
	if (n == -1 || (n = query_run_system(rq, Q_passkey_add)) == -1)
		return (-1);
	if (n == 0) {
		problem(rq, P_conflict, "there are as many passkeys as one can have: remove one first");
		return (-1);
	}
	if (query_row_system(rq, Q_passkey_known, COLS(known_cols), &row) != 1) {
		problem(rq, P_internal, "%s", "");
		return (-1);
	}
	rq->audit_object = row.id;
	return (0);
}

/* POST /api/v1/passkeys {"name","client_data","attestation"}  both in base64url, as the browser gives them. */
int
passkey_create(struct rq *rq)
{
	struct str name, client, attestation;
	const struct body_text texts[] = {{"name", 200, &name}, {"client_data", TEXT_OF(PASSKEY_CLIENT_MAX), &client},
	    {"attestation", TEXT_OF(ATTESTATION_MAX), &attestation}};
	struct webauthn_new made;
	struct buf id;
	int status;

	if (body_texts(rq, texts, 3) == -1)
		return (problem_status(rq->problem));
	if (!str_is_line(name) || str_is_blank(name)) {
		problem_field(rq, P_invalid, S("/name"), "text", "%s", "it is one line and not blank");
		return (problem_status(rq->problem));
	}
	if (verify(rq, client, attestation, &made) == -1 || keep(rq, name, &made) == -1)
		return (problem_status(rq->problem));
	buf_init(&id, rq->a, 64);
	seal_id(rq->w->key, RES_passkey, rq->audit_object, &id);
	rq->id_text = buf_str(&id);
	status = query_one(rq, Q_passkey_one);
	return (status == 200 ? 201 : status);
}

/* PATCH /api/v1/passkeys/:id {"name"} */
int
passkey_patch(struct rq *rq)
{

	if (query_id(rq, RES_passkey) == -1 || query_run(rq, Q_passkey_edit) == -1)
		return (problem_status(rq->problem));
	return (query_one(rq, Q_passkey_one));
}

/* DELETE /api/v1/passkeys/:id  sessions that began with it go on. */
int
passkey_delete(struct rq *rq)
{
	int64_t n;

	if (query_id(rq, RES_passkey) == -1 || (n = query_run(rq, Q_passkey_delete)) == -1)
		return (problem_status(rq->problem));
	return (n == 0 ? problem(rq, P_not_found, "%s", "") : 204);
}
