/* A line of usage: what is good is within the bounds of its columns, and its moment says itself again. */
#include "tests/fuzz/fuzz.h"
#include "trade/usage_part.h"

static void
good(struct arena *a, const struct usage_line *l)
{
	static const size_t most[USAGE_MEMBERS] = {[USAGE_M_source] = 40,
	    [USAGE_M_event] = 64,
	    [USAGE_M_account] = 30,
	    [USAGE_M_offering] = 40,
	    [USAGE_M_quantity] = 40,
	    [USAGE_M_at] = 40,
	    [USAGE_M_class] = 20,
	    [USAGE_M_time_of_day] = 20,
	    [USAGE_M_zone] = 20};
	struct usage_line again = *l;
	struct buf b;

	for (int m = 0; m < USAGE_MEMBERS; m++) {
		RULE(l->members[m].n <= most[m] && (l->members[m].n > 0 || m >= USAGE_M_class));
		for (size_t i = 0; i < l->members[m].n; i++)
			RULE((unsigned char)l->members[m].p[i] < 0x7f && l->members[m].p[i] >= ' ');
	}
	RULE(l->quantity >= 0 && l->quantity < (int64_t)1000000 * 1000000 * 1000000);
	RULE(l->at >= 0);
	buf_init(&b, a, 100);
	usage_time(&b, l->at);
	RULE(b.n == 26);
	buf_char(&b, 'Z');
	again.members[USAGE_M_at] = buf_str(&b);
	usage_judge(&again);
	RULE(again.reason == USAGE_good && again.at == l->at && again.quantity == l->quantity);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str text = fuzz_copy(data, n);
	struct line line = {.number = 1, .text = text};
	struct usage_line l;
	const char *wrong;
	struct buf b;

	if ((line.object = json_parse(a, text, &wrong)) != NULL && line.object->type != JSON_OBJECT)
		line.object = NULL;
	usage_read(a, &line, S("meter"), &l);
	RULE(line.object != NULL || l.reason == USAGE_malformed);
	if (l.reason == USAGE_good)
		good(a, &l);
	l.verdict = USAGE_REJECTED;
	buf_init(&b, a, 64 * 1024);
	usage_answer(&b, &l);
	RULE(!buf_failed(&b) && b.n > 10 && b.p[b.n - 1] == '\n');
	free((char *)text.p);
	return (0);
}
