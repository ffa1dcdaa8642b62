#include "core/password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/body.h"
#include "core/query.h"
#include "core/throttle.h"

#define DIGITS 40 /* of a SHA-1 in hex */
#define CHUNK 256 /* more than two lines of the list */

/* The line that begins at or behind `at`: its digits into text and its beginning into *start.
 * 1, 0 behind the last line, -1 (logged) where the file cannot be read or is no such list. */
static int
line_at(int fd, off_t at, char text[DIGITS], off_t *start)
{
	char chunk[CHUNK];
	ssize_t n = pread(fd, chunk, sizeof(chunk), at == 0 ? 0 : at - 1);
	const char *line = chunk, *end;

	if (n == -1) {
		log_error("password", "%s: %s", conf_text(CONF_password_list), strerror(errno));
		return (-1);
	}
	end = chunk + n;
	if (at > 0) {
		line = n == 0 ? NULL : memchr(chunk, '\n', (size_t)n);
		line = line == NULL ? end : line + 1;
	}
	*start = (at == 0 ? 0 : at - 1) + (line - chunk);
	if (line == end && n < CHUNK)
		return (0);
	for (int i = 0; i < DIGITS; i++)
		if (line + i >= end || strchr("0123456789ABCDEFabcdef", line[i]) == NULL || line[i] == '\0') {
			log_error("password", "%s: at byte %lld is no SHA-1", conf_text(CONF_password_list),
			    (long long)*start);
			return (-1);
		}
	memcpy(text, line, DIGITS);
	return (1);
}

/* 1 where the list has these digits, 0, or -1 (logged). */
static int
find(int fd, const char wanted[DIGITS])
{
	off_t low = 0, high, start;
	char text[DIGITS];
	struct stat st;

	if (fstat(fd, &st) == -1) {
		log_error("password", "%s: %s", conf_text(CONF_password_list), strerror(errno));
		return (-1);
	}
	high = st.st_size;
	while (low < high) {
		off_t middle = low + (high - low) / 2;
		int order, rc = line_at(fd, middle, text, &start);

		if (rc == -1)
			return (-1);
		if (rc == 0 || (order = strncasecmp(text, wanted, DIGITS)) > 0)
			high = middle;
		else if (order == 0)
			return (1);
		else
			low = start + DIGITS;
	}
	return (0);
}

static int
open_list(void)
{
	int fd = open(conf_text(CONF_password_list), O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		log_error("password", "%s: %s", conf_text(CONF_password_list), strerror(errno));
	return (fd);
}

int
password_init(void)
{
	char text[DIGITS];
	off_t start;
	int fd, rc;

	if (conf_text(CONF_password_list)[0] == '\0')
		return (0);
	if ((fd = open_list()) == -1)
		return (-1);
	rc = line_at(fd, 0, text, &start);
	close(fd);
	return (rc == -1 ? -1 : 0);
}

static int
listed_as(int fd, struct str password)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char hash[20];
	char wanted[DIGITS];

	crypt_sha1(password, hash);
	for (size_t i = 0; i < sizeof(hash); i++) {
		wanted[2 * i] = hex[hash[i] >> 4];
		wanted[2 * i + 1] = hex[hash[i] & 15];
	}
	return (find(fd, wanted));
}

/* Is it on the list, as it is or in small letters?  1, 0, or -1 (logged). */
static int
listed(struct arena *a, struct str password)
{
	char *small = arena_alloc(a, password.n + 1);
	int fd, rc;

	if (conf_text(CONF_password_list)[0] == '\0')
		return (0);
	if ((fd = open_list()) == -1)
		return (-1);
	for (size_t i = 0; i < password.n; i++) {
		char c = password.p[i];

		small[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	if ((rc = listed_as(fd, password)) == 0)
		rc = listed_as(fd, (struct str){small, password.n});
	close(fd);
	return (rc);
}

int
password_allowed(struct rq *rq, struct str pointer, struct str password, struct str email, struct str current)
{
	int on_list = 0;

	if (str_chars(password) < PASSWORD_MIN || str_chars(password) > PASSWORD_MAX)
		problem_field(
		    rq, P_invalid, pointer, "length", "it needs %d to %d characters", PASSWORD_MIN, PASSWORD_MAX);
	else if (str_eq_nocase(password, email))
		problem_field(rq, P_invalid, pointer, "email", "%s", "it is the e-mail address");
	else if (str_eq(password, current))
		problem_field(rq, P_invalid, pointer, "same", "%s", "it is the present password");
	else if ((on_list = listed(rq->a, password)) == 1)
		problem_field(rq, P_invalid, pointer, "listed", "%s", "it is on a list of known passwords");
	else if (on_list == -1)
		problem(rq, P_internal, "%s", "");
	return (rq->problem != P_none ? -1 : 0);
}

static int
enter(struct rq *rq, enum gate_queue queue)
{
	int slot = gate_enter(queue);

	if (slot == -1) {
		rq_header(rq, "Retry-After", S("2"));
		problem(rq, P_busy_sign_in, "try again in a few seconds");
	}
	return (slot);
}

int
password_right(struct rq *rq, enum gate_queue queue, struct str password, struct str hash)
{
	int slot = enter(rq, queue), right;

	if (slot == -1)
		return (-1);
	right = crypt_verify(password, hash);
	gate_leave(queue, slot);
	return (right == 1); /* a malformed hash is logged, and nobody's */
}

struct secret {
	struct str email, password;
};
static const struct col secret_cols[] = {COL_S(secret, email), COL_S_(secret, password)};

int
password_again(struct rq *rq, struct str *email)
{
	struct str password;
	const struct body_text texts[] = {{"password", PASSWORD_MAX, &password}};
	struct secret user;
	int right;

	arg_int(rq, "user_id", rq->who.id);
	throttle_address(rq);
	if (body_texts(rq, texts, 1) == -1 ||
	    throttle_enter(rq, arena_printf(rq->a, "user %lld", (long long)rq->who.id), false) == -1 ||
	    (right = query_row_system(rq, Q_user_secret, COLS(secret_cols), &user)) == -1)
		return (problem_status(rq->problem));
	if (right == 0)
		return (problem(rq, P_not_signed_in, "%s", ""));
	*email = user.email;
	if ((right = password_right(rq, GATE_KNOWN, password, user.password)) == 0 && throttle_wrong(rq) == 0) {
		problem_field(rq, P_invalid, S("/password"), "wrong", "%s", "it is not the present password");
		rq->audit_refusal = true;
	}
	return (right == 1 ? 0 : problem_status(rq->problem));
}

int
password_hash(struct rq *rq, struct str password, char out[CRYPT_HASH_SIZE])
{
	int slot = enter(rq, GATE_KNOWN), rc;

	if (slot == -1)
		return (-1);
	rc = crypt_password(password, out);
	gate_leave(GATE_KNOWN, slot);
	if (rc == -1)
		problem(rq, P_busy_sign_in, "try again in a few seconds");
	return (rc);
}
