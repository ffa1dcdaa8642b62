/* What a masked field leaves: its shape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/mask.h"

static void
a_shape_tells_no_more_than_its_ends(void **state)
{
	static const char *const pairs[][2] = {
	    {"DE00 0000 0000 0000 0012 34", "DE** **** **** **** **12 34"},
	    {"name@mail.example", "n***@m***.example"},
	    {"a@b", "a***@b***"},
	    {"short", "*****"},
	    {"+49 30 1234567", "+49 ** ***4567"},
	    {"", ""},
	    {"@", "*"},
	    {"\u00e4\u00f6\u00fc", "***"},
	    {"\u65e5\u672c\u8a9e\u306e\u540d\u524d\u306e\u5217\u3067\u3059",
		"\u65e5\u672c****\u306e\u5217\u3067\u3059"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct str got = mask_text(a, str_of(pairs[i][0]));

		assert_string_equal(arena_str(a, got).p, pairs[i][1]);
	}
	arena_close(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_shape_tells_no_more_than_its_ends),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
