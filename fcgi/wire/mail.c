#include "wire/mail.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/date.h"
#include "base/log.h"

#define MESSAGE_MAX ((size_t)256 * 1024)
#define ADDRESS_MAX 200
#define WORD_BYTES 39 /* of text in an encoded word: 52 characters, so the first with "Subject: " stays in 76 */
#define LINE_BYTES 57 /* of text in a line of the body: 76 characters */
#define WAIT_S 40L    /* less than the first pause of the outbox */

static bool
is_letter_or_digit(char c)
{

	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
}

/* Only letters, digits and these signs, and not nothing. */
static bool
is_made_of(struct str s, const char *signs)
{

	for (size_t i = 0; i < s.n; i++)
		if (!is_letter_or_digit(s.p[i]) && (s.p[i] == '\0' || strchr(signs, s.p[i]) == NULL))
			return (false);
	return (s.n > 0);
}

bool
mail_address(struct str address)
{
	struct str domain, local = str_cut(address, '@', &domain);

	return (address.n <= ADDRESS_MAX && is_made_of(local, "!#$%&'*+/=?^_`{|}~.-") && is_made_of(domain, ".-"));
}

static void
base64(struct buf *out, struct str s)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		const size_t have = s.n - i < 3 ? s.n - i : 3;
		unsigned v = 0;

		for (size_t j = 0; j < 3; j++)
			v = v << 8 | (j < have ? (unsigned char)s.p[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			buf_char(out, j <= have ? alphabet[v >> (18 - 6 * j) & 63] : '=');
	}
}

/* The bytes up to a limit that end between two characters. */
static size_t
whole_characters(struct str s, size_t limit)
{
	size_t n = s.n < limit ? s.n : limit;

	while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return (n);
}

/* Text of a header: plain where that says the same, else as encoded words (RFC 2047).  in_phrase: beside an
 * address, where more signs have a meaning. */
static void
header_text(struct buf *out, struct str s, bool in_phrase)
{
	const char *plain = in_phrase ? " -" : " -_.,:;!?'()/&+";

	if (s.n <= WORD_BYTES && is_made_of(s, plain) && s.p[0] != ' ' && s.p[s.n - 1] != ' ') {
		buf_add(out, s);
		return;
	}
	while (s.n > 0) {
		const size_t n = whole_characters(s, WORD_BYTES);

		buf_addz(out, "=?UTF-8?B?");
		base64(out, (struct str){s.p, n});
		buf_addz(out, "?=");
		s = (struct str){s.p + n, s.n - n};
		if (s.n > 0)
			buf_addz(out, "\r\n ");
	}
}

/* Its encoding could carry more, but nothing of ours has more than a line. */
static bool
is_line(struct str s)
{

	return (s.n > 0 && str_is_line(s));
}

static void
headers(struct buf *out, const struct mail *m)
{
	const time_t now = date_now();
	char date[40];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	buf_printf(out, "Date: %s\r\nFrom: ", date);
	header_text(out, m->from_name, true);
	buf_printf(out, " <%.*s>\r\nTo: <%.*s>\r\nSubject: ", STR_ARG(m->from), STR_ARG(m->to));
	header_text(out, m->subject, false);
	buf_printf(out, "\r\nMessage-ID: <%.*s@%.*s>\r\n", STR_ARG(m->id), STR_ARG(m->host));
	buf_addz(out,
	    "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n");
}

/* Lines of a text end with CRLF, inside of base64 too. */
static struct str
with_crlf(struct arena *a, struct str text)
{
	struct buf b;

	buf_init(&b, a, MESSAGE_MAX);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			buf_char(&b, '\r');
		buf_char(&b, text.p[i]);
	}
	return (buf_failed(&b) ? S("") : buf_str(&b));
}

int
mail_write(struct buf *out, const struct mail *m)
{
	struct str text = with_crlf(out->a, m->text);

	if (!mail_address(m->from) || !mail_address(m->to) || !is_made_of(m->id, "") || !is_made_of(m->host, ".-") ||
	    !is_line(m->from_name) || !is_line(m->subject) || !str_is_text(m->text) || text.n == 0)
		return (-1);
	headers(out, m);
	for (size_t i = 0; i < text.n; i += LINE_BYTES) {
		base64(out, (struct str){text.p + i, text.n - i < LINE_BYTES ? text.n - i : LINE_BYTES});
		buf_addz(out, "\r\n");
	}
	return (buf_failed(out) ? -1 : 0);
}

/* ---- to a folder ---- */

/* 0, or -1 with errno. */
static int
write_all(int fd, struct str s)
{

	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return (-1);
		s = (struct str){s.p + n, s.n - (size_t)n};
	}
	return (fsync(fd));
}

