/* Text from outside: exactly well-formed UTF-8 without control characters passes, and nothing
 * that is counted, cut or compared reads past its end. */
#include "base/str.h"
#include "tests/fuzz/fuzz.h"

static bool
has_control(const uint8_t *p, size_t n, const char *but)
{

	for (size_t i = 0; i < n; i++)
		if (p[i] == 0x7f || (p[i] < 0x20 && (p[i] == 0 || strchr(but, p[i]) == NULL)))
			return (true);
	return (false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = fuzz_copy(data, n), rest, first;
	bool utf8 = fuzz_is_utf8(data, n);
	size_t chars = 0;

	RULE(str_is_text(s) == (utf8 && !has_control(data, n, "\t\n")));
	RULE(str_is_lines(s) == (utf8 && !has_control(data, n, "\t\n\r")));
	for (size_t i = 0; i < n; i++)
		chars += (data[i] & 0xc0) != 0x80;
	RULE(str_chars(s) == chars);
	first = str_cut(s, ';', &rest);
	RULE(rest.p == NULL ? first.n == n : first.n + 1 + rest.n == n && s.p[first.n] == ';');
	RULE(str_starts(s, first) && str_eq(s, s) && str_eq_nocase(s, s));
	free((char *)s.p);
	return (0);
}
