#include "core/totp.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "core/query.h"
#include "core/seal.h"

#define DIGITS 6
#define RECOVERY_CODES 10
#define RECOVERY_BYTES 10 /* 80 bits: 16 letters and digits, beyond guessing even without a slow hash */
#define RECOVERY_CHARS 16

_Static_assert(TOTP_SEALED == TOTP_SECRET + CRYPT_BOX_MORE, "a sealed secret");

int
totp_digits(struct str secret, int64_t step)
{
	unsigned char counter[8], mac[20];
	const unsigned char *p;

	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	crypt_hmac_sha1(secret, (struct str){(const char *)counter, 8}, mac);
	p = mac + (mac[19] & 15);
	return ((int)((((unsigned)p[0] & 127) << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3]) % 1000000));
}

int64_t
totp_step(struct str secret, struct str digits, int64_t now_s)
{
	const int64_t now = now_s / TOTP_STEP_S;
	int64_t found = -1;
	char right[16];

	if (digits.n != DIGITS)
		return (-1);
	for (int64_t step = now - 1; step <= now + 1; step++) {
		snprintf(right, sizeof(right), "%06d", totp_digits(secret, step));
		if (crypt_equal(right, digits.p, DIGITS)) /* and on: the time says nothing of which */
			found = step;
	}
	return (found);
}

static struct str
bound_to(int64_t user_id, char text[24])
{

	snprintf(text, 24, "%lld", (long long)user_id);
	return (str_of(text));
}

void
totp_seal(int64_t user_id, const unsigned char secret[TOTP_SECRET], unsigned char sealed[TOTP_SEALED])
{
	unsigned char key[32];
	char text[24];

	seal_mac("key of totp secrets", S(""), key);
	crypt_box(key, bound_to(user_id, text), (struct str){(const char *)secret, TOTP_SECRET}, sealed);
}

int
totp_open(int64_t user_id, struct str sealed, unsigned char secret[TOTP_SECRET])
{
	unsigned char key[32];
	char text[24];

	seal_mac("key of totp secrets", S(""), key);
	if (sealed.n == TOTP_SEALED && crypt_box_open(key, bound_to(user_id, text), sealed, secret) == 0)
		return (0);
	log_error("totp", "the secret of user %lld cannot be opened", (long long)user_id);
	return (-1);
}

/* The hash of a recovery code as :code_hash; people may type it in capitals and with hyphens or blanks. */
static void
arg_recovery(struct rq *rq, int64_t user_id, struct str code)
{
	unsigned char *mac = arena_alloc(rq->a, 32);
	struct buf b;

	buf_init(&b, rq->a, 1024);
	buf_printf(&b, "%lld ", (long long)user_id);
	for (size_t i = 0; i < code.n; i++)
		if (code.p[i] != '-' && code.p[i] != ' ')
			buf_char(&b, code.p[i] >= 'A' && code.p[i] <= 'Z' ? (char)(code.p[i] + 32) : code.p[i]);
	seal_mac("recovery code", buf_str(&b), mac);
	arg_bytes(rq, "code_hash", mac, 32);
}

int
totp_use(struct rq *rq, int64_t user_id, struct str sealed, struct str code)
{
	unsigned char secret[TOTP_SECRET];
	int64_t step, n;

	arg_int(rq, "user_id", user_id);
	if (code.n > DIGITS) {
		arg_recovery(rq, user_id, code);
		n = query_run_system(rq, Q_recovery_use);
	} else {
		if (totp_open(user_id, sealed, secret) == -1) {
			problem(rq, P_internal, "%s", "");
			return (-1);
		}
		step = totp_step((struct str){(const char *)secret, TOTP_SECRET}, code, date_now());
		arg_int(rq, "step", step);
		n = step == -1 ? 0 : query_run_system(rq, Q_totp_use);
	}
	return (n == -1 ? -1 : n == 1);
}

struct ways {
	int64_t code, passkey;
};
static const struct col ways_cols[] = {COL_I_(ways, code), COL_I_(ways, passkey)};

/* What the asker can prove the second step with on this host.  0, or -1 with the problem set. */
static int
find_ways(struct rq *rq, struct ways *ways)
{

	arg_int(rq, "user_id", rq->who.id);
	arg_text(rq, "host", rq->host);
	if (query_row_system(rq, Q_totp_ways, COLS(ways_cols), ways) == 1)
		return (0);
	problem(rq, P_internal, "%s", "");
	return (-1);
}

/* Returns the status. */
static int
say_needed(struct rq *rq, const struct ways *ways)
{

	if (ways->passkey)
		problem_field(rq, P_step_up_needed, S("/passkey"), "held", "%s",
		    "a passkey of yours does: POST /api/v1/session/step-up/passkey, then ask again");
	if (!ways->code)
		problem_field(rq, P_step_up_needed, S("/code"), "off", "%s",
		    "you have no second step: switch it on in your profile");
	return (problem(rq, P_step_up_needed, "POST /api/v1/session/step-up, then ask again"));
}

int
totp_needed(struct rq *rq)
{
	struct ways ways;

	return (find_ways(rq, &ways) == -1 ? problem_status(rq->problem) : say_needed(rq, &ways));
}

int
totp_first(struct rq *rq)
{
	struct ways ways;

	if (rq->who.proved)
		return (0);
	if (find_ways(rq, &ways) == -1)
		return (problem_status(rq->problem));
	return (ways.code ? say_needed(rq, &ways) : 0);
}

/* One more code.  0, or -1 with the problem set. */
static int
add_recovery(struct rq *rq)
{
	unsigned char random[RECOVERY_BYTES];
	struct buf code;

	crypt_random(random, sizeof(random));
	buf_init(&code, rq->a, 64);
	seal_base32(&code, random, sizeof(random));
	arg_recovery(rq, rq->who.id, buf_str(&code));
	for (size_t i = 0; i < RECOVERY_CHARS; i += 4) {
		buf_addz(&rq->out, i == 0 ? "\"" : "-");
		buf_add(&rq->out, (struct str){code.p + i, 4});
	}
	buf_char(&rq->out, '"');
	return (query_run_system(rq, Q_recovery_insert) == 1 ? 0 : -1);
}

int
totp_recovery(struct rq *rq)
{

	if (query_run_system(rq, Q_recovery_end) == -1)
		return (-1);
	buf_char(&rq->out, '[');
	for (int i = 0; i < RECOVERY_CODES; i++) {
		if (i > 0)
			buf_char(&rq->out, ',');
		if (add_recovery(rq) == -1)
			return (-1);
	}
	buf_char(&rq->out, ']');
	return (0);
}
