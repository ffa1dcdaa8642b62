/* The second step of signing in, of oneself: off, begun, on. */
#include "core/totp.h"

#include "base/date.h"
#include "core/body.h"
#include "core/password.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/session.h"
#include "core/throttle.h"
#include "core/worker.h"
#include "page/page.h"
#include "wire/qr.h"

struct secret {
	struct str email, password;
};
static const struct col secret_cols[] = {COL_S(secret, email), COL_S_(secret, password)};

struct kept {
	struct str secret;
	int64_t is_on;
};
static const struct col kept_cols[] = {COL_S_(kept, secret), COL_I_(kept, is_on)};

struct state {
	int64_t is_on, codes;
};
static const struct col state_cols[] = {COL_I_(state, is_on), COL_I_(state, codes)};

struct brand {
	struct str brand;
};
static const struct col brand_cols[] = {COL_S_(brand, brand)};

static int
row(struct rq *rq, enum query q, const struct col *cols, size_t n, void *out)
{
	int rc;

	arg_int(rq, "user_id", rq->who.id);
	rc = query_row_system(rq, q, cols, n, out);
	return (rc);
}

static int64_t
run(struct rq *rq, enum query q)
{
	int64_t n;

	arg_int(rq, "user_id", rq->who.id);
	n = query_run_system(rq, q);
	return (n);
}

/* May something be tried?  Counted with the tries of the present password.  0, or -1 with the problem set. */
static int
enter(struct rq *rq)
{

	rq->audit_object = rq->who.id;
	throttle_address(rq);
	return (throttle_enter(rq, arena_printf(rq->a, "user %lld", (long long)rq->who.id), false));
}

/* Counts what was wrong and says so.  Returns the status. */
static int
refuse(struct rq *rq, struct str pointer, const char *detail)
{

	if (throttle_wrong(rq) == 0) {
		problem_field(rq, P_invalid, pointer, "wrong", "%s", detail);
		rq->audit_refusal = true;
	}
	return (problem_status(rq->problem));
}

/* GET /api/v1/totp  is it on, and how many recovery codes are left? */
int
totp_get(struct rq *rq)
{
	struct state s;

	if (row(rq, Q_totp_state, COLS(state_cols), &s) != 1)
		return (problem(rq, P_internal, "%s", ""));
	buf_printf(&rq->out, "{\"on\":%s,\"recovery\":%lld}", s.is_on ? "true" : "false", (long long)s.codes);
	return (200);
}

/* The address that an authenticator reads: the brand's name and the user's, as both are shown there. */
static struct str
uri_of(struct rq *rq, struct str brand, struct str email, struct str secret)
{
	struct buf b;

	buf_init(&b, rq->a, 8192);
	buf_addz(&b, "otpauth://totp/");
	url_arg(&b, brand);
	buf_char(&b, ':');
	url_arg(&b, email);
	buf_addz(&b, "?secret=");
	buf_add(&b, secret);
	buf_addz(&b, "&issuer=");
	url_arg(&b, brand);
	buf_addz(&b, "&algorithm=SHA1&digits=6&period=30");
	return (buf_failed(&b) ? S("") : arena_str(rq->a, buf_str(&b)));
}

/* Base32 as authenticators want it: in capitals. */
static struct str
capitals(struct rq *rq, const unsigned char secret[TOTP_SECRET])
{
	struct buf b;

	buf_init(&b, rq->a, 64);
	seal_base32(&b, secret, TOTP_SECRET);
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] >= 'a')
			b.p[i] = (char)(b.p[i] - 32);
	return (buf_str(&b));
}

static int
write_secret(struct rq *rq, struct str uri, struct str text)
{
	struct buf path;
	int side;

	buf_init(&path, rq->a, 256 * 1024);
	if (uri.n == 0 || (side = qr_path(&path, uri.p)) == 0)
		return (problem(rq, P_internal, "no code of that size"));
	buf_addz(&rq->out, "{\"secret\":");
	json_str(&rq->out, text);
	buf_addz(&rq->out, ",\"uri\":");
	json_str(&rq->out, uri);
	buf_printf(&rq->out, ",\"qr\":{\"side\":%d,\"path\":", side);
	json_str(&rq->out, buf_str(&path));
	buf_addz(&rq->out, "}}");
	return (200);
}

