#include "core/session.h"

#include <string.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/api_key.h"
#include "core/query.h"
#include "core/view.h"
#include "core/worker.h"

#define TOKEN_HEX 64
#define SEEN_S 300 /* how old the note of the last use may be */

struct session_row {
	int64_t id, tenant_id, customer_id, group_head, role_id, more_roles, view_id, level, version, left, age, idle,
	    proved;
};
static const struct col session_cols[] = {COL_I(session_row, id), COL_I_(session_row, tenant_id),
    COL_I_(session_row, customer_id), COL_I_(session_row, group_head), COL_I_(session_row, role_id),
    COL_I_(session_row, more_roles), COL_I_(session_row, view_id), COL_I_(session_row, level),
    COL_I_(session_row, version), COL_I_(session_row, left), COL_I_(session_row, age), COL_I_(session_row, idle),
    COL_I_(session_row, proved)};

/* __Host- binds the cookie to the host and to TLS; browsers refuse it without.  The name says nothing of
 * what runs here: a reseller's host shows no brand but its own. */
static struct str
cookie_name(const struct rq *rq)
{

	return (rq->https ? S("__Host-session") : S("session"));
}

static struct str
cookie_token(const struct rq *rq)
{
	struct str rest = rq->cookie, pair, value, name = cookie_name(rq);

	while (rest.n > 0) {
		pair = str_cut(rest, ';', &rest);
		while (pair.n > 0 && pair.p[0] == ' ')
			pair.p++, pair.n--;
		if (str_eq(str_cut(pair, '=', &value), name) && value.n == TOKEN_HEX)
			return (value);
	}
	return ((struct str){NULL, 0});
}

static void
arg_token(struct rq *rq, struct str token)
{
	unsigned char *hash = arena_alloc(rq->a, 32);

	crypt_sha256(token, hash);
	arg_bytes(rq, "token_hash", hash, 32);
}

bool
session_safe(const struct rq *rq)
{

	return (rq->https || str_starts(rq->address, S("127.")) || str_eqz(rq->address, "::1"));
}

/* The limits of the user's kind, in seconds. */
static int64_t
idle_limit(const struct who *who)
{

	return (conf_int(who->customer_id != 0 ? CONF_idle_customer
		: who->level > 0               ? CONF_idle_reseller
					       : CONF_idle_provider));
}

static int64_t
longest_limit(const struct who *who)
{

	return (conf_int(who->customer_id != 0 ? CONF_longest_customer
		: who->level > 0               ? CONF_longest_reseller
					       : CONF_longest_provider));
}

/* Is it time to note that the session is used?  Often enough that the limit is kept to a sixth. */
static bool
is_stale(const struct session_row *row, const struct who *who)
{
	const int64_t sixth = idle_limit(who) / 6;

	return (row->idle > (sixth < SEEN_S ? sixth : SEEN_S));
}

void
session_limits(struct rq *rq)
{

	arg_int(rq, "idle", idle_limit(&rq->who));
	arg_int(rq, "longest", longest_limit(&rq->who));
}

/* 0, or -1 with the problem set. */
static int
load_rights(struct rq *rq, int64_t version, const struct asker *who)
{
	bool any = false;

	rq->who.rights = rights_of(rq->w->rights, rq->w->db, rq->a, version, who, &rq->who.portal);
	if (rq->who.rights == NULL) {
		rq->who = (struct who){0};
		rq->again = true;
		problem(rq, P_no_database, "try again in a few seconds");
		return (-1);
	}
	for (int a = 0; a < ACT__MAX; a++)
		any = any || may_act(rq->who.rights, (enum action)a);
	if (!any)
		rq->who = (struct who){0}; /* roles that say nothing let nobody in */
	return (0);
}

/* rq->who becomes who, with the rights of this moment, or nobody where there are none.  0, or -1 with the problem set. */
static int
settle(struct rq *rq, const struct who *who, const struct asker *asker)
{

	if (tree_refresh(rq->w->tree, rq->w->db, rq->a, who->version) == -1) {
		rq->again = true;
		problem(rq, P_no_database, "try again in a few seconds");
		return (-1);
	}
	rq->who = *who;
	return (load_rights(rq, who->version, asker));
}

static struct asker
asker_of(const struct session_row *row)
{

	return ((struct asker){row->id, row->role_id, row->tenant_id, (int)row->level, row->more_roles != 0});
}

/* Fills rq->who from rq->token; *left: the seconds until its end, 0 where it is no good session.  0, or -1. */
static int
load(struct rq *rq, int64_t *left)
{
	struct session_row row;
	struct who who = {.id = 0};
	struct asker asker;
	int rc;

	*left = 0;
	arg_token(rq, rq->token);
	arg_text(rq, "host", rq->host);
	rc = query_row_system(rq, Q_user_session, COLS(session_cols), &row);
	if (rc == 1)
		who = (struct who){.id = row.id,
		    .tenant_id = row.tenant_id,
		    .customer_id = row.customer_id,
		    .group_head = row.group_head != 0,
		    .role_id = row.role_id,
		    .level = (int)row.level,
		    .version = row.version,
		    .proved = row.proved < conf_int(CONF_step_up)};
	if (rc == 1 && (row.left <= 0 || row.age >= longest_limit(&who) || row.idle >= idle_limit(&who)))
		rc = 0;
	if (rc == 1 && is_stale(&row, &who) && query_run_system(rq, Q_session_seen) == -1)
		rc = -1;
	if (rc != 1)
		return (rc);
	asker = asker_of(&row);
	*left = row.left;
	if (settle(rq, &who, &asker) == -1)
		return (-1);
	return (rq->who.id == 0 || row.view_id == 0 ? 0 : view_enter(rq, row.view_id));
}

