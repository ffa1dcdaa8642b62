/* The body of a bulk change: many objects, one a line, as NDJSON or as CSV.  Says what each line holds and judges
 * none of it.  In CSV the first line names the members; an empty cell says nothing of its member, a lone - says that
 * it is taken away, and tags are parted by semicolons. */
#ifndef CORE_LINES_H
#define CORE_LINES_H

#include "base/csv.h"
#include "core/rq.h"

struct lines {
	struct str left;
	bool csv;
	struct csv_record head; /* of a CSV */
	struct str text;        /* the last one, as it came */
	int64_t
	    line; /* number of the last one from 1, as a spreadsheet counts: the head is one, a cell of two lines is in one */
};

/* Which of the two it is, by its Content-Type, and the head of a CSV.  0, or -1 with the problem set: it is neither, has
 * more lines than `most`, or a head that names nothing or something twice. */
int lines_open(struct rq *rq, int64_t most, struct lines *l) __attribute__((warn_unused_result));

/* The next line that is not blank: 1 and its *object in the arena, 0 at the end, or -1 and *wrong: it cannot be read,
 * and the next call goes on behind it. */
int lines_next(struct arena *a, struct lines *l, struct json **object, const char **wrong)
    __attribute__((warn_unused_result));

/* Lines that are done together, in one transaction. */
#define LINES_SET 1000
#define LINES_SET_BYTES ((size_t)512 * 1024)
struct line {
	int64_t number;
	struct str text;
	const struct json *object; /* NULL: it cannot be read */
};
struct line_set {
	struct line *lines;
	size_t n;
	int64_t kept;      /* of the set before it: what its handler left in rq->audit_object; 0 at first */
	int64_t counts[3]; /* for the handler; what those of all sets come to stands in `sums` */
	int64_t sums[3];
	bool last;
};

/* The next lines as a set in the arena, at most LINES_SET and not much more than LINES_SET_BYTES; n is 0 at the end. */
void lines_set(struct arena *a, struct lines *l, struct line_set *set);

#endif
