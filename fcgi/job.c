/* portico-jobs: what nobody waits for.  Only one of all machines does each kind of work at a
 * time: a lease is a row.  Every step can be repeated and loses nothing where it is cut. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "alert_letter.h"
#include "base/conf.h"
#include "base/log.h"
#include "core/admin_query.h"
#include "core/anchor.h"
#include "core/chain.h"
#include "core/opening.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/view.h"
#include "core/worker.h"
#include "paper/load.h"
#include "start.h"
#include "trade/alert.h"
#include "trade/bill_run.h"
#include "trade/brand.h"
#include "trade/follow.h"
#include "trade/ledger.h"
#include "trade/move.h"
#include "trade/post.h"
#include "trade/transfer.h"
#include "wire/mail.h"
#include "wire/pdf.h"

#define BATCH 50 /* documents sealed under one lease: far less than its 30 seconds */
#define PAPER_MAX ((size_t)32 * 1024 * 1024)
#define IDLE_S 5

static atomic_bool stopping; /* set by the signal handler */

static void
stop(int signal)
{

	(void)signal;
	atomic_store(&stopping, true);
}

static int
ignore(void *ctx, const struct db_val *v)
{

	(void)ctx;
	(void)v;
	return (0);
}

/* Does this process hold the lease for the next 30 seconds? */
static bool
take(struct worker *w, const char *name)
{
	char host[40] = "", owner[64];
	struct arg args[2];

	if (gethostname(host, sizeof(host) - 1) == -1)
		return (false);
	snprintf(owner, sizeof(owner), "%s:%d", host, (int)getpid());
	args[0] = text_arg("name", str_of(name));
	args[1] = text_arg("owner", str_of(owner));
	return (query_run_admin(w->db, w->a, Q_lease_take, args, 2) != -1 &&
	    query_each_admin(w->db, w->a, Q_lease_mine, args, 2, ignore, NULL) == 1);
}

struct batch {
	int64_t ids[BATCH];
	size_t n;
};

static int
add_id(void *ctx, const struct db_val *v)
{
	struct batch *b = ctx;

	b->ids[b->n++] = v[0].i;
	return (b->n == BATCH);
}

/* What is rendered once. */
static const struct sealing {
	enum resource resource;
	enum action read;
	enum query unsealed, frozen, seal;
} sealings[] = {
    {RES_document, ACT_document_read, Q_document_unsealed, Q_document_frozen, Q_document_seal},
    {RES_self_bill, ACT_self_bill_read, Q_self_bill_unsealed, Q_self_bill_frozen, Q_self_bill_seal},
};
#define SEALINGS (sizeof(sealings) / sizeof(sealings[0]))

/* Renders one document with every right and keeps the hash of its bytes.  0, or -1 (logged). */
static int
seal(struct worker *w, const struct sealing *s, int64_t id)
{
	struct rights rights;
	struct rq rq = {.w = w, .a = w->a, .action = s->read, .trace = "seal"};
	struct arg args[] = {{"id", {.type = DB_INT, .i = id}}, {"pdf_sha256", {.type = DB_BYTES}}};
	struct bill bill;
	unsigned char hash[32];
	struct buf name;

	access_rights(ROLE_provider_admin, &rights);
	rq.who = (struct who){.portal = PORTAL_admin, .rights = &rights};
	buf_init(&rq.out, w->a, PAPER_MAX);
	buf_init(&name, w->a, 64);
	seal_id(w->key, s->resource, id, &name);
	rq.id_text = buf_str(&name);
	if (query_id(&rq, s->resource) == -1 || bill_load(&rq, s->frozen, &bill) == -1 ||
	    bill_pdf_sealed(&rq, &bill, hash) == -1) {
		log_error("seal", "%s %lld: %.*s", access_resources[s->resource].name, (long long)id,
		    STR_ARG(rq.problem_detail));
		return (-1);
	}
	args[1].v.s = (struct str){(const char *)hash, 32};
	return (query_run_admin(w->db, w->a, s->seal, args, 2) == -1 ? -1 : 0);
}

/* Seals the next documents of a kind that have no hash; those that cannot be rendered are passed over
 * until the next start.  The number sealed, or -1. */
static int
seal_some(struct worker *w, const struct sealing *s, int64_t *after)
{
	struct batch b = {.n = 0};
	struct arg args[] = {{"after", {.type = DB_INT, .i = *after}}};
	int sealed = 0;

	if (query_each_admin(w->db, w->a, s->unsealed, args, 1, add_id, &b) == -1)
		return (-1);
	for (size_t i = 0; i < b.n && !atomic_load(&stopping); i++) {
		arena_reset(w->a);
		if (seal(w, s, b.ids[i]) == 0)
			sealed++;
		else if (db_gone(w->db))
			return (-1);
		*after = b.ids[i];
	}
	return (sealed);
}

