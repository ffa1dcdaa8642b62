#include "trade/price_bands.h"

#include "base/money.h"

static void
wrong(struct rq *rq, struct str at, const char *code, const char *detail)
{

	problem_field(rq, P_invalid, at, code, "%s", detail);
}

void
price_decimal(struct rq *rq, struct str at, const struct json *m, int64_t most, int64_t *to)
{

	if (m->type != JSON_STRING || money_millionths(m->s, to) == -1 || *to < 0 || *to > most)
		wrong(rq, at, "number", "it must be a number in its bounds, as text, with six places at most");
}

static struct str
below(struct rq *rq, struct str at, struct str member)
{

	return (arena_printf(rq->a, "%.*s/%.*s", STR_ARG(at), STR_ARG(member)));
}

static void
read_band(struct rq *rq, struct str at, const struct json *object, struct price_band *b, int64_t above)
{
	bool unit = false;

	*b = (struct price_band){above, PRICE_MOST, 0, 0};
	if (object->type != JSON_OBJECT) {
		wrong(rq, at, "type", "it must be an object");
		return;
	}
	for (const struct json *m = object->first; m != NULL; m = m->next)
		if (str_eqz(m->key, "above"))
			price_decimal(rq, below(rq, at, m->key), m, PRICE_MOST, &b->above);
		else if (str_eqz(m->key, "up_to") && m->type != JSON_NULL)
			price_decimal(rq, below(rq, at, m->key), m, PRICE_MOST, &b->up_to);
		else if (str_eqz(m->key, "unit"))
			price_decimal(rq, below(rq, at, m->key), m, PRICE_MOST, &b->unit), unit = true;
		else if (str_eqz(m->key, "flat"))
			price_decimal(rq, below(rq, at, m->key), m, PRICE_MOST, &b->flat);
		else if (!str_eqz(m->key, "up_to"))
			wrong(rq, below(rq, at, m->key), "unknown", "it is not known here");
	if (!unit)
		wrong(rq, below(rq, at, S("unit")), "missing", "it is missing");
	if (b->above != above)
		wrong(
		    rq, below(rq, at, S("above")), "gap", "a tier begins where the one before it ends, the first at 0");
	if (b->up_to <= b->above)
		wrong(rq, below(rq, at, S("up_to")), "order", "it must be more than where the tier begins");
}

void
price_bands_read(struct rq *rq, struct str at, const struct json *list, struct price_band **bands, size_t *n)
{
	size_t count = 0;
	int64_t above = 0;

	for (const struct json *e = list->type == JSON_ARRAY ? list->first : NULL; e != NULL; e = e->next)
		count++;
	if (count == 0 || count > PRICE_TIERS_MAX) {
		wrong(rq, at, "length", "it must be a list of 1 to 50 tiers");
		return;
	}
	*bands = arena_zero(rq->a, count, sizeof(**bands));
	for (const struct json *e = list->first; e != NULL; e = e->next, ++*n) {
		read_band(rq, arena_printf(rq->a, "%.*s/%zu", STR_ARG(at), *n), e, &(*bands)[*n], above);
		above = (*bands)[*n].up_to;
	}
	if (above != PRICE_MOST)
		wrong(rq, at, "open", "the last tier has no end: leave its up_to out");
}

void
price_millionths(struct buf *b, int64_t v)
{

	buf_printf(b, ",\"%lld.%06lld\"", (long long)(v / PRICE_SCALE), (long long)(v % PRICE_SCALE));
}

void
price_band_write(struct buf *b, size_t number, const struct price_band *band)
{

	buf_printf(b, "%zu", number);
	price_millionths(b, band->above);
	price_millionths(b, band->up_to);
	price_millionths(b, band->unit);
	price_millionths(b, band->flat);
}
