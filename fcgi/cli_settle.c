#include "cli_settle.h"

#include <stdio.h>
#include <string.h>

#include "base/conf.h"
#include "base/date.h"
#include "base/money.h"
#include "cli_admin.h"
#include "cli_stop.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/ledger.h"

#define OUT_MAX ((size_t)64 * 1024 * 1024)

struct words {
	const char *period, *tenant, *currency, *from, *percent, *fixed;
	bool fee, json;
};

/* 0, or -1 after saying what is wrong. */
static int
read_words(int argc, char **argv, struct words *w)
{
	const struct {
		const char *name, **to;
		bool fee;
	} named[] = {{"--period", &w->period, false}, {"--tenant", &w->tenant, false},
	    {"--currency", &w->currency, true}, {"--from", &w->from, true}, {"--percent", &w->percent, true},
	    {"--fixed", &w->fixed, true}};
	int i = 0;

	*w = (struct words){.percent = "0", .fixed = "0"};
	if (argc > 1 && strcmp(argv[0], "fee") == 0) {
		w->fee = true;
		w->tenant = argv[1];
		i = 2;
	}
	for (; i < argc; i++) {
		size_t k = 0;

		while (k < sizeof(named) / sizeof(named[0]) &&
		    (named[k].fee != w->fee || strcmp(argv[i], named[k].name) != 0))
			k++;
		if (k < sizeof(named) / sizeof(named[0]) && i + 1 < argc)
			*named[k].to = argv[++i];
		else if (!w->fee && strcmp(argv[i], "--json") == 0)
			w->json = true;
		else {
			fprintf(stderr, "settle: %s is not known here\n", argv[i]);
			return (-1);
		}
	}
	if (w->fee ? w->currency != NULL && w->from != NULL : w->period != NULL)
		return (0);
	fprintf(stderr, "settle: --period MONTH, or fee SLUG --currency CODE --from DAY\n");
	return (-1);
}

/* ---- a fee ---- */

static int
set_fee(struct db *db, struct arena *a, const struct words *w)
{
	const struct str currency = str_of(w->currency);
	struct arg args[] = {text_arg("slug", str_of(w->tenant)), text_arg("currency", currency),
	    text_arg("starts", str_of(w->from)), text_arg("rate", str_of(w->percent)), int_arg("fixed", 0)};
	int64_t day, rate, fixed, n;

	if (money_decimals(currency) == -1 || date_parse(str_of(w->from), &day) == -1 ||
	    money_millionths(str_of(w->percent), &rate) == -1 || rate < 0 || rate > (int64_t)100 * PRICE_SCALE ||
	    money_millionths(str_of(w->fixed), &fixed) == -1 || fixed < 0 ||
	    money_minor(fixed, currency, &args[4].v.i) == -1) {
		fprintf(stderr,
		    "settle fee: a currency is written EUR, a day 2026-06-01, per cent 1.5 (0 to 100), and an amount with the "
		    "decimals of its currency\n");
		return (2);
	}
	if ((n = query_run_admin(db, a, Q_ledger_fee_rule, args, 5)) == 0)
		fprintf(
		    stderr, "settle fee: nothing changed: it is so already, or there is no reseller %s\n", w->tenant);
	return (n == -1 ? 1 : 0);
}

/* ---- a period ---- */

struct shown {
	struct buf *out;
	bool json, first;
};

/* _slug, _currency, _decimals, then the sums of statement_sums */
static int
show(void *ctx, const struct db_val *v)
{
	static const char *const sums[] = {
	    "opening", "sold", "channel", "cost", "commission", "collected", "paid_in", "fees", "paid_out", "closing"};
	struct shown *s = ctx;

	buf_printf(s->out, s->json ? "%s{\"tenant\":\"%.*s\",\"currency\":\"%.*s\"" : "%s%.*s %.*s",
	    s->json && !s->first ? "," : "", STR_ARG(v[0].s), STR_ARG(v[1].s));
	s->first = false;
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		buf_printf(s->out, s->json ? ",\"%s\":\"" : "  %s ", sums[i]);
		money_plain(s->out, v[3 + i].i, (int)v[2].i);
		buf_addz(s->out, s->json ? "\"" : "");
	}
	buf_addz(s->out, s->json ? "}" : "\n");
	return (0);
}

/* The exit status. */
static int
print(struct db *db, struct arena *a, int64_t tenant, struct str start, const struct words *w)
{
	const struct arg args[] = {int_arg("of_tenant", tenant), text_arg("period_start", start)};
	struct buf out;
	struct shown s = {&out, w->json, true};
	int64_t wrong = ledger_check(db, a);

	buf_init(&out, a, OUT_MAX);
	buf_addz(&out, w->json ? "{\"statements\":[" : "");
	if (wrong == -1 || query_each_admin(db, a, Q_ledger_show, args, 2, show, &s) == -1)
		return (1);
	if (w->json)
		buf_printf(&out, "],\"wrong\":%lld}\n", (long long)wrong);
	else if (s.first)
		buf_addz(&out, "nothing moved up to the end of that month\n");
	fwrite(out.p, 1, out.n, stdout);
	return (wrong > 0 ? 3 : 0);
}

static int
settle(struct db *db, struct arena *a, const struct words *w)
{
	const struct arg slug = text_arg("slug", str_of(w->tenant != NULL ? w->tenant : ""));
	struct str start, end;
	int64_t tenant = 0, closing, day, today;
	char now[20];

	date_now_sql(now);
	if (ledger_period(a, str_of(w->period), &start, &end) == -1 || date_parse(end, &day) == -1 ||
	    date_parse((struct str){now, 10}, &today) == -1 || day > today) {
		fprintf(stderr, "settle: a month that is over is written 2026-06\n");
		return (2);
	}
	if (w->tenant != NULL && query_number_admin(db, a, Q_ledger_tenant, &slug, 1, &tenant) != 1) {
		fprintf(stderr, "settle: there is no tenant %s\n", w->tenant);
		return (2);
	}
	if ((closing = ledger_ask(db, a, tenant, start, end)) == -1)
		return (1);
	switch (ledger_go(db, a, closing, cli_go_on, NULL)) {
	case LEDGER_DONE:
		return (print(db, a, tenant, start, w));
	case LEDGER_STOPPED:
	case LEDGER_FAILED:
		break;
	}
	fprintf(stderr, "settle: it is not done yet; the same command, or portico-jobs, goes on with it\n");
	return (1);
}

int
cli_settle(int argc, char **argv)
{
	struct words w;
	struct arena *a;
	struct db *db;
	int rc;

	if (read_words(argc, argv, &w) == -1)
		return (2);
	if ((db = cli_admin_db(conf_text(CONF_db_name))) == NULL)
		return (1);
	cli_stop_catch();
	a = arena_open();
	rc = w.fee ? set_fee(db, a, &w) : settle(db, a, &w);
	arena_close(a);
	db_close(db);
	return (rc);
}
