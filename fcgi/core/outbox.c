#include "core/outbox.h"

#include "core/query.h"
#include "core/seal.h"

const char *const outbox_kinds[OUTBOX__MAX] = {
    [OUTBOX_reset] = "reset", [OUTBOX_invitation] = "invitation", [OUTBOX_alert] = "alert"};

int
outbox_add(struct rq *rq, enum outbox_kind kind, struct str email, int64_t user_id)
{
	unsigned char *nonce = arena_alloc(rq->a, OUTBOX_NONCE);
	int64_t n;

	crypt_random(nonce, OUTBOX_NONCE);
	arg_text(rq, "kind", str_of(outbox_kinds[kind]));
	arg_text(rq, "host", rq->host);
	arg_text(rq, "origin", rq_origin(rq));
	arg_text(rq, "email", email);
	arg_bytes(rq, "nonce", nonce, OUTBOX_NONCE);
	if (user_id != 0)
		arg_int(rq, "user_id", user_id);
	else
		arg_null(rq, "user_id");
	n = query_run_system(rq, Q_outbox_insert);
	return (n == -1 ? -1 : 0);
}

/* The first n bytes of the keyed hash as letters and digits. */
static struct str
named(struct arena *a, const char *purpose, struct str nonce, size_t n)
{
	unsigned char mac[32];
	struct buf b;

	seal_mac(purpose, nonce, mac);
	buf_init(&b, a, 64);
	seal_base32(&b, mac, n);
	return (buf_str(&b));
}

struct str
outbox_token(struct arena *a, struct str nonce)
{

	return (named(a, "token of a link", nonce, 32));
}

struct str
outbox_message_id(struct arena *a, struct str nonce)
{

	return (named(a, "id of a message", nonce, 15));
}

void
outbox_token_hash(struct str token, unsigned char out[32])
{

	crypt_sha256(token, out);
}
