#include "core/passkey.h"

#include <stdio.h>

#include "base/base64url.h"
#include "base/date.h"
#include "core/query.h"
#include "core/seal.h"

#define TIME 8
#define RANDOM 16
#define HASH 32
#define AHEAD_S 60 /* another machine's clock */
#define HELD_MAX 100

_Static_assert(TIME + RANDOM + HASH == PASSKEY_CHALLENGE, "the parts of a challenge");

struct webauthn_site
passkey_site(const struct rq *rq)
{

	return ((struct webauthn_site){rq_origin(rq), rq->host});
}

/* The keyed hash of what a challenge begins with, for this purpose and request. */
static void
challenge_hash(const struct rq *rq, enum passkey_purpose purpose, const unsigned char begins[TIME + RANDOM],
    unsigned char hash[HASH])
{
	static const char *const names[] = {
	    [PASSKEY_SIGN_IN] = "sign in\n", [PASSKEY_REGISTER] = "register\n", [PASSKEY_STEP_UP] = "step up\n"};
	struct buf b;

	buf_init(&b, rq->a, 2048);
	buf_add(&b, (struct str){(const char *)begins, TIME + RANDOM});
	buf_addz(&b, names[purpose]);
	buf_add(&b, rq->host);
	if (purpose != PASSKEY_SIGN_IN) {
		buf_printf(&b, "\n%lld\n", (long long)rq->who.id);
		buf_add(&b, rq->token);
	}
	seal_mac("passkey challenge", buf_str(&b), hash);
}

void
passkey_challenge(struct rq *rq, enum passkey_purpose purpose)
{
	unsigned char challenge[PASSKEY_CHALLENGE];
	const uint64_t now = (uint64_t)date_now();

	for (int i = 0; i < TIME; i++)
		challenge[i] = (unsigned char)(now >> (56 - 8 * i));
	crypt_random(challenge + TIME, RANDOM);
	challenge_hash(rq, purpose, challenge, challenge + TIME + RANDOM);
	passkey_text(rq, (struct str){(const char *)challenge, sizeof(challenge)});
}

bool
passkey_challenge_good(const struct rq *rq, enum passkey_purpose purpose, struct str challenge)
{
	const unsigned char *p = (const unsigned char *)challenge.p;
	const int64_t now = date_now();
	unsigned char hash[HASH];
	uint64_t made = 0;

	if (challenge.n != PASSKEY_CHALLENGE)
		return (false);
	challenge_hash(rq, purpose, p, hash);
	if (!crypt_equal(hash, p + TIME + RANDOM, HASH))
		return (false);
	for (int i = 0; i < TIME; i++)
		made = made << 8 | p[i];
	return ((int64_t)made <= now + AHEAD_S && (int64_t)made > now - PASSKEY_LASTS_S);
}

int
passkey_challenge_use(struct rq *rq, struct str challenge)
{
	unsigned char *hash = arena_alloc(rq->a, HASH);
	int64_t n;

	crypt_sha256(challenge, hash);
	arg_bytes(rq, "challenge_hash", hash, HASH);
	n = query_run_system(rq, Q_passkey_challenge_use);
	return (n == -1 ? -1 : n == 1);
}

void
passkey_handle(int64_t user_id, unsigned char handle[PASSKEY_HANDLE])
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)user_id);
	seal_mac("passkey user handle", str_of(text), handle);
}

struct held {
	struct str credential_id;
};
static const struct col held_cols[] = {COL_S_(held, credential_id)};

int64_t
passkey_write_held(struct rq *rq)
{
	struct held *held;
	int64_t n;

	arg_int(rq, "user_id", rq->who.id);
	arg_text(rq, "host", rq->host);
	n = query_rows_system(rq, Q_passkey_held, COLS(held_cols), sizeof(*held), HELD_MAX, (void **)&held);
	buf_char(&rq->out, '[');
	for (int64_t i = 0; i < n; i++) {
		buf_addz(&rq->out, i == 0 ? "" : ",");
		buf_addz(&rq->out, "{\"type\":\"public-key\",\"id\":");
		passkey_text(rq, held[i].credential_id);
		buf_char(&rq->out, '}');
	}
	buf_char(&rq->out, ']');
	return (n);
}

void
passkey_text(struct rq *rq, struct str bytes)
{

	buf_char(&rq->out, '"');
	base64url_add(&rq->out, bytes);
	buf_char(&rq->out, '"');
}