/* Whole or not at all, under the message's id: sent twice, it is there once. */
static int
put(struct arena *a, struct str message, struct str id)
{
	const char *folder = conf_text(CONF_mail_dir);
	struct str name = arena_printf(a, "%s/%.*s.eml", folder, STR_ARG(id));
	struct str new = arena_printf(a, "%.*s.new", STR_ARG(name));
	int fd = open(new.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), rc;

	rc = fd == -1 ? -1 : write_all(fd, message);
	if (fd != -1 && close(fd) == -1)
		rc = -1;
	if (rc == 0)
		rc = rename(new.p, name.p);
	if (rc == -1)
		log_error("mail", "%s: %s", folder, strerror(errno));
	return (rc);
}

/* ---- to a server ---- */

static size_t
read_message(char *to, size_t size, size_t n, void *ctx)
{
	struct str *left = ctx;
	const size_t take = left->n < size * n ? left->n : size * n;

	memcpy(to, left->p, take);
	*left = (struct str){left->p + take, left->n - take};
	return (take);
}

/* On this machine there is nobody between; everywhere else the password and the links need TLS. */
static bool
is_here(const char *url)
{
	static const char *const here[] = {"smtp://127.0.0.1", "smtp://localhost", "smtp://[::1]"};

	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++) {
		const size_t n = strlen(here[i]);

		/* The whole host: localhost.example is somewhere else. */
		if (strncmp(url, here[i], n) == 0 && (url[n] == '\0' || url[n] == ':' || url[n] == '/'))
			return (true);
	}
	return (false);
}

/* The settings, with the host as what libcurl greets the server with, or our own machine would be named in
 * the headers of a brand's mail.  Where one option is refused, none is worth sending with. */
static bool
set_options(CURL *c, struct arena *a, const struct mail *m, struct str *message, const char *password)
{
	const char *url = conf_text(CONF_smtp_url), *user = conf_text(CONF_smtp_user),
		   *from = conf_text(CONF_mail_from);
	struct str sender = *from != '\0' ? str_of(from) : m->from;
	struct str to = arena_printf(a, "%s/%.*s", url, STR_ARG(m->host));
	CURLcode rc[] = {
	    curl_easy_setopt(c, CURLOPT_URL, to.p),
	    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
	    curl_easy_setopt(c, CURLOPT_USE_SSL, (long)(is_here(url) ? CURLUSESSL_TRY : CURLUSESSL_ALL)),
	    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L),
	    curl_easy_setopt(c, CURLOPT_TIMEOUT, WAIT_S),
	    curl_easy_setopt(c, CURLOPT_MAIL_FROM, arena_printf(a, "<%.*s>", STR_ARG(sender)).p),
	    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L),
	    curl_easy_setopt(c, CURLOPT_READFUNCTION, read_message),
	    curl_easy_setopt(c, CURLOPT_READDATA, message),
	    *user == '\0' ? CURLE_OK : curl_easy_setopt(c, CURLOPT_USERNAME, user),
	    *user == '\0' ? CURLE_OK : curl_easy_setopt(c, CURLOPT_PASSWORD, password),
	};

	for (size_t i = 0; i < sizeof(rc) / sizeof(rc[0]); i++)
		if (rc[i] != CURLE_OK)
			return (false);
	return (true);
}

static int
hand_over(struct arena *a, const struct mail *m, struct str message)
{
	const char *password = conf_secret(CONF_smtp_password_file);
	struct curl_slist *to = curl_slist_append(NULL, arena_printf(a, "<%.*s>", STR_ARG(m->to)).p);
	CURL *c = curl_easy_init();
	CURLcode rc = CURLE_FAILED_INIT;
	long said = 0;

	if (c != NULL && to != NULL && password != NULL && set_options(c, a, m, &message, password) &&
	    (rc = curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to)) == CURLE_OK)
		rc = curl_easy_perform(c);
	if (rc != CURLE_OK) {
		if (c != NULL)
			curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &said);
		/* Not the server's own words: they name the address. */
		log_error("mail", "%s: %s, last answer %ld", conf_text(CONF_smtp_url), curl_easy_strerror(rc), said);
	}
	curl_easy_cleanup(c);
	curl_slist_free_all(to);
	return (rc == CURLE_OK ? 0 : -1);
}

int
mail_init(void)
{

	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		return (0);
	log_error("mail", "libcurl cannot be used");
	return (-1);
}

int
mail_send(struct arena *a, const struct mail *m)
{
	struct buf b;

	buf_init(&b, a, MESSAGE_MAX);
	if (mail_write(&b, m) == -1) {
		log_error("mail", "%.*s: an address or a text that cannot be in a mail", STR_ARG(m->id));
		return (-1);
	}
	if (*conf_text(CONF_mail_dir) != '\0')
		return (put(a, buf_str(&b), m->id));
	if (*conf_text(CONF_smtp_url) != '\0')
		return (hand_over(a, m, buf_str(&b)));
	log_error("mail", "neither smtp_url nor mail_dir is set");
	return (-1);
}
