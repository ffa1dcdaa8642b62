/* JSON of a request's body, parsed by cJSON behind checks that it does not make: depth,
 * UTF-8, NUL, numbers, duplicate keys. */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include "base/arena.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_type type;
	struct str key;     /* in an object */
	struct str s;       /* of a string */
	double number;      /* 1 for true */
	struct json *first; /* of an array or an object */
	struct json *next;
};

#define JSON_DEPTH 16
#define JSON_MEMBERS 256 /* of one object */

/* The value in the arena, or NULL and *wrong says what is wrong with it. */
struct json *json_parse(struct arena *a, struct str text, const char **wrong);

#endif
