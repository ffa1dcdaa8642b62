#include "base/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE 2048

/* JSON text without quotes; what does not fit is cut. */
static size_t
escape(char *to, size_t room, const char *from)
{
	size_t n = 0;

	for (; *from != '\0' && n + 6 < room; from++) {
		if (*from == '"' || *from == '\\')
			to[n++] = '\\';
		to[n++] = (unsigned char)*from < 0x20 ? ' ' : *from;
	}
	to[n] = '\0';
	return (n);
}

static void
line(const char *level, const char *what, const char *fmt, va_list ap)
{
	char text[LINE / 2], safe[LINE], out[LINE + 256], at[32];
	time_t now = time(NULL);
	struct tm tm;
	int n;

	gmtime_r(&now, &tm);
	strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &tm);
	vsnprintf(text, sizeof(text), fmt, ap);
	escape(safe, sizeof(safe), text);
	n = snprintf(out, sizeof(out),
	    "{\"at\":\"%s\",\"level\":\"%s\",\"what\":\"%s\",\"detail\":\"%s\",\"pid\":%d}\n", at, level, what, safe,
	    (int)getpid());
	if (n > 0 && write(STDERR_FILENO, out, (size_t)n < sizeof(out) ? (size_t)n : sizeof(out) - 1) == -1)
		return; /* there is nowhere left to say it */
}

void
log_error(const char *what, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line("error", what, fmt, ap);
	va_end(ap);
}

void
log_info(const char *what, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line("info", what, fmt, ap);
	va_end(ap);
}

void
log_as(bool error, const char *what, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line(error ? "error" : "info", what, fmt, ap);
	va_end(ap);
}
