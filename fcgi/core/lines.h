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

#endif
