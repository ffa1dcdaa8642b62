#include "start.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/conf.h"
#include "base/date.h"
#include "base/str.h"
#include "core/statement.h"

/* "2026-06-01T10:00:00Z" */
static int
set_clock(const char *text)
{
	struct tm tm = {0};
	const char *end;

	if (*text == '\0')
		return (0);
	end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (end == NULL || *end != '\0') {
		fprintf(stderr, "clock = %s: expected 2026-06-01T10:00:00Z\n", text);
		return (-1);
	}
	date_clock_set(timegm(&tm));
	return (0);
}

int
start(const char *conf_file)
{

	signal(SIGPIPE, SIG_IGN); /* a reader that has gone is an error of write(), not the end */
	return (
	    conf_load(conf_file) == -1 || set_clock(conf_text(CONF_clock)) == -1 || statement_init() == -1 ? -1 : 0);
}
