#include "trade/role.h"

#include "core/admin_query.h"
#include "core/rq.h"

static const struct {
	const char *code, *portal, *name;
} roles[] = {
#define ROLE(name, portal, class, doc) {#name, #portal, doc},
#include "schema/access.def"
};

int
role_sync(struct db *db, int64_t root_tenant)
{
	struct arena *a = arena_open();
	int64_t rc = 0;

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]) && rc != -1; i++) {
		struct str portal = str_of(roles[i].portal);
		const struct arg args[] = {
		    {"tenant", {.type = DB_INT, .i = root_tenant}},
		    {"code", {.type = DB_TEXT, .s = str_of(roles[i].code)}},
		    {"name", {.type = DB_TEXT, .s = str_of(roles[i].name)}},
		    {"portal", {.type = DB_TEXT, .s = portal}},
		    {"shared", {.type = DB_INT, .i = !str_eqz(portal, "admin")}},
		};

		rc = query_run_admin(db, a, Q_role_put, args, sizeof(args) / sizeof(args[0]));
	}
	arena_close(a);
	return (rc == -1 ? -1 : 0);
}

int64_t
role_id(struct db *db, int64_t tenant, const char *code)
{
	const struct arg args[] = {
	    {"tenant", {.type = DB_INT, .i = tenant}}, {"code", {.type = DB_TEXT, .s = str_of(code)}}};
	struct arena *a = arena_open();
	int64_t id = 0;

	if (query_number_admin(db, a, Q_role_code, args, 2, &id) == -1)
		id = -1;
	arena_close(a);
	return (id);
}