/* The same of all kinds; after: of each, which was the last. */
static int
seal_documents(struct worker *w, int64_t after[SEALINGS])
{
	int sealed = 0, n = 0;

	if (!take(w, "seal"))
		return (0);
	for (size_t i = 0; i < SEALINGS && n != -1; i++) {
		n = seal_some(w, &sealings[i], &after[i]);
		sealed += n > 0 ? n : 0;
		arena_reset(w->a);
	}
	return (sealed);
}

/* Seals what the audit has got, and notes the newest link; that also without the lease, so that each machine
 * has what others cannot take back. */
static void
seal_audit(struct worker *w)
{
	const char *anchor = conf_text(CONF_audit_anchor);
	int n;

	do {
		arena_reset(w->a);
		n = take(w, "audit") ? chain_seal(w->db, w->a) : 0;
		if (*anchor != '\0' && anchor_note(anchor, w->db, w->a) == -1)
			break;
	} while (n > 0 && !atomic_load(&stopping));
	arena_reset(w->a);
}

/* A few of what nobody asks for any more, of each kind. */
static void
sweep(struct worker *w)
{
	static const enum query old[] = {Q_session_sweep, Q_attempt_sweep, Q_known_sweep, Q_outbox_sweep,
	    Q_credential_sweep, Q_passkey_challenge_sweep, Q_approval_expire};

	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++)
		if (query_run_admin(w->db, w->a, old[i], NULL, 0) == -1)
			log_error("sweep", "%s: until the next sweep", statement_declaration(old[i])->name);
	if (opening_sweep(w->db, w->a) == -1)
		log_error("sweep", "opening_sweep: until the next sweep");
}

/* Is there time for another step, and is it ours to take? */
static bool
may_move(void *ctx)
{

	return (!atomic_load(&stopping) && take(ctx, "move"));
}

static bool
may_transfer(void *ctx)
{

	return (!atomic_load(&stopping) && take(ctx, "transfer"));
}

/* What follows customers and rules may take hours: the rest is done between its turns. */
struct turn {
	struct worker *w;
	int64_t end;
};

static int64_t
now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec);
}

static bool
may_follow(void *ctx)
{
	const struct turn *t = ctx;

	return (!atomic_load(&stopping) && now_s() < t->end && take(t->w, "follow"));
}

/* Everything that is done now and then. */
static void
chores(struct worker *w)
{
	int refused; /* each has its line already */

	if (take(w, "publish") && brand_publish(w->db, &refused) == -1)
		log_error("publish", "some brands could not be published");
	if (take(w, "sweep")) {
		sweep(w);
		if (view_sweep(w) == -1)
			log_error("view", "views that are over are told at the next sweep");
	}
	if (move_due(w->db, w->a, may_move, w) == -1)
		log_error("move", "a move could not go on; it is tried again");
	if (transfer_due(w->db, w->a, may_transfer, w) == -1)
		log_error("transfer", "a transfer could not be done; it is tried again");
}

/* What customers and rules have left to do, for one turn.  Is there more? */
static bool
follow(struct worker *w)
{
	struct turn turn = {w, now_s() + IDLE_S};

	switch (follow_due(w->db, w->a, may_follow, &turn)) {
	case -1:
		log_error("follow", "customers or their rows could not follow; it is tried again");
		return (false);
	case 0:
		return (now_s() >= turn.end);
	}
	return (false);
}

static bool
may_alert(void *ctx)
{
	const struct turn *t = ctx;

	return (!atomic_load(&stopping) && now_s() < t->end && take(t->w, "alert"));
}

/* Usage that is new since the last look, for one turn. */
static void
alert(struct worker *w)
{
	struct turn turn = {w, now_s() + IDLE_S};

	if (alert_look(w->db, w->a, may_alert, &turn) == -1)
		log_error("alert", "usage could not be looked through; it is tried again");
	arena_reset(w->a);
}

static bool
may_bill(void *ctx)
{
	const struct turn *t = ctx;

	return (!atomic_load(&stopping) && now_s() < t->end && take(t->w, "bill_run"));
}

