#include <stdio.h>

#include "trade/demo.h"

static const struct {
	const char *what, *sql;
} rules[] = {
#define RULE(what, sql) {what, sql},
#include "schema/demo/check.def"
};

/* 1 where the rule is broken, 0, or -1. */
static int
broken(struct db *db, const char *what, const char *sql)
{
	struct db_stmt *st = db_prepare(db, str_of(sql));
	const struct db_val *row;
	int64_t n;

	if (st == NULL || db_run(st, NULL) == -1 || db_fetch(st, &row) != 1) {
		fprintf(stderr, "demo: %s: %s\n", what, db_error_text(db));
		return (-1);
	}
	n = row[0].i;
	db_stmt_close(st);
	if (n > 0)
		fprintf(stderr, "demo: broken %lld times: %s\n", (long long)n, what);
	return (n > 0);
}

int
demo_check(struct db *db)
{
	int n = 0, rc;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && n != -1; i++) {
		rc = broken(db, rules[i].what, rules[i].sql);
		n = rc == -1 ? -1 : n + rc;
	}
	return (n);
}
