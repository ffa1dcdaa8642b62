/* portico: the operator's command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "cli_admin.h"
#include "cli_approve.h"
#include "cli_bill_run.h"
#include "cli_explain.h"
#include "cli_price.h"
#include "cli_rate.h"
#include "cli_rehearse.h"
#include "cli_settle.h"
#include "cli_usage.h"
#include "core/access.h"
#include "core/admin_query.h"
#include "core/anchor.h"
#include "core/chain_verify.h"
#include "core/seal.h"
#include "start.h"
#include "trade/brand.h"
#include "trade/demo.h"
#include "trade/migrate.h"
#include "trade/role.h"

static const char usage[] =
    "portico [-c FILE] COMMAND\n"
    "\n"
    "  migrate                 bring the database to this version's schema\n"
    "  demo [--leave-month]    load the demo channel, unless a demo is loaded; its last month is left to a bill run\n"
    "  demo month              the day to run it on, if there is such a month\n"
    "  demo --resellers R --customers N --months M --seed S\n"
    "                          load a generated channel of that size\n"
    "  demo users [--json]     who can sign in to the demo, and where\n"
    "  demo check              do the demo's rows keep the rules?\n"
    "  publish                 write the brands' files; 3 where some were refused\n"
    "  access ROLE             what a built-in role may do and see\n"
    "  explain --user EMAIL --host HOST [--field FIELD] ACTION [ID] [--json]\n"
    "                          why that user may or may not do it, or see the field; 3 where not\n"
    "  approve ID              agree, as the operator, to what waits for a second person\n"
    "  usage load FILE [--source S] [--tenant SLUG] [--json]\n"
    "                          usage from NDJSON or a .csv, for the provider or that tenant; 3 where lines were not taken\n"
    "  id ID                   what a public id stands for; TYPE NUMBER: the public id\n"
    "  audit verify [--json] [--anchor HASH]\n"
    "                          is the audit what was written?  HASH: a link that was noted elsewhere\n"
    "  bill-run open --day DAY [--cycle N] [--issue DAY] [--sequence N] [--json]\n"
    "                          bill the period that ends by that day, of accounts whose cycle begins on the Nth (1);\n"
    "                          goes on with the run where there is one, until it waits for approval; a run of a\n"
    "                          later sequence bills what the ones before it missed and is mended\n"
    "  bill-run approve|go|show RUN [--json]\n"
    "                          approve all that waits and issue it; go on where it was cut; 3 where it is held\n"
    "  bill-run reconcile [RUN] [--json]\n"
    "                          what was used or is subscribed and not bought and billed alike, with what it is worth;\n"
    "                          3 where there is any\n"
    "  settle --period MONTH [--tenant SLUG] [--json]\n"
    "                          close a month (2026-06) that is over for all tenants or one, and print what the provider owes\n"
    "                          each; done again it changes nothing that is closed; 3 where the ledger does not add up\n"
    "  settle fee SLUG --currency CODE --from DAY [--percent P] [--fixed AMOUNT]\n"
    "                          what a tenant pays for collecting, of periods that end behind that day\n"
    "  price simulate LIST [--from DAY] [--json]\n"
    "                          what the draft of a price list would change on all edges, if it were published from\n"
    "                          that day on; LIST is a number or a public id; changes nothing\n"
    "  rate load FILE.csv      exchange rates, all of the file or, where a line is wrong, nothing; its first line is\n"
    "                          currency,worth_in,day,rate,source\n"
    "  rehearse CASE.json [--json]\n"
    "                          bill a settlement case in a scratch database and print what comes out; 2 where\n"
    "                          the case is broken; --json: on one line\n"
    "  settings                every setting with its default\n"
    "\n"
    "FILE is the settings' file; without -c it is $PORTICO_CONF, or portico.conf under $VAR or var.\n";

static int
add_root(void *ctx, const struct db_val *v)
{

	*(int64_t *)ctx = v[0].i;
	return (0);
}

static int
do_migrate(int argc, char **argv)
{
	struct db *db = cli_admin_db(NULL);
	struct arena *a;
	int64_t root = 0;
	int rc;

	(void)argv;
	if (argc != 0) {
		fprintf(stderr, "migrate takes no words\n");
		return (2);
	}
	if (db == NULL)
		return (1);
	a = arena_open();
	rc = migrate(db);
	if (rc == 0 && query_each_admin(db, a, Q_tenant_root, NULL, 0, add_root, &root) == -1)
		rc = -1;
	if (rc == 0 && root != 0 && role_sync(db, root) == -1) {
		fprintf(stderr, "roles: %s\n", db_error_text(db));
		rc = -1;
	}
	arena_close(a);
	db_close(db);
	return (rc == 0 ? 0 : 1);
}

/* email, _host, _portal, role, tenant_name */
static int
print_user_json(void *ctx, const struct db_val *v)
{
	struct buf *b = ctx;
	static const char *const keys[] = {"email", "host", "portal", "role", "tenant"};

	buf_addz(b, b->n == 0 ? "[{" : ",{");
	for (int i = 0; i < 5; i++) {
		json_str(b, str_of(keys[i]));
		buf_char(b, ':');
		json_str(b, v[i].s);
		buf_char(b, ',');
	}
	buf_addz(b, "\"password\":\"" DEMO_PASSWORD "\"}");
	return (0);
}

