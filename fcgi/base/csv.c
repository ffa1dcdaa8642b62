#include "base/csv.h"

/* Would a spreadsheet calculate it? */
static bool
is_formula(struct str s)
{
	static const char wide[][4] = {"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\x9d", "\xef\xbc\xa0"}; /* + - = @ */

	if (s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) != NULL)
		return (true);
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (str_starts(s, str_of(wide[i])))
			return (true);
	return (false);
}

static bool
needs_quotes(struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		if (memchr("\",\r\n", s.p[i], 4) != NULL)
			return (true);
	/* Some readers trim blanks; and an empty text is not nothing. */
	return (s.n == 0 || s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

void
csv_text(struct buf *b, struct str s)
{
	const bool formula = is_formula(s), quoted = needs_quotes(s);

	if (quoted)
		buf_char(b, '"');
	if (formula)
		buf_char(b, '\'');
	if (!quoted) {
		buf_add(b, s);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_char(b, '"');
		buf_char(b, s.p[i]);
	}
	buf_char(b, '"');
}

/* A quoted cell from its quote on: the bytes that it takes, or 0 where it has no end. */
static size_t
quoted_cell(struct arena *a, struct str s, struct str *cell)
{
	size_t end = 1, n = 0;
	char *to;

	while (end < s.n && !(s.p[end] == '"' && (end + 1 == s.n || s.p[end + 1] != '"')))
		end += s.p[end] == '"' ? 2 : 1;
	if (end >= s.n)
		return (0);
	to = arena_alloc(a, end);
	for (size_t i = 1; i < end; i++) {
		i += s.p[i] == '"'; /* two are one */
		to[n++] = s.p[i];
	}
	*cell = (struct str){to, n};
	return (end + 1);
}

/* The bytes of a cell that is not quoted, and its text. */
static size_t
plain_cell(struct str s, struct str *cell)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != ',' && s.p[n] != '\n' && !(s.p[n] == '\r' && n + 1 < s.n && s.p[n + 1] == '\n'))
		n++;
	*cell = (struct str){s.p, n};
	return (n);
}

/* What ends a record at s: its bytes, or 0. */
static size_t
line_end(struct str s)
{

	if (s.n > 0 && s.p[0] == '\n')
		return (1);
	return (s.n > 1 && s.p[0] == '\r' && s.p[1] == '\n' ? 2 : 0);
}

/* One record: the bytes that it takes, or 0 and *wrong. */
static size_t
record(struct arena *a, struct str s, struct csv_record *r, const char **wrong)
{
	size_t at = 0, n;

	for (r->n = 0;; at++) {
		struct str rest = {s.p + at, s.n - at}, *cell = &r->cells[r->n];
		const bool quoted = rest.n > 0 && rest.p[0] == '"';

		if (r->n++ == CSV_CELLS) {
			*wrong = "it has too many cells";
			return (0);
		}
		n = quoted ? quoted_cell(a, rest, cell) : plain_cell(rest, cell);
		if (quoted && n == 0) {
			*wrong = "a quote is not closed";
			return (0);
		}
		if (!str_is_text(*cell) || (!quoted && n > 0 && memchr(cell->p, '"', n) != NULL)) {
			*wrong = "a cell is no UTF-8 text, or holds a quote without being quoted";
			return (0);
		}
		at += n;
		rest = (struct str){s.p + at, s.n - at};
		if (rest.n == 0 || line_end(rest) > 0)
			return (at + line_end(rest));
		if (rest.p[0] != ',') {
			*wrong = "something stands behind a closing quote";
			return (0);
		}
	}
}

int
csv_next(struct arena *a, struct str *text, struct csv_record *r, const char **wrong)
{
	size_t n;

	if (text->n == 0)
		return (0);
	if ((n = record(a, *text, r, wrong)) == 0) {
		r->n = 0;
		str_cut(*text, '\n', text);
		return (-1);
	}
	*text = (struct str){text->p + n, text->n - n};
	return (1);
}
