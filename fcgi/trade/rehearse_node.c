#include "trade/rehearse_node.h"

#include "base/date.h"
#include "base/money.h"

/* The JSON pointer (RFC 6901). */
static void
pointer(struct buf *b, const struct node *n)
{

	if (n->up == NULL)
		return;
	pointer(b, n->up);
	buf_char(b, '/');
	if (n->key.p == NULL)
		buf_int(b, (int64_t)n->index);
	for (size_t i = 0; n->key.p != NULL && i < n->key.n; i++)
		switch (n->key.p[i]) {
		case '~':
			buf_addz(b, "~0");
			break;
		case '/':
			buf_addz(b, "~1");
			break;
		default:
			buf_char(b, n->key.p[i]);
		}
}

void
node_wrong(struct reader *r, const struct node *n, const char *fmt, ...)
{
	struct buf b;
	va_list ap;

	if (r->wrong.n > 0)
		return;
	buf_init(&b, r->a, 64 * 1024);
	pointer(&b, n);
	if (b.n == 0)
		buf_char(&b, '/');
	buf_addz(&b, ": ");
	va_start(ap, fmt);
	buf_add(&b, arena_vprintf(r->a, fmt, ap));
	va_end(ap);
	r->wrong = buf_str(&b);
}

struct node
node_member(const struct node *of, const char *name)
{
	struct node n = {.up = of, .key = str_of(name)};

	if (of->v != NULL && of->v->type == JSON_OBJECT)
		for (const struct json *m = of->v->first; m != NULL; m = m->next)
			if (str_eqz(m->key, name) && m->type != JSON_NULL)
				n.v = m;
	return (n);
}

bool
node_next(const struct node *of, struct node *n)
{
	const struct json *first = of->v == NULL ? NULL : of->v->first;

	n->index = n->v == NULL ? 0 : n->index + 1;
	n->v = n->v == NULL ? first : n->v->next;
	n->up = of;
	n->key = n->v != NULL && of->v->type == JSON_OBJECT ? n->v->key : (struct str){NULL, 0};
	return (n->v != NULL);
}

size_t
node_count(struct reader *r, const struct node *n, enum json_type type)
{
	size_t count = 0;

	if (n->v == NULL)
		return (0);
	if (n->v->type != type) {
		node_wrong(r, n, "it must be %s", type == JSON_ARRAY ? "an array" : "an object");
		return (0);
	}
	for (const struct json *m = n->v->first; m != NULL; m = m->next)
		count++;
	return (count);
}

/* The text of a string, of a whole number too; "" after saying why. */
static struct str
text_of(struct reader *r, const struct node *n)
{

	if (n->v == NULL)
		node_wrong(r, n, "it is missing");
	else if (n->v->type == JSON_STRING)
		return (n->v->s);
	else if (n->v->type == JSON_NUMBER && n->v->number > -1e15 && n->v->number < 1e15 &&
	    n->v->number == (double)(int64_t)n->v->number)
		return (arena_printf(r->a, "%lld", (long long)n->v->number));
	else
		node_wrong(r, n, "it must be text: an exact number is written in quotes");
	return (S(""));
}

struct str
node_text(struct reader *r, const struct node *n)
{
	struct str s = S("");

	if (n->v == NULL)
		node_wrong(r, n, "it is missing");
	else if (n->v->type != JSON_STRING)
		node_wrong(r, n, "it must be text");
	else
		s = n->v->s;
	if (r->wrong.n == 0 && (s.n == 0 || s.n > 200 || !str_is_line(s)))
		node_wrong(r, n, "it must be one line of 1 to 200 bytes");
	return (s);
}

int64_t
node_decimal(struct reader *r, const struct node *n)
{
	const int64_t most = (int64_t)1000000000000 * PRICE_SCALE; /* of DECIMAL(18,6) */
	struct str s = text_of(r, n);
	int64_t v = 0;

	if (r->wrong.n > 0)
		return (0);
	if (money_millionths(s, &v) == -1 || v >= most || v <= -most)
		node_wrong(r, n, "\"%.*s\" is no decimal number of up to 12 digits and 6 decimals", STR_ARG(s));
	return (v);
}

int64_t
node_whole(struct reader *r, const struct node *n, int64_t least, int64_t most)
{
	struct str s = text_of(r, n);
	int64_t v = least;

	if (r->wrong.n == 0 && (str_int(s, &v) == -1 || v < least || v > most))
		node_wrong(r, n, "it must be a whole number from %lld to %lld", (long long)least, (long long)most);
	return (r->wrong.n == 0 ? v : least);
}

int64_t
node_percent(struct reader *r, const struct node *n, int64_t absent)
{
	const int64_t hundredth = PRICE_SCALE / 100;
	int64_t v;

	if (n->v == NULL && absent != INT64_MIN)
		return (absent);
	v = node_decimal(r, n);
	if (r->wrong.n == 0 && (v < 0 || v > 999 * (int64_t)PRICE_SCALE || v % hundredth != 0))
		node_wrong(r, n, "a tax rate has 0 to 2 decimals and lies from 0 to 999");
	return (v / hundredth);
}

int64_t
node_date(struct reader *r, const struct node *n)
{
	struct str s = node_text(r, n);
	int64_t day = 0;

	if (r->wrong.n == 0 && (date_parse(s, &day) == -1 || day < date_of(1001, 1, 1) || day >= date_of(9999, 1, 1)))
		node_wrong(r, n, "\"%.*s\" is no date like 2026-06-01", STR_ARG(s));
	return (day);
}

/* Two digits at p, from 0 to most; -1 where they are not. */
static int
two(const char *p, int most)
{
	int v;

	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return (-1);
	v = (p[0] - '0') * 10 + p[1] - '0';
	return (v <= most ? v : -1);
}

/* What stands behind the seconds: a fraction, then Z or +02:00.  0 and the minutes ahead of UTC, or -1. */
static int
offset(struct str s, int *ahead)
{
	size_t i = 0;
	int h, m;

	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			continue;
	if (i == 1)
		return (-1);
	s.p += i, s.n -= i;
	*ahead = 0;
	if (s.n == 1 && (s.p[0] == 'Z' || s.p[0] == 'z'))
		return (0);
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' || (h = two(s.p + 1, 23)) == -1 ||
	    (m = two(s.p + 4, 59)) == -1)
		return (-1);
	*ahead = (s.p[0] == '-' ? -1 : 1) * (h * 60 + m);
	return (0);
}

int64_t
node_moment(struct reader *r, const struct node *n)
{
	struct str s = node_text(r, n);
	int h = -1, m = -1, sec = -1, ahead;
	int64_t day;

	if (r->wrong.n > 0)
		return (0);
	if (s.n >= 20 && (s.p[10] == 'T' || s.p[10] == 't') && s.p[13] == ':' && s.p[16] == ':')
		h = two(s.p + 11, 23), m = two(s.p + 14, 59), sec = two(s.p + 17, 60);
	if (h == -1 || m == -1 || sec == -1 || date_parse((struct str){s.p, 10}, &day) == -1 ||
	    offset((struct str){s.p + 19, s.n - 19}, &ahead) == -1) {
		node_wrong(r, n, "\"%.*s\" is no time like 2026-06-15T10:00:00Z", STR_ARG(s));
		return (0);
	}
	/* A leap second belongs to the day that it ends. */
	return (((day * 24 + h) * 60 + m - ahead) * 60 + (sec < 60 ? sec : 59));
}

int64_t
node_day(struct reader *r, const struct node *n)
{
	int64_t at = node_moment(r, n);

	return (at >= 0 ? at / 86400 : -((86399 - at) / 86400));
}
