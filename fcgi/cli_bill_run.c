#include "cli_bill_run.h"

#include <stdio.h>
#include <string.h>

#include "base/conf.h"
#include "base/date.h"
#include "base/money.h"
#include "cli_admin.h"
#include "cli_stop.h"
#include "core/admin_query.h"
#include "core/rq.h"
#include "trade/bill_run.h"
#include "trade/period.h"
#include "trade/reconcile.h"

#define LEFT_MOST 5000 /* that are told */
#define GAPS_MAX ((size_t)256 * 1024 * 1024)

struct words {
	const char *verb, *day, *issue;
	int64_t cycle, run, sequence;
	bool json;
};

/* 0, or -1 after saying what is wrong. */
static int
read_words(int argc, char **argv, struct words *w)
{

	*w = (struct words){.verb = argc > 0 ? argv[0] : "", .cycle = 1};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			w->json = true;
		else if (strcmp(argv[i], "--day") == 0 && i + 1 < argc)
			w->day = argv[++i];
		else if (strcmp(argv[i], "--issue") == 0 && i + 1 < argc)
			w->issue = argv[++i];
		else if (strcmp(argv[i], "--sequence") == 0 && i + 1 < argc && w->sequence == 0 &&
		    str_int(str_of(argv[i + 1]), &w->sequence) == 0 && w->sequence > 0 && w->sequence < 1000)
			i++;
		else if (strcmp(argv[i], "--cycle") == 0 && i + 1 < argc) {
			if (str_int(str_of(argv[++i]), &w->cycle) == -1 || w->cycle < 1 || w->cycle > 31) {
				fprintf(stderr, "bill-run: a cycle begins on the 1st to the 31st\n");
				return (-1);
			}
		} else if (w->run != 0 || str_int(str_of(argv[i]), &w->run) == -1 || w->run < 1) {
			fprintf(stderr, "bill-run: %s is not known here\n", argv[i]);
			return (-1);
		}
	}
	if (strcmp(w->verb, "open") == 0 ? w->day != NULL && w->run == 0
					 : w->run != 0 &&
		    (strcmp(w->verb, "approve") == 0 || strcmp(w->verb, "go") == 0 || strcmp(w->verb, "show") == 0))
		return (0);
	if (strcmp(w->verb, "reconcile") == 0 && w->day == NULL)
		return (0);
	fprintf(stderr,
	    "bill-run: open --day DAY, or approve, go or show and the number of a run, or reconcile and perhaps one\n");
	return (-1);
}

/* The period that ends by the day: the run's number, 0 after saying which word is wrong, or -1. */
static int64_t
open_run(struct db *db, struct arena *a, const struct words *w)
{
	int64_t day, issue, start, end, root = 0;

	if (date_parse(str_of(w->day), &day) == -1 ||
	    date_parse(str_of(w->issue != NULL ? w->issue : w->day), &issue) == -1) {
		fprintf(stderr, "bill-run: a day is written 2026-06-01\n");
		return (0);
	}
	period_of((int)w->cycle, day, &start, &end); /* that day is in it: the one before has ended */
	period_of((int)w->cycle, start - 1, &start, &end);
	if (query_number_admin(db, a, Q_tenant_root, NULL, 0, &root) != 1)
		return (-1);
	return (bill_run_open(db, a,
	    &(struct bill_run_want){root, (int)w->cycle, date_text(a, start), date_text(a, end), date_text(a, issue), 0,
		(int)w->sequence}));
}

struct shown {
	struct buf *out;
	bool json, first, held;
};

/* id, _phase, _cycle_day, _period_start, _period_end, _accounts, _drafts, _issued */
static int
show_run(void *ctx, const struct db_val *v)
{
	struct shown *s = ctx;

	s->held = str_eqz(v[1].s, "held");
	buf_printf(s->out,
	    s->json
		? "{\"run\":%lld,\"phase\":\"%.*s\",\"cycle\":%lld,\"period\":{\"start\":\"%.*s\",\"end\":\"%.*s\"},"
		  "\"accounts\":%lld,\"documents\":%lld,\"issued\":%lld,\"checks\":{"
		: "run %lld is %.*s: cycle of day %lld, %.*s to %.*s, %lld accounts, %lld documents, %lld issued\n",
	    (long long)v[0].i, STR_ARG(v[1].s), (long long)v[2].i, STR_ARG(v[3].s), STR_ARG(v[4].s), (long long)v[5].i,
	    (long long)v[6].i, (long long)v[7].i);
	return (0);
}

/* _name, _found */
static int
show_check(void *ctx, const struct db_val *v)
{
	struct shown *s = ctx;

	buf_printf(s->out, s->json ? "%s\"%.*s\":%lld" : "%s  %.*s: %lld\n", s->json && !s->first ? "," : "",
	    STR_ARG(v[0].s), (long long)v[1].i);
	s->first = false;
	return (0);
}

static const struct {
	const char *reason, *text;
} whys[] = {
    {"closed", "the account is closed"},
    {"seller_closed", "who sells to it is closed"},
    {"error", "its amounts could not be computed"},
    {"hand", "it was left out by hand"},
    {"agreement", "no agreement holds, or none in the account's currency"},
    {"rule", "no rule of a price list is for it"},
    {"list_price", "it has no list price on that day"},
    {"currency", "the agreement and its account are not of one currency"},
    {"rate", "there is no exchange rate on that day for what its price is made of"},
    {"tax", "no tax rule is for it"},
    {"floor", "the price is below its floor"},
    {"too_much", "it is more than the last tier reaches"},
};

