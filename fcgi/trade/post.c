#include "trade/post.h"

#include "base/log.h"
#include "core/admin_query.h"
#include "core/outbox.h"
#include "wire/mail.h"

#define LIVE_MAX 3 /* links for one user at a time, or a stranger could fill the mailbox */

static const struct fate {
	enum query read;
	const char *page;
	int64_t lasts_s; /* of the link's token; 0: it needs none */
} fates[OUTBOX__MAX] = {
    [OUTBOX_reset] = {Q_outbox_reset, "reset", 30 * 60},
    [OUTBOX_invitation] = {Q_outbox_invitation, "invitation", 7 * 24 * 60 * 60},
    [OUTBOX_alert] = {Q_outbox_alert, "usage", 0},
};

struct due {
	int64_t id, tries;
	enum outbox_kind kind;
};

/* id, _kind, _tries */
static int
take_due(void *ctx, const struct db_val *v)
{
	struct due *d = ctx;

	*d = (struct due){v[0].i, v[2].i, OUTBOX_reset};
	for (int kind = 0; kind < OUTBOX__MAX; kind++) /* the column's own words */
		if (str_eqz(v[1].s, outbox_kinds[kind]))
			d->kind = (enum outbox_kind)kind;
	return (0);
}

struct message {
	struct arena *a;
	struct str host, origin, nonce, brand, support, email, name, language;
	int64_t user_id, live, alert;
};

/* host, _origin, _nonce, _brand, _support, _user_id, email, name, language, _live, _alert */
static int
take_message(void *ctx, const struct db_val *v)
{
	struct message *m = ctx;

	m->host = arena_str(m->a, v[0].s);
	m->origin = arena_str(m->a, v[1].s);
	m->nonce = arena_str(m->a, v[2].s);
	m->brand = arena_str(m->a, v[3].s);
	m->support = arena_str(m->a, v[4].s);
	m->user_id = v[5].i;
	m->email = arena_str(m->a, v[6].s);
	m->name = arena_str(m->a, v[7].s);
	m->language = arena_str(m->a, v[8].s);
	m->live = v[9].i;
	m->alert = v[10].i;
	return (0);
}

/* The link's hash must be kept before anybody can follow it.  0, or -1 (logged). */
static int
keep_link(struct worker *w, const struct message *m, enum outbox_kind kind, struct str token)
{
	unsigned char hash[32];
	struct arg args[] = {{"token_hash", {.type = DB_BYTES, .s = {(const char *)hash, 32}}},
	    {"kind", {.type = DB_TEXT, .s = str_of(outbox_kinds[kind])}}, int_arg("user_id", m->user_id),
	    int_arg("lasts", fates[kind].lasts_s)};

	outbox_token_hash(token, hash);
	return (query_run_admin(w->db, w->a, Q_credential_insert, args, 4) == -1 ? -1 : 0);
}

/* The link, with what it needs to be followed.  0, or -1 (logged). */
static int
make_link(struct worker *w, const struct message *m, enum outbox_kind kind, struct str *link)
{
	struct str token;

	*link = arena_printf(w->a, "%.*s/%s", STR_ARG(m->origin), fates[kind].page);
	if (fates[kind].lasts_s == 0)
		return (0);
	token = outbox_token(w->a, m->nonce);
	/* Behind #, which browsers send to nobody: the token is in no log. */
	*link = arena_printf(w->a, "%.*s#%.*s", STR_ARG(*link), STR_ARG(token));
	return (keep_link(w, m, kind, token));
}

/* 0 where it has gone or is for nobody any more, -1 (logged) where that is not known. */
static int
deliver(struct worker *w, const struct message *m, enum outbox_kind kind,
    int (*alert)(struct worker *, int64_t, int64_t, struct str, struct letter *))
{
	struct letter letter = {.brand = m->brand, .name = m->name, .email = m->email, .support = m->support};
	struct mail mail = {.from_name = m->brand,
	    .from = m->support,
	    .to = m->email,
	    .id = outbox_message_id(w->a, m->nonce),
	    .host = m->host};
	int rc;

	if (kind == OUTBOX_alert && (rc = alert(w, m->alert, m->user_id, m->language, &letter)) != 1)
		return (rc);
	if (make_link(w, m, kind, &letter.link) == -1)
		return (-1);
	letter_write(w->a, kind, m->language, &letter, &mail.subject, &mail.text);
	return (mail_send(w->a, &mail));
}

/* 0, or -1 (logged). */
static int
give_up(struct worker *w, const struct arg *id, enum outbox_kind kind)
{
	int64_t n = query_run_admin(w->db, w->a, Q_outbox_give_up, id, 1);

	if (n == 1)
		log_error("mail", "message %lld (%s) is given up after a day", (long long)id->v.i, outbox_kinds[kind]);
	return (n == -1 ? -1 : 0);
}

int
post_next(struct worker *w, int (*alert)(struct worker *, int64_t, int64_t, struct str, struct letter *))
{
	struct due due;
	struct message m = {.a = w->a};
	struct arg args[2];
	enum outbox_kind kind;
	int64_t n;

	if ((n = query_each_admin(w->db, w->a, Q_outbox_due, NULL, 0, take_due, &due)) < 1)
		return ((int)n);
	kind = due.kind;
	args[0] = int_arg("id", due.id);
	args[1] = int_arg("tries", due.tries);
	if ((n = query_run_admin(w->db, w->a, Q_outbox_claim, args, 2)) != 1)
		return (n == -1 ? -1 : 1); /* 0: another machine has it */
	if ((n = query_each_admin(w->db, w->a, fates[kind].read, args, 1, take_message, &m)) == -1)
		return (-1);
	/* A message that was tried before has its own link among those that live. */
	if (n == 1 && (due.tries > 0 || m.live < LIVE_MAX) && deliver(w, &m, kind, alert) == -1)
		return (give_up(w, args, kind) == -1 ? -1 : 1);
	return (query_run_admin(w->db, w->a, Q_outbox_done, args, 1) == -1 ? -1 : 1);
}
