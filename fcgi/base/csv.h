/* Comma-separated values as RFC 4180 has them: records end with CRLF, a cell is quoted where it must be.  Read
 * strictly: what could be meant in two ways is refused.  Knows no columns. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/buf.h"

#define CSV_BOM "\xef\xbb\xbf" /* by it a spreadsheet knows that it is UTF-8 */
#define CSV_END "\r\n"
#define CSV_CELLS 32

/* A cell of somebody's text.  What a spreadsheet would take for a formula (it begins with = + - @, also in full
 * width, with a tab or a carriage return) gets an apostrophe before it (OWASP, CSV injection), so only text goes
 * this way: a number of ours begins with - and stays one. */
void csv_text(struct buf *b, struct str s);

struct csv_record {
	struct str cells[CSV_CELLS]; /* in the arena, or parts of the text */
	size_t n;
};

/* The next record of *text, which becomes what is behind it; records end with CRLF or LF.  1, 0 at the end, or -1 and
 * *wrong: the line is malformed, and *text goes on behind its first line feed. */
int csv_next(struct arena *a, struct str *text, struct csv_record *r, const char **wrong)
    __attribute__((warn_unused_result));

#endif
