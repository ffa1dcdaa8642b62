/* What the portals ask before they show anything: pages, actions and fields of the role. */
#include "page/page.h"

static void
comma(struct buf *b, bool *first)
{

	if (!*first)
		buf_char(b, ',');
	*first = false;
}

static bool
is_masked(const struct rights *r, enum field f)
{

	return (may_see(r, f) && !may_read(r, f));
}

/* "key":{"document":["id",...],...} of the resources that have any. */
static void
fields(struct rq *rq, const char *key, bool (*pick)(const struct rights *, enum field))
{
	struct buf *b = &rq->out;
	bool first_resource = true, first;

	json_str(b, str_of(key));
	buf_addz(b, ":{");
	for (int res = 0; res < RES__MAX; res++) {
		first = true;
		for (int f = 0; f < FLD__MAX; f++) {
			if ((int)access_fields[f].resource != res || !pick(rq->who.rights, (enum field)f))
				continue;
			if (first) {
				comma(b, &first_resource);
				json_str(b, str_of(access_resources[res].name));
				buf_addz(b, ":[");
			}
			comma(b, &first);
			json_str(b, str_of(access_fields[f].name));
		}
		if (!first)
			buf_char(b, ']');
	}
	buf_char(b, '}');
}

/* A write that needs a code of the second step first. */
static bool
steps_up(const struct rq *rq, enum action a)
{

	(void)rq;
	return (access_step_up(a));
}

/* What waits for a second person; whoever is not the provider's changes nothing of the provider's people. */
static bool
needs_second(const struct rq *rq, enum action a)
{
	const enum second when = access_second(a);

	return (when == SECOND_always || (when == SECOND_provider && rq->who.level == 0));
}

/* "key":["document.read",...], of the actions that who asks has. */
static void
actions(struct rq *rq, const char *key, bool (*pick)(const struct rq *, enum action))
{
	struct buf *b = &rq->out;
	bool first = true;

	json_str(b, str_of(key));
	buf_addz(b, ":[");
	for (int a = 0; a < ACT__MAX; a++)
		if (may_act(rq->who.rights, (enum action)a) && (pick == NULL || pick(rq, (enum action)a))) {
			comma(b, &first);
			json_str(b, str_of(access_actions[a].name));
		}
	buf_addz(b, "],");
}

/* GET /api/v1/meta */
int
meta_get(struct rq *rq)
{
	enum portal portal = rq->who.portal;
	struct buf *b = &rq->out;
	bool first = true;

	buf_addz(b, "{\"pages\":[");
	for (int p = 0; p < PAGE__MAX; p++) {
		if (access_pages[p].portal != portal || !may_act(rq->who.rights, access_pages[p].action))
			continue;
		comma(b, &first);
		buf_printf(b, "{\"portal\":\"%s\",\"name\":\"%s\"}", access_portals[portal], access_pages[p].name);
	}
	buf_addz(b, "],");
	actions(rq, "actions", NULL);
	actions(rq, "step_up", steps_up);
	actions(rq, "second_person", needs_second);
	fields(rq, "fields", may_read);
	buf_char(b, ',');
	fields(rq, "masked", is_masked);
	buf_char(b, ',');
	fields(rq, "writable", may_write);
	buf_char(b, '}');
	return (200);
}
