#include "core/throttle.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/conf.h"
#include "core/query.h"
#include "core/seal.h"

/* Requests that are let in at the same moment do not see each other's failures: the gate of
 * passwords (core/gate.h) bounds how many those are. */

static void
arg_mac(struct rq *rq, const char *name, const char *purpose, struct str text)
{
	unsigned char *mac = arena_alloc(rq->a, 32);

	seal_mac(purpose, text, mac);
	arg_bytes(rq, name, mac, 32);
}

/* The part of the address that one subscriber has: whoever has one IPv6 address has 2^64 of them. */
static struct str
network(struct rq *rq)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	unsigned char *ip = arena_alloc(rq->a, 16);
	const char *text = arena_str(rq->a, rq->address).p;

	if (inet_pton(AF_INET, text, ip) == 1)
		return ((struct str){(const char *)ip, 4});
	if (inet_pton(AF_INET6, text, ip) != 1)
		return (rq->address);
	if (memcmp(ip, mapped, sizeof(mapped)) == 0)
		return ((struct str){(const char *)ip + 12, 4});
	return ((struct str){(const char *)ip, 8});
}

/* This machine itself, as nginx.conf means it: a front end of its own or a proxy may bring everybody from there. */
static bool
is_here(const struct rq *rq)
{

	return (str_eqz(rq->address, "127.0.0.1") || str_eqz(rq->address, "::1"));
}

void
throttle_address(struct rq *rq)
{

	arg_mac(rq, "address_hash", "address", network(rq));
}

struct wait {
	int64_t wait;
};
static const struct col wait_cols[] = {COL_I_(wait, wait)};

/* 0, or -1 with the problem set where there are seconds left to wait. */
static int
wait_over(struct rq *rq, enum problem p, int64_t wait)
{

	if (wait <= 0)
		return (0);
	rq_header(rq, "Retry-After", arena_printf(rq->a, "%lld", (long long)wait));
	problem(rq, p, "try again in %lld seconds", (long long)wait);
	return (-1);
}

/* How many may be wrong from there before the next one has to wait. */
static int64_t
free_here(const struct rq *rq)
{

	return (is_here(rq) ? INT32_MAX : conf_int(CONF_free_address));
}

int
throttle_enter(struct rq *rq, struct str account, bool known)
{
	struct wait row;
	struct str from = network(rq);
	struct buf pair;
	int rc;

	buf_init(&pair, rq->a, 4096);
	buf_add(&pair, account);
	buf_char(&pair, '\n'); /* in no account's text */
	buf_add(&pair, from);
	arg_mac(rq, "pair_hash", "account and address", buf_str(&pair));
	arg_mac(rq, "account_hash", "account", account);
	arg_int(rq, "known", known);
	arg_int(rq, "free_pair", conf_int(CONF_free_pair));
	arg_int(rq, "free_account", conf_int(CONF_free_account));
	arg_int(rq, "free_address", free_here(rq));
	rc = query_row_system(rq, Q_attempt_wait, COLS(wait_cols), &row);
	return (rc != 1 ? -1 : wait_over(rq, P_too_many, row.wait));
}

int
throttle_key(struct rq *rq)
{
	struct wait row;

	throttle_address(rq);
	arg_int(rq, "free_address", free_here(rq));
	arg_int(rq, "forget", conf_int(CONF_forget));
	if (query_row_system(rq, Q_attempt_wait_key, COLS(wait_cols), &row) != 1 ||
	    wait_over(rq, P_too_many_keys, row.wait) == -1)
		return (-1);
	return (query_run_system(rq, Q_attempt_wrong_key) == -1 ? -1 : 0);
}

int
throttle_wrong(struct rq *rq)
{
	int64_t n;

	arg_int(rq, "forget", conf_int(CONF_forget));
	n = query_run_system(rq, Q_attempt_wrong);
	return (n == -1 ? -1 : 0);
}

int
throttle_right(struct rq *rq, int64_t user_id)
{

	arg_int(rq, "user_id", user_id);
	return (query_run_system(rq, Q_attempt_right) == -1 || query_run_system(rq, Q_known_insert) == -1 ? -1 : 0);
}
