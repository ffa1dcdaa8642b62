/* The settings, read once at start from a file of `key = value` lines; `#` begins a comment. */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdint.h>

enum conf_key {
#define CONF(key, type, value, help) CONF_##key,
#include "base/conf.def"
#undef CONF
	CONF__MAX
};

/* 0, or -1 after saying on stderr which line is wrong and why. */
int conf_load(const char *file);

/* The value; "" where the default is empty.  Lives for ever. */
const char *conf_text(enum conf_key k);
int64_t conf_int(enum conf_key k);

/* The first line of the file that a *_file key names, or "" where the key is empty.
 * Read once; NULL after saying on stderr that it cannot be read. */
const char *conf_secret(enum conf_key k);

/* Every key with its default and help, to stdout. */
void conf_help(void);

#endif
