/* What bill runs bill in tests: a small book of three chains, and how to forget that it was billed. */
#ifndef TESTS_BILL_BOOK_H
#define TESTS_BILL_BOOK_H

#include "scratch_sql.h"
#include "used_view.h"

#define ACCOUNTS 24
#define CHUNK 3
#define PERIOD_START "2026-06-01"
#define PERIOD_END "2026-07-01"

/* ---- the book ---- */

/* Two dealers below a distributor, and one below the provider; every account has seats, a line and calls. */
static void
write_book(struct buf *b)
{
	static const char *const tail[] = {"A", "A", "B"};
	static const char *const dealers[] = {"D1", "D2", "B"};

	buf_addz(b,
	    "{\"currency\":\"EUR\",\"minor\":2,\"vat\":\"20\",\"period\":{\"start\":\"" PERIOD_START
	    "\",\"end\":\"" PERIOD_END "\"},\"collector\":\"root\",\"offerings\":["
	    "{\"code\":\"SEAT\",\"kind\":\"recurring\",\"price\":{\"model\":\"per_unit\",\"unit\":\"10.00\"}},"
	    "{\"code\":\"LINE\",\"kind\":\"recurring\",\"vat\":\"7\",\"price\":{\"model\":\"flat\",\"unit\":\"29.95\"}},"
	    "{\"code\":\"CALL\",\"kind\":\"usage\",\"included\":\"5\",\"price\":{\"model\":\"graduated\",\"tiers\":["
	    "{\"up_to\":\"10\",\"unit\":\"0.05\"},{\"up_to\":null,\"unit\":\"0.0333\"}]}}],\"chains\":{");
	for (int i = 0; i < ACCOUNTS; i++) {
		buf_printf(b,
		    "%s\"K%02d\":[{\"seller\":\"P\",\"buyer\":\"%s\",\"prices\":[{\"match\":\"*\",\"method\":"
		    "\"rrp_minus_pct\",\"value\":\"33\"}]},",
		    i == 0 ? "" : ",", i, tail[i % 3]);
		if (i % 3 < 2)
			buf_printf(b,
			    "{\"seller\":\"A\",\"buyer\":\"%s\",\"prices\":[{\"match\":\"*\",\"method\":"
			    "\"cost_plus_pct\",\"value\":\"12.5\"}]},",
			    dealers[i % 3]);
		buf_printf(b,
		    "{\"seller\":\"%s\",\"buyer\":\"K%02d\",\"prices\":[{\"match\":\"*\",\"method\":\"pass_through\"},"
		    "{\"match\":\"SEAT\",\"method\":\"fixed\",\"value\":\"11.11\"}]}]",
		    dealers[i % 3], i);
	}
	buf_addz(b, "},\"subscriptions\":[");
	for (int i = 0; i < ACCOUNTS; i++)
		buf_printf(b,
		    "%s{\"account\":\"K%02d\",\"offering\":\"SEAT\",\"quantity\":\"%d\",\"from\":\"2026-06-%02d\"},"
		    "{\"account\":\"K%02d\",\"offering\":\"LINE\",\"quantity\":\"1\",\"from\":\"2026-01-01\"}",
		    i == 0 ? "" : ",", i, i + 1, i + 1, i);
	buf_addz(b, "],\"usage\":[");
	for (int i = 0; i < ACCOUNTS; i++)
		buf_printf(b,
		    "%s{\"account\":\"K%02d\",\"offering\":\"CALL\",\"quantity\":\"%d.37\",\"at\":"
		    "\"2026-06-%02dT12:00:00Z\"}",
		    i == 0 ? "" : ",", i, 3 * i, i + 1);
	buf_addz(b, "]}");
}

/* What each test begins with besides the book, as SQL; NULL: nothing. */
static const char *book_more;

/* As if nothing had ever been billed. */
static void
forget(void)
{
	static const char *const tables[] = {"commission", "settlement_conversion", "settlement", "draft", "draft_tax",
	    "reject", "charge", "chain_tier", "chain_edge", "chain_price", "billable", "bill_run_parked",
	    "bill_run_check", "bill_run", "discount_use", "discount", "minimum_use", "minimum", "document_tax",
	    "document_line", "incoming", "document", "series", "usage_total", "usage_late"};

	plain("SET SESSION foreign_key_checks = 0");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		plain(arena_printf(a, "TRUNCATE TABLE %s", tables[i]).p);
	plain("SET SESSION foreign_key_checks = 1");
	plain("SET GLOBAL innodb_flush_log_at_trx_commit = 1"); /* a server that is killed next has not lost it */
	plain("UPDATE usage_batch SET bytes = bytes + 1");
	plain("SET GLOBAL innodb_flush_log_at_trx_commit = 0");
	if (book_more != NULL)
		plain(book_more);
}

/* A server of the test's own with the book in it.  0, or -1 after saying why. */
static int
book_open(void)
{
	struct settlement_case *c;
	struct str wrong;
	struct buf b;

	a = arena_open();
	buf_init(&b, a, 1024 * 1024);
	write_book(&b);
	if (statement_init() == -1 || scratch_start() == -1 || (db = scratch_fresh("book")) == NULL)
		return (-1);
	if ((c = rehearse_case(a, buf_str(&b), &wrong)) == NULL) {
		fprintf(stderr, "%.*s\n", STR_ARG(wrong));
		return (-1);
	}
	return (rehearse_load(db, a, c, &wrong) == -1 || db_plain(db, str_of(used_view)) == -1 ? -1 : 0);
}

static void
book_close(void)
{

	db_close(db);
	arena_close(a);
	scratch_stop();
}

static int __attribute__((unused)) /* not by those with a set-up of their own */
book_setup(void **state)
{

	(void)state;
	return (book_open());
}

static int
book_teardown(void **state)
{

	(void)state;
	book_close();
	return (0);
}

#endif
