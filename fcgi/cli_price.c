#include "cli_price.h"

#include <stdio.h>
#include <string.h>

#include "base/conf.h"
#include "base/date.h"
#include "cli_admin.h"
#include "core/seal.h"
#include "trade/simulate.h"

struct words {
	const char *list, *from;
	int64_t id;
	bool json;
};

/* A number, or a public id of this deployment.  0, or -1. */
static int
list_id(const char *text, int64_t *id)
{
	struct crypt_block *key;
	int rc;

	if (str_int(str_of(text), id) == 0)
		return (0);
	if ((key = seal_key()) == NULL)
		return (-1);
	rc = seal_id_open(key, RES_price_list, str_of(text), id);
	crypt_block_close(key);
	return (rc);
}

/* 0, or -1 after saying what is wrong. */
static int
read_words(int argc, char **argv, struct words *w)
{
	int64_t day;

	*w = (struct words){.list = NULL};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			w->json = true;
		else if (strcmp(argv[i], "--from") == 0 && i + 1 < argc)
			w->from = argv[++i];
		else if (w->list == NULL)
			w->list = argv[i];
		else
			w->id = -1;
	}
	if (argc < 2 || strcmp(argv[0], "simulate") != 0 || w->list == NULL || w->id == -1) {
		fprintf(stderr, "price: simulate LIST [--from DAY] [--json]\n");
		return (-1);
	}
	if (w->from != NULL && date_parse(str_of(w->from), &day) == -1) {
		fprintf(stderr, "price: a day is written 2026-06-01\n");
		return (-1);
	}
	if (list_id(w->list, &w->id) == -1) {
		fprintf(stderr, "price: %s is no price list\n", w->list);
		return (-1);
	}
	return (0);
}

static void
write_json(struct buf *b, const struct simulated *r)
{

	buf_printf(b, "{\"seller_id\":%lld,\"buyer_id\":%lld,\"account_id\":%lld,\"offering_id\":%lld",
	    (long long)r->seller, (long long)r->buyer, (long long)r->account, (long long)r->offering);
	json_text(b, "seller", r->seller_name);
	json_text(b, "buyer", r->buyer_name);
	json_text(b, "account", r->account_number);
	json_text(b, "offering", r->offering_name);
	json_text(b, "currency", r->currency);
	json_text(b, "above", r->above);
	json_text(b, "old", r->old);
	json_text(b, "new", r->new_);
	json_text(b, "old_cost", r->old_cost);
	json_text(b, "new_cost", r->new_cost);
	json_text(b, "old_margin", r->old_margin);
	json_text(b, "new_margin", r->new_margin);
	json_text(b, "floor", r->floor);
	json_text(b, "below_floor", r->below_floor);
	json_text(b, "trouble", r->trouble);
	if (r->cost_rate.n > 0) {
		json_text(b, "cost_currency", r->cost_currency);
		json_text(b, "cost_rate", r->cost_rate);
		json_text(b, "rate_day", r->rate_day);
		json_text(b, "rate_source", r->rate_source);
	}
	buf_char(b, '}');
}

static struct str
or_none(struct str s)
{

	return (s.n == 0 ? S("-") : s);
}

static void
write_line(struct buf *b, const struct simulated *r)
{
	const struct str buyer = r->buyer_name.n > 0 ? r->buyer_name
	    : r->account_number.n > 0                ? r->account_number
						     : S("all others");

	buf_printf(b, "%.*s -> %.*s: %.*s above %.*s: %.*s -> %.*s %.*s, margin %.*s -> %.*s%s%.*s%s%.*s",
	    STR_ARG(r->seller_name), STR_ARG(buyer), STR_ARG(r->offering_name), STR_ARG(or_none(r->above)),
	    STR_ARG(or_none(r->old)), STR_ARG(or_none(r->new_)), STR_ARG(or_none(r->currency)),
	    STR_ARG(or_none(r->old_margin)), STR_ARG(or_none(r->new_margin)),
	    r->below_floor.n > 0 ? ", below its floor: " : "", STR_ARG(r->below_floor),
	    r->trouble.n > 0 ? ", no price: " : "", STR_ARG(r->trouble));
	if (r->cost_rate.n > 0)
		buf_printf(b, ", cost from %.*s at %.*s (%.*s, %.*s)", STR_ARG(r->cost_currency), STR_ARG(r->cost_rate),
		    STR_ARG(r->rate_source), STR_ARG(r->rate_day));
	buf_char(b, '\n');
}

static void
print(struct arena *a, const struct simulation *s, bool json)
{
	struct buf b;

	buf_init(&b, a, (size_t)64 * 1024 * 1024);
	if (json)
		buf_printf(&b, "{\"day\":\"%.*s\",\"chains\":%lld,\"more\":%s,\"moved\":[", STR_ARG(s->day),
		    (long long)s->chains, s->more ? "true" : "false");
	for (size_t i = 0; i < s->n; i++) {
		if (json && i > 0)
			buf_char(&b, ',');
		(json ? write_json : write_line)(&b, &s->rows[i]);
	}
	if (json)
		buf_addz(&b, "]}\n");
	else
		buf_printf(&b, "%zu prices would move from %.*s on%s\n", s->n, STR_ARG(s->day),
		    s->more ? ", and there are more" : "");
	fwrite(b.p, 1, b.n, stdout);
}

int
cli_price(int argc, char **argv)
{
	struct simulation s;
	struct words w;
	struct arena *a;
	struct db *db;
	int rc;

	if (read_words(argc, argv, &w) == -1)
		return (2);
	if ((db = cli_admin_db(conf_text(CONF_db_name))) == NULL)
		return (1);
	a = arena_open();
	rc = simulate(db, a, w.id, w.from == NULL ? S("") : str_of(w.from), true, &s);
	if (rc == 0)
		fprintf(stderr, "price: there is no such list, or it has no draft\n");
	else if (rc == 1)
		print(a, &s, w.json);
	arena_close(a);
	db_close(db);
	return (rc == 1 ? 0 : 1);
}