/* Bill runs that somebody opened or approved, for one turn.  Is there more? */
static bool
bill(struct worker *w)
{
	struct turn turn = {w, now_s() + IDLE_S};
	int64_t run = 0;

	if (query_number_admin(w->db, w->a, Q_bill_run_due, NULL, 0, &run) == -1 || run == 0)
		return (false);
	switch (bill_run_go(w->db, w->a, run, may_bill, &turn)) {
	case BILL_RUN_FAILED:
		log_error("bill_run", "run %lld could not go on; it is tried again", (long long)run);
		return (false);
	case BILL_RUN_STOPPED:
		return (now_s() >= turn.end);
	case BILL_RUN_WAITS:
	case BILL_RUN_DONE:
		return (true);
	}
	return (false);
}

static bool
may_settle(void *ctx)
{
	const struct turn *t = ctx;

	return (!atomic_load(&stopping) && now_s() < t->end && take(t->w, "settle"));
}

/* Periods that somebody closed, for one turn.  Is there more? */
static bool
settle(struct worker *w)
{
	struct turn turn = {w, now_s() + IDLE_S};
	int64_t closing = 0;

	if (query_number_admin(w->db, w->a, Q_ledger_closing_due, NULL, 0, &closing) == -1 || closing == 0)
		return (false);
	switch (ledger_go(w->db, w->a, closing, may_settle, &turn)) {
	case LEDGER_FAILED:
		log_error("ledger", "closing %lld could not go on; it is tried again", (long long)closing);
		return (false);
	case LEDGER_STOPPED:
		return (now_s() >= turn.end);
	case LEDGER_DONE:
		return (true);
	}
	return (false);
}

/* What lags is hidden, so somebody may be waiting for it.  A signal ends it early. */
static void
nap(struct worker *w)
{
	const struct timespec second = {1, 0};

	for (int i = 0; i < IDLE_S && !atomic_load(&stopping); i++) {
		nanosleep(&second, NULL);
		if (follow_waits(w->db, w->a))
			break;
		arena_reset(w->a);
	}
}

/* A day's bills may be sealed for hours: the rest is done between them, as often as when nothing is to be sealed. */
static void
run(struct worker *w)
{
	int64_t after[SEALINGS] = {0}, next = 0;
	bool more;
	int sealed;

	while (!atomic_load(&stopping)) {
		if (now_s() >= next) {
			chores(w);
			alert(w);
			next = now_s() + IDLE_S;
		}
		more = follow_waits(w->db, w->a) && follow(w);
		arena_reset(w->a);
		more |= bill(w);
		more |= settle(w);
		seal_audit(w);
		if ((sealed = seal_documents(w, after)) > 0)
			log_info("seal", "%d documents", sealed);
		if (sealed <= 0 && !more && !atomic_load(&stopping))
			nap(w);
	}
}

/* People wait for their mail: it has a thread of its own, and a slow server of mail delays nothing else. */
static void *
send_mail(void *ctx)
{
	const struct timespec idle = {1, 0};
	struct worker *w = ctx;
	int n;

	while (!atomic_load(&stopping)) {
		n = post_next(w, alert_letter);
		arena_reset(w->a);
		if (n != 1)
			nanosleep(&idle, NULL);
	}
	return (NULL);
}

/* Everything, until it is told to stop.  0, or -1 after logging why. */
static int
work(struct worker *w, struct worker *post)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, send_mail, post) != 0) {
		log_error("mail", "no thread for it");
		return (-1);
	}
	run(w);
	pthread_join(thread, NULL);
	return (0);
}

int
main(int argc, char **argv)
{
	struct sigaction sa = {.sa_handler = stop};
	struct worker w, post;
	int rc;

	if (argc != 2) {
		fprintf(stderr, "usage: portico-jobs FILE  (settings: portico help)\n");
		return (2);
	}
	if (start(argv[1]) == -1 || mail_init() == -1 || worker_open(&w) == -1 || worker_open(&post) == -1 ||
	    (w.fonts = pdf_fonts_open(conf_text(CONF_fonts_conf))) == NULL) /* no bill could be sealed */
		return (1);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	log_info("start", "%s", "jobs");
	if (*conf_text(CONF_audit_anchor) == '\0')
		log_error("audit", "%s", "audit_anchor is not set: a cut tail of the audit would not be found");
	if (*conf_text(CONF_smtp_url) == '\0' && *conf_text(CONF_mail_dir) == '\0')
		log_info("mail", "%s", "neither smtp_url nor mail_dir is set: no mail is sent");
	rc = work(&w, &post);
	pdf_fonts_close(w.fonts);
	worker_close(&post);
	worker_close(&w);
	log_info("stop", "%s", "jobs");
	return (rc == 0 ? 0 : 1);
}
