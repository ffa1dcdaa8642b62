#include "base/conf.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum type { TEXT, INT, PATH };

static const struct {
	const char *key, *value, *help;
	enum type type;
} table[CONF__MAX] = {
#define CONF(key, type, value, help) [CONF_##key] = {#key, value, help, type},
#include "base/conf.def"
#undef CONF
};

static char *values[CONF__MAX];  /* written by conf_load, before any thread */
static char *secrets[CONF__MAX]; /* likewise by conf_secret */

static char *
trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		s[--n] = '\0';
	return (s);
}

/* 0, or a text that says what is wrong. */
static const char *
set(const char *key, const char *value)
{
	int64_t v;

	for (int k = 0; k < CONF__MAX; k++) {
		if (strcmp(table[k].key, key) != 0)
			continue;
		if (table[k].type == INT && str_int(str_of(value), &v) == -1)
			return ("needs a whole number");
		free(values[k]);
		if ((values[k] = strdup(value)) == NULL)
			return ("no memory");
		return (NULL);
	}
	return ("is no known key");
}

int
conf_load(const char *file)
{
	FILE *f = fopen(file, "re");
	char text[4096], *value, *key;
	const char *wrong;
	int line = 0, rc = 0;

	if (f == NULL) {
		fprintf(stderr, "%s: %s\n", file, strerror(errno));
		return (-1);
	}
	while (rc == 0 && fgets(text, sizeof(text), f) != NULL) {
		line++;
		key = trim(text);
		if (*key == '\0' || *key == '#')
			continue;
		if ((value = strchr(key, '=')) == NULL) {
			fprintf(stderr, "%s:%d: expected key = value\n", file, line);
			rc = -1;
			break;
		}
		*value++ = '\0';
		key = trim(key);
		if ((wrong = set(key, trim(value))) != NULL) {
			fprintf(stderr, "%s:%d: %s %s\n", file, line, key, wrong);
			rc = -1;
		}
	}
	if (fclose(f) != 0)
		rc = -1;
	return (rc);
}

const char *
conf_text(enum conf_key k)
{

	return (values[k] != NULL ? values[k] : table[k].value);
}

int64_t
conf_int(enum conf_key k)
{
	int64_t v = 0;

	if (str_int(str_of(conf_text(k)), &v) == -1)
		return (0); /* only where the key is no INT: a programmer's error that tests meet */
	return (v);
}

/* The first line of the file, or NULL after saying why. */
static char *
read_secret(enum conf_key k, const char *file)
{
	char text[512];
	FILE *f;

	if ((f = fopen(file, "re")) == NULL || fgets(text, sizeof(text), f) == NULL) {
		fprintf(stderr, "%s (%s): %s\n", file, table[k].key, f == NULL ? strerror(errno) : "is empty");
		if (f != NULL)
			fclose(f);
		return (NULL);
	}
	fclose(f);
	return (strdup(trim(text)));
}

const char *
conf_secret(enum conf_key k)
{
	static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER; /* all threads ask when they start */
	const char *file = conf_text(k), *secret;

	if (*file == '\0')
		return ("");
	pthread_mutex_lock(&one);
	if (secrets[k] == NULL)
		secrets[k] = read_secret(k, file);
	secret = secrets[k];
	pthread_mutex_unlock(&one);
	return (secret);
}

void
conf_help(void)
{

	for (int k = 0; k < CONF__MAX; k++)
		printf(
		    "%-24s %-10s %s\n", table[k].key, table[k].value[0] == '\0' ? "-" : table[k].value, table[k].help);
}
