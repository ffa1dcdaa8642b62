#include "base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"

#define FOLDER "/usr/share/zoneinfo/"
#define FILE_MAX ((size_t)64 * 1024) /* the largest has 4 KiB */
#define HEAD 44
#define DAY_S 86400

/* A day of the year on which the clock is put, and when. */
struct turn {
	char kind; /* 'M': the week-th weekday of a month; 'J': a day without 29 February; 'n': a day with it, from 0 */
	int month, week, day;
	int64_t time; /* seconds of the clock of before */
};

struct zone {
	const unsigned char *times, *kinds, *types; /* transitions, the type from each on, and the types */
	size_t n_times, n_types;
	bool ruled; /* behind the last transition it goes by the rule below */
	int64_t standard, summer;
	bool turns;
	struct turn begin, end; /* of summer time */
};

static int64_t
big_endian(const unsigned char *p, size_t n)
{
	uint64_t v = (p[0] & 0x80) != 0 && n < 8 ? UINT64_MAX << 8 * n : 0, part = 0;

	for (size_t i = 0; i < n; i++)
		part = part << 8 | p[i];
	return ((int64_t)(v | part));
}

/* ---- the rule at the end of the file: a TZ text of POSIX ---- */

static bool
eat(struct str *s, char c)
{

	if (s->n == 0 || *s->p != c)
		return (false);
	s->p++, s->n--;
	return (true);
}

static int
number(struct str *s, int most, int *v)
{
	size_t n = 0;

	for (*v = 0; n < s->n && n < 4 && s->p[n] >= '0' && s->p[n] <= '9'; n++)
		*v = 10 * *v + (s->p[n] - '0');
	s->p += n, s->n -= n;
	return (n > 0 && *v <= most ? 0 : -1);
}

/* [+-]hh[:mm[:ss]] */
static int
clock_time(struct str *s, int64_t *v)
{
	const bool minus = eat(s, '-');
	int h, m = 0, sec = 0;

	if (!minus)
		eat(s, '+');
	if (number(s, 167, &h) == -1 || (eat(s, ':') && number(s, 59, &m) == -1) ||
	    (eat(s, ':') && number(s, 59, &sec) == -1))
		return (-1);
	*v = (minus ? -1 : 1) * ((int64_t)h * 3600 + m * 60 + sec);
	return (0);
}

static int
zone_name(struct str *s)
{
	size_t n = 0;

	if (eat(s, '<')) {
		while (s->n > 0 && *s->p != '>')
			s->p++, s->n--;
		return (eat(s, '>') ? 0 : -1);
	}
	while (n < s->n && ((s->p[n] >= 'A' && s->p[n] <= 'Z') || (s->p[n] >= 'a' && s->p[n] <= 'z')))
		n++;
	s->p += n, s->n -= n;
	return (n >= 3 ? 0 : -1);
}

/* ",M10.5.0/3" */
static int
read_turn(struct str *s, struct turn *t)
{

	*t = (struct turn){.kind = 'n', .time = 7200};
	if (!eat(s, ','))
		return (-1);
	if (eat(s, 'M')) {
		t->kind = 'M';
		if (number(s, 12, &t->month) == -1 || !eat(s, '.') || number(s, 5, &t->week) == -1 || !eat(s, '.') ||
		    number(s, 6, &t->day) == -1 || t->month < 1 || t->week < 1)
			return (-1);
	} else {
		if (eat(s, 'J'))
			t->kind = 'J';
		if (number(s, 365, &t->day) == -1 || (t->kind == 'J' && t->day < 1))
			return (-1);
	}
	return (eat(s, '/') ? clock_time(s, &t->time) : 0);
}

static int
read_rule(struct zone *z, struct str s)
{

	if (s.n == 0)
		return (0);
	if (zone_name(&s) == -1 || clock_time(&s, &z->standard) == -1)
		return (-1);
	z->ruled = true;
	z->standard = -z->standard; /* POSIX counts to the west */
	if (s.n == 0)
		return (0);
	z->turns = true;
	z->summer = z->standard + 3600;
	if (zone_name(&s) == -1)
		return (-1);
	if (s.n > 0 && *s.p != ',') {
		if (clock_time(&s, &z->summer) == -1)
			return (-1);
		z->summer = -z->summer;
	}
	return (read_turn(&s, &z->begin) == -1 || read_turn(&s, &z->end) == -1 || s.n > 0 ? -1 : 0);
}

/* When the clock is put in that year, UTC; before: the offset until then. */
static int64_t
turn_at(const struct turn *t, int year, int64_t before)
{
	const int64_t first = date_of(year, 1, 1), leap = date_of(year + 1, 1, 1) - first == 366;
	int64_t day, month, next;

	if (t->kind == 'M') {
		month = date_of(year, t->month, 1);
		next = t->month == 12 ? date_of(year + 1, 1, 1) : date_of(year, t->month + 1, 1);
		day = month + (t->day - (month + 4) % 7 + 14) % 7 + 7 * (t->week - 1); /* 1970-01-01 was a Thursday */
		if (day >= next)
			day -= 7;
	} else {
		day = first + t->day - (t->kind == 'J' && !(leap && t->day > 59) ? 1 : 0);
	}
	return (day * DAY_S + t->time - before);
}

