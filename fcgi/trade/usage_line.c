#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "core/seal.h"
#include "trade/usage_part.h"

#define AHEAD_S 86400
#define CODE_MAX 20
#define SURE 1e9 /* a number of JSON below it is exact to six places */
#define SECOND 1000000

static const char *const member_names[USAGE_MEMBERS] = {
    [USAGE_M_source] = "source",
    [USAGE_M_event] = "event",
    [USAGE_M_account] = "account",
    [USAGE_M_offering] = "offering",
    [USAGE_M_quantity] = "quantity",
    [USAGE_M_at] = "at",
    [USAGE_M_class] = "class",
    [USAGE_M_time_of_day] = "time_of_day",
    [USAGE_M_zone] = "zone",
};

static const struct {
	const char *code, *words;
} reasons[USAGE_REASON__MAX] = {
    [USAGE_good] = {"", ""},
#define USAGE_REASON(code, words) [USAGE_##code] = {#code, words},
#include "trade/usage_reason.def"
#undef USAGE_REASON
};

const char *
usage_reason_code(enum usage_reason r)
{

	return (reasons[r].code);
}

const char *
usage_reason_words(enum usage_reason r)
{

	return (reasons[r].words);
}

static bool
is_word(struct str s, size_t max, const char *more)
{

	if (s.n == 0 || s.n > max)
		return (false);
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			(c != '\0' && strchr(more, c) != NULL)))
			return (false);
	}
	return (true);
}

bool
usage_attribute(struct str s)
{

	return (is_word(s, CODE_MAX, "_-"));
}

static bool
is_printable(struct str s, size_t max)
{

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return (false);
	return (s.n > 0 && s.n <= max);
}

/* Two digits of *s, cut off, up to most: the number, or -1. */
static int
two(struct str *s, int most)
{
	int v;

	if (s->n < 2 || s->p[0] < '0' || s->p[0] > '9' || s->p[1] < '0' || s->p[1] > '9')
		return (-1);
	v = 10 * (s->p[0] - '0') + (s->p[1] - '0');
	*s = (struct str){s->p + 2, s->n - 2};
	return (v <= most ? v : -1);
}

static bool
eat(struct str *s, char c)
{

	if (s->n == 0 || *s->p != c)
		return (false);
	*s = (struct str){s->p + 1, s->n - 1};
	return (true);
}

/* ".123456" -> 123456; nothing is 0.  -1 where it is malformed. */
static int64_t
fraction(struct str *s)
{
	int64_t v = 0, unit = SECOND;

	if (!eat(s, '.'))
		return (0);
	for (; s->n > 0 && *s->p >= '0' && *s->p <= '9' && unit > 1; unit /= 10, eat(s, *s->p))
		v = 10 * v + (*s->p - '0');
	return (unit == SECOND ? -1 : v * unit);
}

/* RFC 3339 -> microseconds since 1970: 0, or -1. */
static int
read_moment(struct str s, int64_t *at)
{
	int64_t days, micro;
	int h, m, sec, east = 0, zh, zm;

	if (s.n < 20 || date_parse((struct str){s.p, 10}, &days) == -1 || days < 0 || days >= date_of(2200, 1, 1))
		return (-1);
	s = (struct str){s.p + 10, s.n - 10};
	if ((!eat(&s, 'T') && !eat(&s, ' ')) || (h = two(&s, 23)) == -1 || !eat(&s, ':') || (m = two(&s, 59)) == -1 ||
	    !eat(&s, ':') || (sec = two(&s, 59)) == -1 || (micro = fraction(&s)) == -1)
		return (-1);
	if (!eat(&s, 'Z')) {
		east = eat(&s, '+') ? 1 : eat(&s, '-') ? -1 : 0;
		if (east == 0 || (zh = two(&s, 14)) == -1 || !eat(&s, ':') || (zm = two(&s, 59)) == -1)
			return (-1);
		east *= 3600 * zh + 60 * zm;
	}
	if (s.n > 0)
		return (-1);
	*at = (days * 86400 + 3600 * h + 60 * m + sec - east) * SECOND + micro;
	return (*at >= 0 ? 0 : -1);
}

static enum usage_reason
judge_quantity(struct usage_line *l)
{
	struct str s = l->members[USAGE_M_quantity];
	const bool minus = s.n > 1 && s.p[0] == '-';

	if (s.n == 0 || money_millionths(s, &l->quantity) == -1 || l->quantity >= (int64_t)1000000 * 1000000 * 1000000)
		return (USAGE_quantity);
	return (minus && l->quantity != 0 ? USAGE_negative : USAGE_good);
}

