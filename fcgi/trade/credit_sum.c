#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "trade/credit_part.h"

struct share {
	size_t i;
	__int128 rest;
};

static int
by_rest(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	if (x->rest != y->rest)
		return (x->rest > y->rest ? -1 : 1);
	return (x->i < y->i ? -1 : 1);
}

void
credit_spread(struct arena *a, const int64_t *weights, size_t n, int64_t total, int64_t *parts)
{
	struct share *shares = arena_alloc(a, (n + 1) * sizeof(*shares));
	__int128 all = 0, left = total;

	for (size_t i = 0; i < n; i++)
		all += weights[i];
	for (size_t i = 0; i < n; i++) {
		__int128 x = all == 0 ? 0 : (__int128)weights[i] * total * (all < 0 ? -1 : 1), d = all < 0 ? -all : all;

		/* Rounded down, also below zero, so that all that is missing is a unit here and there. */
		parts[i] = d == 0 ? 0 : (int64_t)((x - (x < 0 ? d - 1 : 0)) / d);
		shares[i] = (struct share){i, x - parts[i] * d};
		left -= parts[i];
	}
	qsort(shares, n, sizeof(*shares), by_rest);
	for (size_t i = 0; i < n && left > 0 && all != 0; i++, left--)
		parts[shares[i].i]++;
}

static int64_t
magnitude(int64_t v)
{

	return (v < 0 ? -v : v);
}

/* Is it nothing, or of the sign of what is left and not beyond it? */
static bool
within(int64_t take, int64_t left)
{

	return (take == 0 || ((take > 0) == (left > 0) && magnitude(take) <= magnitude(left)));
}

/* ---- lines ---- */

static void
take_rest(struct credit_line *l)
{

	if (l->left == 0 && (l->by_amount || l->left_quantity == 0))
		return;
	l->taken = true;
	l->take = l->left;
	l->take_quantity = l->by_amount ? 0 : l->left_quantity;
}

/* So many of a line: of what is credited by quantities alone the sum is rounded, so that many small ones come to the same
 * as a large one. */
static enum credit_end
take_quantity(struct credit_line *l, int64_t quantity)
{
	int64_t before = l->of_quantity - l->left_quantity, sum = 0;

	if (quantity <= 0 || !within(quantity, l->left_quantity))
		return (CREDIT_MORE);
	if (quantity == l->left_quantity && !l->by_amount) {
		take_rest(l);
		return (CREDIT_DONE);
	}
	if (money_muldiv(l->of, l->by_amount ? quantity : before + quantity, l->of_quantity, &sum) == -1)
		return (CREDIT_MORE);
	l->take = l->by_amount ? sum : sum - (l->of - l->left);
	if (!within(l->take, l->left))
		return (CREDIT_MORE);
	l->taken = true;
	l->take_quantity = quantity;
	return (CREDIT_DONE);
}

/* What was written as millionths, in minor units.  0, or -1 where that leaves something. */
static int
minor(const struct credit_bill *b, int64_t written, int64_t *v)
{
	int64_t unit = PRICE_SCALE;

	for (int i = 0; i < b->decimals; i++)
		unit /= 10;
	*v = written / unit;
	return (written % unit == 0 ? 0 : -1);
}

static enum credit_end
take_line(const struct credit_bill *b, struct credit_line *l, const struct credit_want_line *w)
{
	int64_t net;

	if (w->quantity != 0)
		return (take_quantity(l, w->quantity));
	if (minor(b, w->net, &net) == -1)
		return (CREDIT_PLACES);
	if (net == 0 || !within(net, l->left))
		return (CREDIT_MORE);
	if (net == l->left) {
		take_rest(l);
		return (CREDIT_DONE);
	}
	l->taken = true;
	l->take = net;
	return (CREDIT_DONE);
}

static enum credit_end
take_lines(struct crediting *r, struct credit_bill *b)
{
	enum credit_end end = CREDIT_DONE;

	for (size_t i = 0; i < r->want->n_lines && end == CREDIT_DONE; i++) {
		const struct credit_want_line *w = &r->want->lines[i];
		struct credit_line *l = b->lines;

		r->c->at = w->position;
		while (l < b->lines + b->n_lines && l->position != w->position)
			l++;
		end = l == b->lines + b->n_lines || l->taken ? CREDIT_LINE : take_line(b, l, w);
	}
	if (end == CREDIT_DONE)
		r->c->at = 0;
	return (end);
}

/* ---- an amount ---- */

/* The tax on so much of a rate, as EN 16931 has it: on the sum, and over all credits so far.  The last one takes the rest. */
static int64_t
tax_of(const struct credit_tax *x, int64_t base)
{
	int64_t sum = 0, take;

	if (base == x->left_base)
		return (x->left_amount);
	if (money_muldiv(x->base - x->left_base + base, x->hundredths, 10000, &sum) == -1)
		return (0);
	take = sum - (x->amount - x->left_amount);
	if (within(take, x->left_amount))
		return (take);
	return ((take > 0) == (x->left_amount > 0) ? x->left_amount : 0);
}

/* So much of a rate, tax included, as net and tax that sum to it.  There are sums that no net has with its tax to the
 * unit: then the tax is one beside it, and the next credit puts it right. */