/* Fills rq->who from the key that a program came with.  0, or -1 with the problem set. */
static int
load_key(struct rq *rq)
{
	struct asker asker;
	struct who who;

	if (api_key_find(rq, &who, &asker) == -1 || settle(rq, &who, &asker) == -1)
		return (-1);
	return (rq->who.id == 0 ? api_key_refused(rq) : 0);
}

int
session_load(struct rq *rq)
{
	int64_t left;

	if (api_key_given(rq))
		return (load_key(rq));
	rq->token = cookie_token(rq);
	return (rq->token.n == 0 || !session_safe(rq) ? 0 : load(rq, &left));
}

/* Who asks, read again.  0, or -1 with the problem set. */
static int
find_again(struct rq *rq, struct asker *asker)
{
	struct session_row row;
	struct who who;
	int rc;

	if (rq->who.key != 0)
		return (api_key_find(rq, &who, asker));
	arg_token(rq, rq->token);
	arg_text(rq, "host", rq->host);
	rc = query_row_system(rq, Q_user_session, COLS(session_cols), &row);
	if (rc == 1)
		*asker = asker_of(&row);
	else if (rc == 0)
		problem(rq, P_not_signed_in, "%s", "");
	return (rc == 1 ? 0 : -1);
}

int
session_again(struct rq *rq)
{
	struct rights *rights = arena_alloc(rq->a, sizeof(*rights)), *before = arena_alloc(rq->a, sizeof(*before));
	struct asker who;

	if (find_again(rq, &who) == -1)
		return (-1);
	if (rights_now(rq->w->db, rq->a, &who, rights, before, &rq->who.portal) == -1) {
		query_failed(rq, "rights");
		return (-1);
	}
	rq->who.role_id = who.role_id;
	rq->who.rights = rights;
	rq->who.before = before;
	return (0);
}

static void
set_cookie(struct rq *rq, struct str token, int64_t max_age)
{

	rq_header(rq, "Set-Cookie",
	    arena_printf(rq->a, "%.*s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
		STR_ARG(cookie_name(rq)), STR_ARG(token), (long long)max_age, rq->https ? "; Secure" : ""));
}

static struct str
new_token(struct rq *rq)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char random[TOKEN_HEX / 2];
	char *token = arena_alloc(rq->a, TOKEN_HEX);

	crypt_random(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++) {
		token[2 * i] = hex[random[i] >> 4];
		token[2 * i + 1] = hex[random[i] & 15];
	}
	return ((struct str){token, TOKEN_HEX});
}

int
session_begin(struct rq *rq, int64_t user_id, struct str verified, bool proved)
{
	int64_t n, left;

	if (rq->token.n > 0 && session_end(rq) == -1)
		return (-1);
	rq->token = new_token(rq);
	arg_token(rq, rq->token);
	arg_int(rq, "user_id", user_id);
	arg_int(rq, "is_proved", proved);
	arg_text(rq, "host", rq->host);
	arg_text(rq, "verified", verified);
	arg_int(rq, "longest_provider", conf_int(CONF_longest_provider));
	arg_int(rq, "longest_reseller", conf_int(CONF_longest_reseller));
	arg_int(rq, "longest_customer", conf_int(CONF_longest_customer));
	n = query_run_system(rq, Q_session_insert);
	if (n == 0)
		problem(rq, P_not_signed_in, "%s", ""); /* the user or that password has gone in this moment */
	if (n != 1 || load(rq, &left) == -1)
		return (-1);
	rq->headers = S(""); /* the old session's end needs no cookie any more */
	set_cookie(rq, rq->token, left);
	return (0);
}

int
session_prove(struct rq *rq)
{
	unsigned char *hash = arena_alloc(rq->a, 32);
	int64_t n, left;

	arg_token(rq, rq->token);
	rq->token = new_token(rq);
	crypt_sha256(rq->token, hash);
	arg_bytes(rq, "new_hash", hash, 32);
	n = query_run_system(rq, Q_session_prove);
	if (n == 0)
		problem(rq, P_not_signed_in, "%s", "");
	if (n != 1 || load(rq, &left) == -1)
		return (-1);
	set_cookie(rq, rq->token, left);
	return (0);
}

int
session_end(struct rq *rq)
{

	if (rq->token.n > 0) {
		arg_token(rq, rq->token);
		if (query_run_system(rq, Q_session_delete) == -1)
			return (-1);
	}
	set_cookie(rq, S(""), 0);
	return (0);
}