static enum usage_reason
judge_moment(struct usage_line *l)
{

	if (read_moment(l->members[USAGE_M_at], &l->at) == -1)
		return (USAGE_time);
	return (l->at > ((int64_t)date_now() + AHEAD_S) * SECOND ? USAGE_future : USAGE_good);
}

static enum usage_reason
judge_members(struct usage_line *l)
{
	enum usage_reason r;

	if (!is_word(l->members[USAGE_M_source], 40, ".:_-"))
		return (USAGE_source);
	if (!is_printable(l->members[USAGE_M_event], 64))
		return (USAGE_event);
	if (l->members[USAGE_M_account].n == 0)
		return (USAGE_account);
	if (!is_printable(l->members[USAGE_M_account], SEAL_TEXT))
		return (USAGE_unknown_account);
	if (l->members[USAGE_M_offering].n == 0)
		return (USAGE_offering);
	if (!is_printable(l->members[USAGE_M_offering], 40))
		return (USAGE_unknown_offering);
	if ((r = judge_quantity(l)) != USAGE_good || (r = judge_moment(l)) != USAGE_good)
		return (r);
	for (int m = USAGE_M_class; m <= USAGE_M_zone; m++)
		if (l->members[m].n > 0 && !usage_attribute(l->members[m]))
			return (USAGE_attribute);
	return (USAGE_good);
}

void
usage_judge(struct usage_line *l)
{

	l->reason = judge_members(l);
}

/* A number as the text that it was, as far as a double can say.  False where it cannot. */
static bool
number_text(struct arena *a, double v, struct str *to)
{
	char text[32];
	const int n = snprintf(text, sizeof(text), "%.15g", v);

	if (v >= SURE || v <= -SURE || n < 0)
		return (false);
	*to = arena_str(a, (struct str){text, (size_t)n});
	return (true);
}

static enum usage_reason
read_member(struct arena *a, const struct json *m, struct usage_line *to)
{
	int i = 0;

	while (i < USAGE_MEMBERS && !str_eqz(m->key, member_names[i]))
		i++;
	if (i == USAGE_MEMBERS)
		return (USAGE_member);
	if (m->type == JSON_STRING)
		to->members[i] = m->s;
	else if (m->type == JSON_NUMBER && i == USAGE_M_quantity)
		return (number_text(a, m->number, &to->members[i]) ? USAGE_good : USAGE_quantity);
	else if (m->type != JSON_NULL)
		return (USAGE_malformed);
	return (USAGE_good);
}

void
usage_read(struct arena *a, const struct line *from, struct str source, struct usage_line *to)
{
	enum usage_reason wrong = from->object == NULL ? USAGE_malformed : USAGE_good, r;

	*to = (struct usage_line){.number = from->number, .text = from->text};
	while (to->text.n > 0 && (to->text.p[to->text.n - 1] == '\n' || to->text.p[to->text.n - 1] == '\r'))
		to->text.n--;
	for (const struct json *m = from->object == NULL ? NULL : from->object->first; m != NULL; m = m->next)
		if ((r = read_member(a, m, to)) != USAGE_good && wrong == USAGE_good)
			wrong = r;
	if (to->members[USAGE_M_source].n == 0)
		to->members[USAGE_M_source] = source;
	usage_judge(to);
	if (wrong != USAGE_good)
		to->reason = wrong;
}

void
usage_time(struct buf *b, int64_t at)
{
	const int64_t s = at / SECOND;

	date_plain(b, s / 86400);
	buf_printf(
	    b, " %02d:%02d:%02d.%06d", (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60), (int)(at % SECOND));
}

void
usage_answer(struct buf *b, const struct usage_line *line)
{
	static const char *const verdicts[USAGE_VERDICTS] = {
	    [USAGE_RECEIVED] = "received", [USAGE_SAME] = "same", [USAGE_REJECTED] = "rejected"};
	const struct str event = line->members[USAGE_M_event];

	buf_addz(b, "{\"line\":");
	buf_int(b, line->number);
	buf_addz(b, ",\"event\":");
	if (event.p == NULL)
		buf_addz(b, "null");
	else
		json_str(b, event);
	buf_addz(b, ",\"verdict\":\"");
	buf_addz(b, verdicts[line->verdict]);
	buf_char(b, '"');
	if (line->verdict == USAGE_REJECTED) {
		buf_addz(b, ",\"reason\":\"");
		buf_addz(b, reasons[line->reason].code);
		buf_addz(b, "\",\"detail\":");
		json_str(b, str_of(reasons[line->reason].words));
	}
	buf_addz(b, "}\n");
}
