#include "core/api_key.h"

#include <string.h>

#include "core/query.h"
#include "core/session.h"
#include "core/throttle.h"
#include "wire/crypt.h"

#define BEGINS "apk_" /* says nothing of what runs here, but what it is to whoever finds one in a wrong place */
#define FRESH_S 300   /* how old the note of the last use may be */

struct key_row {
	int64_t key_id, id, tenant_id, role_id, more_roles, level, version, stale;
};
static const struct col key_cols[] = {COL_I_(key_row, key_id), COL_I_(key_row, id), COL_I_(key_row, tenant_id),
    COL_I_(key_row, role_id), COL_I_(key_row, more_roles), COL_I_(key_row, level), COL_I_(key_row, version),
    COL_I_(key_row, stale)};

static void
arg_hash(struct rq *rq, struct str secret)
{
	unsigned char *hash = arena_alloc(rq->a, 32);

	crypt_sha256(secret, hash);
	arg_bytes(rq, "token_hash", hash, 32);
}

int
api_key_refused(struct rq *rq)
{

	rq_header(rq, "WWW-Authenticate", S("Bearer error=\"invalid_token\""));
	problem(rq, P_key_refused, "%s", "");
	return (-1);
}

/* The key, of a connection on which it may travel.  0, or -1 with the problem set. */
static int
read_key(struct rq *rq, struct str *key)
{
	static const char scheme[] = "bearer ";

	for (size_t i = 0; i < sizeof(scheme) - 1; i++)
		if ((rq->authorization.p[i] | 32) != scheme[i])
			return (api_key_refused(rq));
	if (rq->cookie.n > 0) {
		/* Which of the two is meant is not guessed. */
		problem(rq, P_bad_request, "it comes with a cookie and a key: send one of them");
		return (-1);
	}
	if (!session_safe(rq)) {
		problem(rq, P_key_refused, "a key travels over https only; this one was seen by others, so end it");
		return (-1);
	}
	*key = (struct str){rq->authorization.p + sizeof(scheme) - 1, rq->authorization.n - (sizeof(scheme) - 1)};
	return (0);
}

int
api_key_find(struct rq *rq, struct who *who, struct asker *asker)
{
	struct key_row row;
	struct str key;
	int rc = 0;

	if (read_key(rq, &key) == -1)
		return (-1);
	arg_hash(rq, key);
	arg_text(rq, "host", rq->host);
	arg_int(rq, "fresh", FRESH_S);
	if (key.n == API_KEY_LENGTH && (rc = query_row_system(rq, Q_api_key_asker, COLS(key_cols), &row)) == -1)
		return (-1);
	if (rc == 0)
		return (throttle_key(rq) == -1 ? -1 : api_key_refused(rq));
	arg_int(rq, "key_id", row.key_id);
	if (row.stale && query_run_system(rq, Q_api_key_seen) == -1)
		return (-1);
	*asker = (struct asker){row.id, row.role_id, row.tenant_id, (int)row.level, row.more_roles != 0};
	*who = (struct who){.id = row.id,
	    .tenant_id = row.tenant_id,
	    .role_id = row.role_id,
	    .level = (int)row.level,
	    .version = row.version,
	    .key = row.key_id};
	return (0);
}

struct str
api_key_new(struct rq *rq)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char random[(API_KEY_LENGTH - sizeof(BEGINS)) / 2];
	char *key = arena_alloc(rq->a, API_KEY_LENGTH);
	size_t n = sizeof(BEGINS) - 1;

	crypt_random(random, sizeof(random));
	memcpy(key, BEGINS, n);
	for (size_t i = 0; i < sizeof(random); i++) {
		if (n == API_KEY_PREFIX)
			key[n++] = '_';
		key[n++] = hex[random[i] >> 4];
		key[n++] = hex[random[i] & 15];
	}
	arg_hash(rq, (struct str){key, API_KEY_LENGTH});
	arg_text(rq, "prefix", (struct str){key, API_KEY_PREFIX});
	return ((struct str){key, API_KEY_LENGTH});
}
