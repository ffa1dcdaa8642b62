/* One line of JSON an event to stderr, in one write.  Never a secret, never personal data. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

/* what: a fixed name of the event; the rest says what was wrong. */
void log_error(const char *what, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *what, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* An error, or for the record alone: what is tried again. */
void log_as(bool error, const char *what, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