static int64_t
floor_day(int64_t seconds)
{

	return ((seconds >= 0 ? seconds : seconds - (DAY_S - 1)) / DAY_S);
}

static int64_t
ruled_offset(const struct zone *z, int64_t at)
{
	int64_t begin, end;
	int year, month, day;
	bool is_summer;

	if (!z->turns)
		return (z->standard);
	date_split(floor_day(at + z->standard), &year, &month, &day);
	begin = turn_at(&z->begin, year, z->standard);
	end = turn_at(&z->end, year, z->summer);
	is_summer = begin < end ? at >= begin && at < end : !(at >= end && at < begin);
	return (is_summer ? z->summer : z->standard);
}

/* ---- the file ---- */

struct counts {
	size_t isut, isstd, leap, time, type, chars;
};

/* The head at *s, which is cut off, and how long its data is with times of so many bytes.  0, or -1. */
static int
read_head(struct str *s, struct counts *c, size_t time_bytes, size_t *length)
{
	size_t *const to[] = {&c->isut, &c->isstd, &c->leap, &c->time, &c->type, &c->chars};
	const unsigned char *p = (const unsigned char *)s->p;

	if (s->n < HEAD || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return (-1);
	for (size_t i = 0; i < 6; i++) {
		int64_t n = big_endian(p + 20 + 4 * i, 4);

		if (n < 0 || n > (int64_t)FILE_MAX)
			return (-1);
		*to[i] = (size_t)n;
	}
	*length = c->time * (time_bytes + 1) + c->type * 6 + c->chars + c->leap * (time_bytes + 4) + c->isstd + c->isut;
	*s = (struct str){s->p + HEAD, s->n - HEAD};
	return (*length <= s->n ? 0 : -1);
}

const struct zone *
zone_parse(struct arena *a, struct str bytes, const char **wrong)
{
	struct zone *z = arena_zero(a, 1, sizeof(*z));
	struct str s = bytes, rule;
	struct counts c;
	size_t length;

	*wrong = "it is no zone file of version 2 or later";
	if (read_head(&s, &c, 4, &length) == -1)
		return (NULL);
	s = (struct str){s.p + length, s.n - length}; /* the same with 32 bits, for others */
	if (read_head(&s, &c, 8, &length) == -1 || c.type == 0 || c.type > 256)
		return (NULL);
	z->times = (const unsigned char *)s.p;
	z->n_times = c.time;
	z->kinds = z->times + 8 * c.time;
	z->types = z->kinds + c.time;
	z->n_types = c.type;
	for (size_t i = 0; i < c.time; i++)
		if (z->kinds[i] >= c.type)
			return (NULL);
	s = (struct str){s.p + length, s.n - length};
	if (!eat(&s, '\n'))
		return (NULL);
	rule = str_cut(s, '\n', &s);
	*wrong = "its rule cannot be read";
	return (s.p != NULL && read_rule(z, rule) == 0 ? z : NULL);
}

/* A name that stays within the folder: letters, digits, _ + - and single slashes. */
static bool
is_name(struct str s)
{

	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (c == '/' ? i == 0 || i + 1 == s.n || s.p[i - 1] == '/'
			     : !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
				   c == '_' || c == '+' || c == '-'))
			return (false);
	}
	return (s.n > 0 && s.n <= 40);
}

const struct zone *
zone_load(struct arena *a, struct str name, const char **wrong)
{
	char *bytes = arena_alloc(a, FILE_MAX);
	size_t n = 0;
	ssize_t got = -1;
	int fd;

	*wrong = "there is no such zone on this machine";
	if (!is_name(name))
		return (NULL);
	if ((fd = open(arena_printf(a, FOLDER "%.*s", STR_ARG(name)).p, O_RDONLY | O_CLOEXEC)) == -1)
		return (NULL);
	while (n < FILE_MAX && ((got = read(fd, bytes + n, FILE_MAX - n)) > 0 || (got == -1 && errno == EINTR)))
		n += got > 0 ? (size_t)got : 0;
	close(fd);
	return (got == 0 ? zone_parse(a, (struct str){bytes, n}, wrong) : NULL);
}

static int64_t
offset_of(const struct zone *z, size_t type)
{

	return (big_endian(z->types + 6 * type, 4));
}

int64_t
zone_offset(const struct zone *z, int64_t at)
{
	size_t low = 0, high = z->n_times,
	       middle; /* transitions below low are before or at it, those from high on after it */

	while (low < high) {
		middle = low + (high - low) / 2;
		if (big_endian(z->times + 8 * middle, 8) <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == z->n_times && z->ruled)
		return (ruled_offset(z, at));
	return (offset_of(z, low == 0 ? 0 : z->kinds[low - 1]));
}

int64_t
zone_day(const struct zone *z, int64_t at)
{

	return (floor_day(at + zone_offset(z, at)));
}

int64_t
zone_clock(const struct zone *z, int64_t at, int *minute)
{
	const int64_t shown = at + zone_offset(z, at), day = floor_day(shown);

	*minute = (int)((shown - day * DAY_S) / 60);
	return (day);
}