/* _account, _customer, _offering, _seller, _reason, _detail */
static int
show_left(void *ctx, const struct db_val *v)
{
	static const char *const names[] = {"account", "customer", "offering", "seller", "reason", "detail"};
	struct shown *s = ctx;

	for (size_t i = 0; s->json && i < sizeof(names) / sizeof(names[0]); i++) {
		buf_printf(s->out, "%s\"%s\":", i > 0 ? "," : s->first ? "{" : ",{", names[i]);
		json_str(s->out, v[i].s);
	}
	s->first = false;
	if (s->json) {
		buf_char(s->out, '}');
		return (0);
	}
	buf_printf(s->out, "  left out: %.*s (%.*s)", STR_ARG(v[0].s), STR_ARG(v[1].s));
	if (v[2].s.n > 0)
		buf_printf(s->out, ", %.*s sold by %.*s", STR_ARG(v[2].s), STR_ARG(v[3].s));
	for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++)
		if (str_eqz(v[4].s, whys[i].reason))
			buf_printf(s->out, ": %s", whys[i].text);
	buf_printf(s->out, v[5].s.n > 0 ? " (%.*s)\n" : "%.*s\n", STR_ARG(v[5].s));
	return (0);
}

/* The exit status. */
static int
show(struct db *db, struct arena *a, int64_t run, bool json)
{
	const struct arg of[] = {int_arg("run", run), int_arg("page", LEFT_MOST)};
	struct buf out;
	struct shown s = {&out, json, true, false};
	int64_t n;

	buf_init(&out, a, 16 * 1024 * 1024);
	n = query_each_admin(db, a, Q_bill_run_show, of, 1, show_run, &s);
	if (n == 0)
		fprintf(stderr, "bill-run: there is no run %lld\n", (long long)run);
	if (n != 1 || query_each_admin(db, a, Q_bill_run_checks, of, 1, show_check, &s) == -1)
		return (1);
	buf_addz(&out, json ? "},\"left_out\":[" : "");
	s.first = true;
	if ((n = query_each_admin(db, a, Q_bill_run_left, of, 2, show_left, &s)) == -1)
		return (1);
	buf_addz(&out, json ? "]}\n" : n == LEFT_MOST ? "  and perhaps more\n" : "");
	fwrite(out.p, 1, out.n, stdout);
	return (s.held ? 3 : 0);
}

/* ---- reconcile ---- */

static void
quantity(struct buf *out, const char *name, struct str q, bool json)
{

	buf_printf(out, json ? ",\"%s\":\"" : "  %s ", name);
	money_price(out, q, 0);
	buf_addz(out, json ? "\"" : "");
}

static void
show_gap(void *ctx, const struct gap *g)
{
	const struct {
		const char *name;
		struct str value;
	} words[] = {{"kind", g->kind}, {"customer", g->customer}, {"account", g->account}, {"offering", g->offering},
	    {"start", g->starts}, {"end", g->ends}};
	struct shown *s = ctx;

	buf_addz(s->out, s->json && !s->first ? "," : "");
	s->first = false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (s->json) {
			buf_printf(s->out, "%s\"%s\":", i == 0 ? "{" : ",", words[i].name);
			json_str(s->out, words[i].value);
		} else
			buf_printf(s->out, "%s%.*s", i == 0 ? "" : "  ", STR_ARG(words[i].value));
	}
	quantity(s->out, "used", g->used, s->json);
	quantity(s->out, "bought", g->bought, s->json);
	quantity(s->out, "billed", g->billed, s->json);
	buf_addz(s->out, s->json ? ",\"value\":{\"amount\":\"" : "  worth ");
	money_plain(s->out, g->value, g->decimals);
	buf_printf(s->out, s->json ? "\",\"currency\":\"%.*s\"}}" : " %.*s\n", STR_ARG(g->currency));
}

/* The exit status: 3 where there are gaps. */
static int
show_gaps(struct db *db, struct arena *a, int64_t run, bool json)
{
	struct buf out;
	struct shown s = {&out, json, true, false};
	int64_t n;

	buf_init(&out, a, GAPS_MAX);
	buf_addz(&out, json ? "{\"gaps\":[" : "");
	for (int part = 0; part < RECONCILE__MAX; part++) {
		if ((n = reconcile(db, a, run, (enum reconcile_part)part, show_gap, &s)) == -1)
			return (1);
		s.held |= n > 0;
	}
	buf_addz(&out, json ? "]}\n" : s.held ? "" : "what was used is bought and billed\n");
	if (buf_failed(&out)) {
		fprintf(stderr, "bill-run: there are too many gaps to tell them all; ask for one run\n");
		return (1);
	}
	fwrite(out.p, 1, out.n, stdout);
	return (s.held ? 3 : 0);
}

static int
run_verb(struct db *db, struct arena *a, const struct words *w)
{
	int64_t run = w->run;
	enum bill_run_end end;

	if (strcmp(w->verb, "reconcile") == 0)
		return (show_gaps(db, a, run, w->json));
	if (w->day != NULL && (run = open_run(db, a, w)) <= 0)
		return (run == 0 ? 2 : 1);
	if (strcmp(w->verb, "approve") == 0 && bill_run_approve(db, a, run, 0) == -1)
		return (1);
	if (strcmp(w->verb, "show") != 0) {
		end = bill_run_go(db, a, run, cli_go_on, NULL);
		if (end == BILL_RUN_FAILED || end == BILL_RUN_STOPPED) {
			fprintf(stderr, "bill-run: run %lld %s; bill-run go %lld goes on with it\n", (long long)run,
			    end == BILL_RUN_FAILED ? "could not go on" : "is interrupted", (long long)run);
			return (1);
		}
	}
	return (show(db, a, run, w->json));
}

int
cli_bill_run(int argc, char **argv)
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
	rc = run_verb(db, a, &w);
	arena_close(a);
	db_close(db);
	return (rc);
}
