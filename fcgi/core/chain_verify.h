/* Holds the audit's rows against their chain, and the chain against what was noted outside of the database. */
#ifndef CORE_CHAIN_VERIFY_H
#define CORE_CHAIN_VERIFY_H

#include "core/chain.h"

#define CHAIN_PROBLEMS 100 /* that are told of; all are counted */

struct chain_problem {
	const char *kind;  /* changed_row, missing_row, extra_row, changed_link, missing_link, swapped_link, cut_tail,
			     * changed_anchor, missing_anchor, bad_anchor, unknown_anchor */
	int64_t row, link; /* 0: of none */
	struct str text;   /* in plain words */
};

struct chain_report {
	int64_t rows, links, unsealed, anchors;
	char from[24], to[24]; /* when the first and the last sealed row were written; empty without any */
	char waiting[24];      /* likewise the oldest row that is not sealed yet */
	unsigned char head[CHAIN_HASH];
	struct chain_problem problems[CHAIN_PROBLEMS];
	int64_t n_problems;
};

/* Walks all of it in one snapshot, in memory that does not grow with it.  file: of anchor_note, or empty.  noted:
 * a link that must be in the chain, or NULL.  0 (n_problems says if all is well), or -1 (logged): it could not be read. */
int chain_verify(struct db *db, struct arena *a, const char *file, const unsigned char *noted, struct chain_report *out)
    __attribute__((warn_unused_result));

/* The report for people, or as one JSON object. */
void chain_print(const struct chain_report *r, struct buf *out);
void chain_print_json(const struct chain_report *r, struct buf *out);

#endif