static int
print_user(void *ctx, const struct db_val *v)
{
	struct buf *b = ctx;

	buf_printf(
	    b, "%-36.*s %-28.*s %-9.*s %.*s\n", STR_ARG(v[0].s), STR_ARG(v[1].s), STR_ARG(v[2].s), STR_ARG(v[4].s));
	return (0);
}

static int
do_demo_users(bool json)
{
	struct db *db = cli_admin_db(conf_text(CONF_db_name));
	struct arena *a;
	struct buf out;
	int64_t n;

	if (db == NULL)
		return (1);
	a = arena_open();
	buf_init(&out, a, 1024 * 1024);
	n = query_each_admin(db, a, Q_user_demo, NULL, 0, json ? print_user_json : print_user, &out);
	if (json)
		buf_addz(&out, n == 0 ? "[]\n" : "]\n");
	else
		buf_printf(&out, "\nPassword of all of them: %s\n", DEMO_PASSWORD);
	if (n != -1)
		fwrite(out.p, 1, out.n, stdout);
	arena_close(a);
	db_close(db);
	return (n == -1 ? 1 : 0);
}

/* --name value pairs into opts.  0, or -1 after saying what is wrong. */
static int
demo_words(int argc, char **argv, struct demo_opts *opts)
{
	int64_t v;

	for (int i = 0; i < argc; i += 2) {
		if (i + 1 == argc || str_int(str_of(argv[i + 1]), &v) == -1 || v < 0) {
			fprintf(stderr, "demo: %s needs a number\n", argv[i]);
			return (-1);
		}
		if (strcmp(argv[i], "--resellers") == 0 && v <= 1000000)
			opts->resellers = (int)v;
		else if (strcmp(argv[i], "--customers") == 0)
			opts->customers = v;
		else if (strcmp(argv[i], "--months") == 0 && v <= 1200)
			opts->months = (int)v;
		else if (strcmp(argv[i], "--seed") == 0)
			opts->seed = (uint64_t)v;
		else {
			fprintf(stderr, "demo: %s %s is not known\n", argv[i], argv[i + 1]);
			return (-1);
		}
	}
	return (0);
}

static int
print_day(void *ctx, const struct db_val *v)
{

	(void)ctx;
	printf("%.*s\n", STR_ARG(v[0].s));
	return (0);
}

static int
do_demo_month(void)
{
	struct db *db = cli_admin_db(conf_text(CONF_db_name));
	struct arena *a;
	int64_t n;

	if (db == NULL)
		return (1);
	a = arena_open();
	n = query_each_admin(db, a, Q_demo_month, NULL, 0, print_day, NULL);
	arena_close(a);
	db_close(db);
	return (n == -1 ? 1 : 0);
}

static int
do_demo(int argc, char **argv)
{
	const bool leave = argc == 1 && strcmp(argv[0], "--leave-month") == 0;
	struct demo_opts opts = {.resellers = 20, .customers = 1000, .months = 1, .seed = 1, .progress = true};
	struct db *db;
	int rc;

	if (argc > 0 && strcmp(argv[0], "users") == 0)
		return (do_demo_users(argc > 1 && strcmp(argv[1], "--json") == 0));
	if (argc == 1 && strcmp(argv[0], "month") == 0)
		return (do_demo_month());
	if (argc > 0 && !leave && strcmp(argv[0], "check") != 0 && demo_words(argc, argv, &opts) == -1)
		return (2);
	if ((db = cli_admin_db(conf_text(CONF_db_name))) == NULL)
		return (1);
	if (argc > 0 && strcmp(argv[0], "check") == 0)
		rc = demo_check(db);
	else
		rc = argc == 0 || leave ? demo_standing(db, leave, false) : demo_load(db, &opts);
	db_close(db);
	return (rc == 0 ? 0 : 1);
}

static int
do_publish(int argc, char **argv)
{
	struct db *db;
	int rc, refused;

	(void)argv;
	if (argc != 0) {
		fprintf(stderr, "publish takes no words\n");
		return (2);
	}
	if ((db = cli_admin_db(conf_text(CONF_db_name))) == NULL)
		return (1);
	rc = brand_publish(db, &refused);
	db_close(db);
	if (rc == 0 && refused > 0)
		fprintf(stderr, "%d brands were refused and stay as they were; the log says why\n", refused);
	return (rc == -1 ? 1 : refused > 0 ? 3 : 0);
}