static void
split(struct credit_tax *x, int64_t gross)
{
	static const int64_t beside[] = {0, 1, -1, 2, -2};
	int64_t net = 0, about;

	x->taken = gross != 0;
	if (gross == x->left_base + x->left_amount) {
		x->take_base = x->left_base;
		x->take_amount = x->left_amount;
		return;
	}
	if (money_muldiv(gross, 10000, 10000 + x->hundredths, &net) == -1)
		net = 0;
	about = net;
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (within(about + beside[i], x->left_base) && about + beside[i] != x->left_base &&
		    about + beside[i] + tax_of(x, about + beside[i]) == gross) {
			net = about + beside[i];
			break;
		}
	/* Never beyond what is left of either, and not all of the net while there is tax left. */
	if (magnitude(net) >= magnitude(x->left_base) && x->left_base != 0)
		net = x->left_base - (x->left_base > 0 ? 1 : -1);
	if (magnitude(gross - net) > magnitude(x->left_amount))
		net = gross - x->left_amount;
	x->take_base = net;
	x->take_amount = gross - net;
}

static int64_t
left_gross(const struct credit_bill *b)
{
	int64_t sum = 0;

	for (size_t i = 0; i < b->n_taxes; i++)
		sum += b->taxes[i].left_base + b->taxes[i].left_amount;
	return (sum);
}

/* Over the rates by what is left of each, tax included, and within a rate over its lines. */
static void
take_amount(struct crediting *r, struct credit_bill *b, int64_t amount)
{
	const size_t most = b->n_lines > b->n_taxes ? b->n_lines : b->n_taxes;
	int64_t *weights = arena_zero(r->a, most + 1, sizeof(*weights)),
		*parts = arena_zero(r->a, most + 1, sizeof(*parts));

	for (size_t i = 0; i < b->n_taxes; i++)
		weights[i] = b->taxes[i].left_base + b->taxes[i].left_amount;
	credit_spread(r->a, weights, b->n_taxes, amount, parts);
	for (size_t i = 0; i < b->n_taxes; i++)
		split(&b->taxes[i], parts[i]);
	for (size_t t = 0; t < b->n_taxes; t++) {
		for (size_t i = 0; i < b->n_lines; i++)
			weights[i] = b->lines[i].tax == t ? b->lines[i].left : 0;
		credit_spread(r->a, weights, b->n_lines, b->taxes[t].take_base, parts);
		for (size_t i = 0; i < b->n_lines; i++) {
			b->lines[i].taken = b->lines[i].taken || parts[i] != 0;
			b->lines[i].take += parts[i];
		}
	}
}

/* ---- sums ---- */

static void
add_up(struct credit_bill *b)
{

	b->net = b->tax = 0;
	for (size_t i = 0; i < b->n_taxes; i++) {
		b->net += b->taxes[i].take_base;
		b->tax += b->taxes[i].take_amount;
	}
	b->total = b->net + b->tax;
	b->taken = b->total > 0 && b->open > 0 ? (b->total < b->open ? b->total : b->open) : 0;
}

void
credit_total(struct credit_bill *b)
{

	for (size_t i = 0; i < b->n_lines; i++)
		if (b->lines[i].taken) {
			b->taxes[b->lines[i].tax].taken = true;
			b->taxes[b->lines[i].tax].take_base += b->lines[i].take;
		}
	for (size_t i = 0; i < b->n_taxes; i++)
		if (b->taxes[i].taken)
			b->taxes[i].take_amount = tax_of(&b->taxes[i], b->taxes[i].take_base);
	add_up(b);
}

/* All that is left. */
static void
take_all(struct credit_bill *b)
{

	for (size_t i = 0; i < b->n_lines; i++)
		take_rest(&b->lines[i]);
	for (size_t i = 0; i < b->n_taxes; i++)
		b->taxes[i].taken = b->taxes[i].left_base != 0 || b->taxes[i].left_amount != 0;
}

static bool
takes_any(const struct credit_bill *b)
{

	for (size_t i = 0; i < b->n_lines; i++)
		if (b->lines[i].taken)
			return (true);
	for (size_t i = 0; i < b->n_taxes; i++)
		if (b->taxes[i].taken)
			return (true);
	return (false);
}

enum credit_end
credit_sum(struct crediting *r)
{
	struct credit_bill *b = &r->c->bills[0];
	const int64_t left = left_gross(b);
	enum credit_end end = CREDIT_DONE;
	int64_t amount = left;

	if (r->want->mode == CREDIT_AMOUNT) {
		if (minor(b, r->want->amount, &amount) == -1)
			return (CREDIT_PLACES);
		if (left <= 0 || amount > left)
			return (left <= 0 ? CREDIT_NOTHING : CREDIT_MORE);
	}
	if (amount < left) {
		take_amount(r, b, amount);
		add_up(b);
		return (CREDIT_DONE);
	}
	if (r->want->mode == CREDIT_LINES)
		end = take_lines(r, b);
	else
		take_all(b);
	credit_total(b);
	return (end != CREDIT_DONE ? end : takes_any(b) ? CREDIT_DONE : CREDIT_NOTHING);
}
