// The checks that stand between a request and what is not its own, each with the change of the source that takes it
// away.  Where two stand behind each other, as the scope of a statement and the tripwire, taking one away must be
// seen as well, by rows that lag behind a move or by the rows that are missing; where it cannot be seen, both are
// taken away at once, and the name says so.
const tripwire = ["fcgi/core/query.c", "\tif (p->tenant == -1)\n\t\treturn (true);", "\treturn (true);"];
const predicates = { own: "t.@user = :user", customer: "t.@customer = :customer", tenant: "t.@tenant = :tenant", subtree: "t.a@level = :tenant", shared: "t.shared = 1" };
const predicate = (name) => ["schema/access.def", `"${predicates[name]}",`, '"TRUE",'];

/** name, edits: [file, what stands there exactly once, what takes its place], seen: the proofs in the order to try */
export const checks = [
	{ name: "session: its end", edits: [["fcgi/core/session.c", "row.left <= 0 || ", ""]], seen: ["matrix"] },
	{ name: "session: its longest time", edits: [["fcgi/core/session.c", "row.age >= longest_limit(&who) || ", ""]], seen: ["matrix"] },
	{ name: "session: the time without use", edits: [["fcgi/core/session.c", " || row.idle >= idle_limit(&who)", ""]], seen: ["matrix"] },
	{ name: "session: its host", edits: [["schema/query/session.sql", " AND s.host = :host", ""]], seen: ["matrix"] },
	{ name: "session: a closed user", edits: [["schema/query/session.sql", "JOIN user u ON u.id = s.user_id AND u.state = 'active'", "JOIN user u ON u.id = s.user_id"]], seen: ["lists", "revoke"] },
	{ name: "session: a closed tenant", edits: [["schema/query/session.sql", "JOIN tenant t ON t.id = u.tenant_id AND t.state = 'active'\n  JOIN channel_version", "JOIN tenant t ON t.id = u.tenant_id\n  JOIN channel_version"]],
		seen: ["lists", "revoke"] },
	{ name: "not signed in, and right to the action", edits: [["fcgi/route.c", "\tif (rq->action != ACT_PUBLIC && rq->who.id == 0)\n", "\tif (false)\n"],
		["fcgi/route.c", "rq->action < ACT__MAX && !may_act(rq->who.rights, rq->action)", "false"]], seen: ["matrix"] },
	{ name: "a user whose roles say nothing", edits: [["fcgi/core/session.c", "\tif (!any)\n", "\tif (false)\n"]], seen: ["lists"] },
	{ name: "same-origin proof", edits: [["fcgi/route.c", "(r->flags & WRITE) && !same_origin(rq)", "false && !same_origin(rq)"]], seen: ["matrix"] },
	{ name: "same-origin proof: from the same site", edits: [["fcgi/route.c", "return (str_eqz(rq->fetch_site, \"same-origin\"));", "return (str_starts(rq->fetch_site, S(\"same-\")));"]], seen: ["matrix"] },
	{ name: "right to the action", edits: [["fcgi/core/access.c", "\treturn (a < ACT__MAX && r->scope[a] != SCOPE_none);", "\treturn (a < ACT__MAX);"]], seen: ["lists", "matrix"] },
	{ name: "scope own", edits: [predicate("own")], seen: ["lists"] },
	{ name: "scope customer", edits: [predicate("customer")], seen: ["lists"] },
	{ name: "scope tenant", edits: [predicate("tenant")], seen: ["lists"] },
	{ name: "scope subtree", edits: [predicate("subtree")], seen: ["lists"] },
	{ name: "scope shared", edits: [predicate("shared")], seen: ["lists"] },
	{ name: "scope tenant and tripwire", edits: [predicate("tenant"), tripwire], seen: ["lists"] },
	{ name: "scope subtree and tripwire", edits: [predicate("subtree"), tripwire], seen: ["lists"] },
	{ name: "tripwire", edits: [tripwire], seen: ["lists"] },
	{ name: "tripwire: the level of the tree", edits: [["fcgi/core/tree.c", "level == 0 || n->above[level] == above", "true"]], seen: ["lists"] },
	{ name: "segment arms", edits: [["fcgi/core/query.c", "\tif (r->set[rq->action] == 0)\n", "\tif (true)\n"]], seen: ["lists"] },
	{ name: "segments keep to what says its segment", edits: [["fcgi/core/rights_load.c", "else if (access_customers(res) && r->scope[a] != SCOPE_own)", "else if (false)"]], seen: ["lists"] },
	{ name: "too many segments", edits: [["fcgi/core/rights_load.c", "\tif (segments.overflow) {", "\tif (false) {"]], seen: ["lists"] },
	{ name: "fields: none", edits: [["fcgi/core/query.c", "rq->who.rights != NULL && may_see(rq->who.rights, c->field)", "rq->who.rights != NULL"]], seen: ["lists"] },
	{ name: "fields: mask", edits: [["fcgi/core/query_json.c", "json_str(b, mask_text(rq->a, v->s));", "json_str(b, v->s);"]], seen: ["lists"] },
	{ name: "fields: no filter by what may not be read", edits: [["fcgi/core/query_json.c", "str_eq(name, d->filters[i].param) && may_read(rq->who.rights, d->filters[i].field)", "str_eq(name, d->filters[i].param)"]],
		seen: ["lists"] },
	{ name: "fields: no order by what may not be read", edits: [["fcgi/core/query_json.c", "str_eq(text, d->sorts[i].field_name) && may_read(rq->who.rights, d->sorts[i].field)", "str_eq(text, d->sorts[i].field_name)"]],
		seen: ["lists"] },
	{ name: "fields: two roles that show different rows", edits: [["fcgi/core/rights.c", "const bool apart = differ(to, more, access_fields[f].resource);", "const bool apart = false;"]], seen: ["lists"] },
	{ name: "ceilings", edits: [["fcgi/core/rights_load.c", "\t\ttell(w, STEP_CEILING, r.id, ignored, &one);\n\t\trights_meet(&s->rights, &one);", "\t\ttell(w, STEP_CEILING, r.id, ignored, &one);"]], seen: ["lists"] },
	{ name: "ceilings: fields", edits: [["fcgi/core/rights.c", "\t\tto->read[i] &= limit->read[i];\n", ""]], seen: ["lists"] },
	{ name: "ceilings: only of who sets them", edits: [["fcgi/core/rights_load.c", "rc == 0 || r.tenant_id != ids.owner[i]", "rc == 0"]], seen: ["lists"] },
	{ name: "ceilings: the most of resellers", edits: [["fcgi/core/rights_load.c", "\ttell(w, STEP_RESELLERS, 0, NULL, &one);\n\trights_meet(&s->rights, &one);", "\ttell(w, STEP_RESELLERS, 0, NULL, &one);"]], seen: ["lists"] },
	{ name: "roles: only one's own tenant's", edits: [["fcgi/core/rights_load.c", "r->tenant_id != who->tenant_id && !r->shared", "false"]], seen: ["lists"] },
	{ name: "roles: the provider's, and the most of resellers", edits: [["fcgi/core/rights_load.c", "r->portal == PORTAL_admin && who->level != 0", "false"],
		["fcgi/core/rights_load.c", "ignored == NULL && r.portal != (int)s->portal", "false"],
		["fcgi/core/rights_load.c", "\ttell(w, STEP_RESELLERS, 0, NULL, &one);\n\trights_meet(&s->rights, &one);", "\ttell(w, STEP_RESELLERS, 0, NULL, &one);"]], seen: ["lists"] },
	{ name: "roles: of one portal", edits: [["fcgi/core/rights_load.c", "ignored == NULL && r.portal != (int)s->portal", "false"]], seen: ["lists"] },
	{ name: "rights are read anew", edits: [["fcgi/core/rights_load.c", "if (c->version != version) {", "if (c->version == -1) {"]], seen: ["revoke"] },
	{ name: "tree is read anew", edits: [["fcgi/core/tree.c", "if (t->version == version)", "if (t->version != -1)"]], seen: ["lists"] },
	{ name: "ids: their type", edits: [["fcgi/core/seal.c", "out[0] != (unsigned char)res + 1", "false"], ["fcgi/core/seal.c", "!str_starts(text, str_of(access_resources[res].prefix)) || ", ""]], seen: ["matrix"] },
	{ name: "ids: their zeros", edits: [["fcgi/core/seal.c", "\t\tif (out[i] != 0)\n\t\t\treturn (-1);", "\t\t(void)out[i];"], ["fcgi/core/seal.c", "\tif (out[0] != (unsigned char)res + 1)\n\t\treturn (-1);\n", ""]], seen: ["matrix"] },
	{ name: "If-Match", edits: [["fcgi/route.c", "if (!str_eq(intake_tag(rq), rq->if_match))", "if (false)"]], seen: ["matrix"] },
	{ name: "fields that may be written", edits: [["fcgi/core/body.c", "f == -1 || access_fields[f].set_by != (int)rq->action || !may_write(rq->who.rights, (enum field)f)", "f == -1"]], seen: ["matrix"] },
];