static int
do_access(int argc, char **argv)
{
	struct arena *a;
	struct buf out;
	int role;

	if (argc != 1 || (role = access_role_of(str_of(argv[0]))) == -1) {
		fprintf(stderr, "access needs one of:");
		for (int r = 0; r < ROLE__MAX; r++)
			fprintf(stderr, " %s", access_roles[r].name);
		fprintf(stderr, "\n");
		return (2);
	}
	a = arena_open();
	buf_init(&out, a, 1024 * 1024);
	access_print((enum role)role, &out);
	fwrite(out.p, 1, out.n, stdout);
	arena_close(a);
	return (0);
}

static int
do_id(int argc, char **argv)
{
	struct crypt_block *key = seal_key();
	struct arena *a = arena_open();
	struct buf out;
	int64_t id;
	int res, rc = 1;

	buf_init(&out, a, 1024);
	if (key == NULL) {
		rc = 1;
	} else if (argc == 1) {
		res = seal_resource(str_of(argv[0]));
		if (res != -1 && seal_id_open(key, (enum resource)res, str_of(argv[0]), &id) == 0) {
			printf("%s %lld\n", access_resources[res].name, (long long)id);
			rc = 0;
		} else {
			fprintf(stderr, "%s is no id of this deployment\n", argv[0]);
		}
	} else if (argc == 2 && (res = access_resource_of(str_of(argv[0]))) != -1 &&
	    str_int(str_of(argv[1]), &id) == 0) {
		seal_id(key, (enum resource)res, id, &out);
		printf("%.*s\n", STR_ARG(buf_str(&out)));
		rc = 0;
	} else {
		fprintf(stderr, "id needs a public id, or a type and a number\n");
		rc = 2;
	}
	arena_close(a);
	if (key != NULL)
		crypt_block_close(key);
	return (rc);
}

/* The words behind `audit verify`.  0, or -1 after saying what is wrong. */
static int
verify_words(int argc, char **argv, bool *json, const unsigned char **noted)
{
	static unsigned char link[CHAIN_HASH];

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			*json = true;
		} else if (strcmp(argv[i], "--anchor") == 0 && i + 1 < argc) {
			if (anchor_hash(str_of(argv[++i]), link) == -1) {
				fprintf(stderr, "audit verify: an anchor is 64 hex digits in small letters\n");
				return (-1);
			}
			*noted = link;
		} else {
			fprintf(stderr, "audit verify: %s is not known\n", argv[i]);
			return (-1);
		}
	}
	return (0);
}

static int
do_audit(int argc, char **argv)
{
	static struct chain_report report;
	const unsigned char *noted = NULL;
	bool json = false;
	struct arena *a;
	struct buf out;
	struct db *db;
	int rc;

	if (argc < 1 || strcmp(argv[0], "verify") != 0) {
		fprintf(stderr, "audit needs the word verify\n");
		return (2);
	}
	if (verify_words(argc - 1, argv + 1, &json, &noted) == -1)
		return (2);
	if ((db = cli_admin_db(conf_text(CONF_db_name))) == NULL)
		return (1);
	a = arena_open();
	buf_init(&out, a, 1024 * 1024);
	rc = chain_verify(db, a, conf_text(CONF_audit_anchor), noted, &report);
	if (rc == 0) {
		(json ? chain_print_json : chain_print)(&report, &out);
		fwrite(out.p, 1, out.n, stdout);
	}
	arena_close(a);
	db_close(db);
	return (rc == 0 && report.n_problems == 0 ? 0 : 1);
}

static int
do_settings(int argc, char **argv)
{

	(void)argc;
	(void)argv;
	conf_help();
	return (0);
}

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	bool settings; /* needs the settings' file */
} commands[] = {
    {"migrate", do_migrate, true},
    {"demo", do_demo, true},
    {"publish", do_publish, true},
    {"access", do_access, false},
    {"explain", cli_explain, true},
    {"approve", cli_approve, true},
    {"usage", cli_usage, true},
    {"id", do_id, true},
    {"audit", do_audit, true},
    {"bill-run", cli_bill_run, true},
    {"settle", cli_settle, true},
    {"price", cli_price, true},
    {"rate", cli_rate, true},
    {"rehearse", cli_rehearse, true},
    {"settings", do_settings, false},
};

/* Where the settings are when nobody says so. */
static const char *
default_conf(struct arena *a)
{
	const char *conf = getenv("PORTICO_CONF"), *var = getenv("VAR");

	return (conf != NULL ? conf : arena_printf(a, "%s/portico.conf", var != NULL ? var : "var").p);
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_open();
	const char *conf = default_conf(a);
	int at = 1, rc = 2;

	if (argc > 2 && strcmp(argv[1], "-c") == 0) {
		conf = argv[2];
		at = 3;
	}
	for (size_t i = 0; at < argc && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[at], commands[i].name) != 0)
			continue;
		rc = commands[i].settings && start(conf) == -1 ? 1 : commands[i].run(argc - at - 1, argv + at + 1);
		arena_close(a);
		return (rc);
	}
	fputs(usage, at < argc && strcmp(argv[at], "help") == 0 ? stdout : stderr);
	rc = at < argc && strcmp(argv[at], "help") == 0 ? 0 : 2;
	arena_close(a);
	return (rc);
}
