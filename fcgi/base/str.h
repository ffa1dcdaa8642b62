/* Text that is not ours to end with NUL: a pointer and a length. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *p;
	size_t n;
};

#define S(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

struct str str_of(const char *z);
bool str_eq(struct str a, struct str b);
bool str_eqz(struct str a, const char *z);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
bool str_starts(struct str s, struct str prefix);

/* Splits at the first c: the part before it; *rest is the part behind it.  Without
 * a c all of s is returned and *rest is empty with p == NULL. */
struct str str_cut(struct str s, char c, struct str *rest);

/* Decimal digits with an optional '-': 0 and *v, or -1 where it is no int64_t. */
int str_int(struct str s, int64_t *v);

/* Well-formed UTF-8 without NUL and without other control characters but tab and line feed. */
bool str_is_text(struct str s);

/* The same, with carriage returns too: files and bodies. */
bool str_is_lines(struct str s);

/* str_is_text on one line, without tabs too. */
bool str_is_line(struct str s);

/* Nothing but spaces, tabs and line feeds. */
bool str_is_blank(struct str s);

/* No byte above 126? */
bool str_is_ascii(struct str s);

/* Code points in well-formed UTF-8. */
size_t str_chars(struct str s);

#endif
