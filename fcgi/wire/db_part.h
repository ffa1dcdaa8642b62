/* What db.c needs and what needs no library: classes of failures, and rows turned into columns. */
#ifndef WIRE_DB_PART_H
#define WIRE_DB_PART_H

#include "wire/db.h"

/* The class of an error by its number, of the server or of its library. */
enum db_error db_class_of(unsigned code);

/* The values of a parameter in many rows, as the library takes them. */
struct db_column {
	enum db_type type;      /* of the first that is one; text where there is none */
	int64_t *ints;          /* of a DB_INT */
	const char **texts;     /* of any other */
	unsigned long *lengths; /* of texts */
	char *nulls;            /* 1: none */
};

/* n values as a column, in a; its texts are those of the values. */
void db_column(struct arena *a, struct db_values values, size_t n, struct db_column *c);

#endif