/* POST /api/v1/totp {"password"}  a new secret, shown this once; nothing is asked for until a code of it has come. */
int
totp_begin(struct rq *rq)
{
	unsigned char secret[TOTP_SECRET], *sealed = arena_alloc(rq->a, TOTP_SEALED);
	struct brand b = {S("")};
	struct kept kept;
	struct str text, email;
	int status;

	rq->audit_object = rq->who.id;
	if ((status = password_again(rq, &email)) != 0)
		return (status);
	arg_text(rq, "host", rq->host);
	if (row(rq, Q_totp_brand, COLS(brand_cols), &b) == -1)
		return (problem_status(rq->problem));
	crypt_random(secret, sizeof(secret));
	totp_seal(rq->who.id, secret, sealed);
	text = capitals(rq, secret);
	arg_bytes(rq, "secret", sealed, TOTP_SEALED);
	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	if (throttle_right(rq, rq->who.id) == -1 || run(rq, Q_totp_begin) == -1 ||
	    row(rq, Q_totp_secret, COLS(kept_cols), &kept) != 1)
		return (rq->problem != P_none ? problem_status(rq->problem) : problem(rq, P_internal, "%s", ""));
	if (kept.is_on)
		return (problem(rq, P_conflict, "it is on already"));
	return (write_secret(rq, uri_of(rq, b.brand, email, text), text));
}

/* Switches on; all other sessions began with less and end, and this one is another from here on.  Returns the status. */
static int
switch_on(struct rq *rq, struct str sealed, int64_t step)
{
	struct secret user;
	int64_t n;

	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	arg_bytes(rq, "secret", sealed.p, sealed.n);
	arg_int(rq, "step", step);
	if ((n = run(rq, Q_totp_confirm)) == 0)
		problem(rq, P_conflict, "another secret was made in this moment");
	if (n != 1 || row(rq, Q_user_secret, COLS(secret_cols), &user) != 1 || run(rq, Q_session_end_all) == -1 ||
	    throttle_right(rq, rq->who.id) == -1 || session_begin(rq, rq->who.id, user.password, true) == -1)
		return (rq->problem != P_none ? problem_status(rq->problem) : problem(rq, P_not_signed_in, "%s", ""));
	arg_int(rq, "user_id", rq->who.id);
	buf_addz(&rq->out, "{\"recovery\":");
	if (totp_recovery(rq) == -1)
		return (problem_status(rq->problem));
	buf_char(&rq->out, '}');
	return (200);
}

/* POST /api/v1/totp/confirm {"code"}  switches it on; answers the recovery codes, this once. */
int
totp_confirm(struct rq *rq)
{
	unsigned char secret[TOTP_SECRET];
	struct str code;
	const struct body_text texts[] = {{"code", 20, &code}};
	struct kept kept;
	int64_t step;
	int found;

	if (body_texts(rq, texts, 1) == -1 || enter(rq) == -1 ||
	    (found = row(rq, Q_totp_secret, COLS(kept_cols), &kept)) == -1)
		return (problem_status(rq->problem));
	if (found == 0 || kept.is_on)
		return (problem(rq, P_conflict, "nothing is waiting for a code"));
	if (totp_open(rq->who.id, kept.secret, secret) == -1)
		return (problem(rq, P_internal, "%s", ""));
	step = totp_step((struct str){(const char *)secret, TOTP_SECRET}, code, date_now());
	if (step == -1)
		return (refuse(rq, S("/code"), "it is not the code of this moment"));
	return (switch_on(rq, kept.secret, step));
}

/* DELETE /api/v1/totp {"password"}  switches it off; the recovery codes go too.  The second step was proved a moment
 * ago (PROVED): whoever has the password and a session that was left open does not have it. */
int
totp_end(struct rq *rq)
{
	struct str email;
	int status;

	rq->audit_object = rq->who.id;
	if ((status = password_again(rq, &email)) != 0)
		return (status);
	if (db_begin(rq->w->db) == -1)
		return (query_failed(rq, "BEGIN"));
	return (throttle_right(rq, rq->who.id) == -1 || run(rq, Q_totp_end) == -1 || run(rq, Q_recovery_end) == -1
		? problem_status(rq->problem)
		: 204);
}
