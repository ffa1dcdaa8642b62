#include "core/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/admin_query.h"

#define LEVELS 5

struct node {
	int64_t id;
	int level;
	int64_t above[LEVELS]; /* [level] is the id itself; [0] is not used: the root covers all */
};

struct role_row {
	int64_t id;
	enum role role;
	struct rights rights;
};

struct tree {
	int64_t version;
	struct node *nodes; /* by id */
	size_t n_nodes, room_nodes;
	struct role_row *roles; /* by id */
	size_t n_roles, room_roles;
};

struct tree *
tree_open(void)
{
	struct tree *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		log_error("memory", "no room for the tree");
		_Exit(70);
	}
	t->version = -1;
	return (t);
}

void
tree_close(struct tree *t)
{

	free(t->nodes);
	free(t->roles);
	free(t);
}

/* One more item in a growing array. */
static void *
grow(void *p, size_t n, size_t *room, size_t size)
{

	if (n < *room)
		return (p);
	*room = *room == 0 ? 64 : 2 * *room;
	if ((p = realloc(p, *room * size)) == NULL) {
		log_error("memory", "no room for the tree");
		_Exit(70);
	}
	return (p);
}

/* id, _parent_id, _level, _a1 .. _a4 */
static int
add_node(void *ctx, const struct db_val *v)
{
	struct tree *t = ctx;
	struct node *n;

	t->nodes = grow(t->nodes, t->n_nodes, &t->room_nodes, sizeof(*t->nodes));
	n = &t->nodes[t->n_nodes++];
	*n = (struct node){.id = v[0].i, .level = (int)v[2].i, .above = {0, v[3].i, v[4].i, v[5].i, v[6].i}};
	return (0);
}

/* id, code.  A role whose name is not in the vocabulary is left out: it grants nothing. */
static int
add_role(void *ctx, const struct db_val *v)
{
	struct tree *t = ctx;
	int role = access_role_of(v[1].s);
	struct role_row *r;

	if (role == -1) {
		log_error("role", "role %lld is not in the vocabulary and grants nothing", (long long)v[0].i);
		return (0);
	}
	t->roles = grow(t->roles, t->n_roles, &t->room_roles, sizeof(*t->roles));
	r = &t->roles[t->n_roles++];
	r->id = v[0].i;
	r->role = (enum role)role;
	access_rights(r->role, &r->rights);
	return (0);
}

static struct role_row *
role_find(const struct tree *t, int64_t id)
{

	for (size_t i = 0; i < t->n_roles; i++)
		if (t->roles[i].id == id)
			return (&t->roles[i]);
	return (NULL);
}

/* _role_id, _segment_id.  A role with too many segments sees none, rather than too much. */
static int
add_segment(void *ctx, const struct db_val *v)
{
	struct tree *t = ctx;
	struct role_row *r = role_find(t, v[0].i);

	if (r == NULL)
		return (0);
	if (r->rights.n_segments == SEGMENTS_MAX) {
		log_error(
		    "role", "role %lld has more than %d segments and grants nothing", (long long)r->id, SEGMENTS_MAX);
		memset(&r->rights, 0, sizeof(r->rights));
		return (0);
	}
	r->rights.segments[r->rights.n_segments++] = v[1].i;
	return (0);
}

int
tree_refresh(struct tree *t, struct db *db, struct arena *a, int64_t version)
{

	if (t->version == version)
		return (0);
	t->version = -1;
	t->n_nodes = t->n_roles = 0;
	if (query_each_admin(db, a, Q_tenant_tree, NULL, 0, add_node, t) == -1 ||
	    query_each_admin(db, a, Q_role_all, NULL, 0, add_role, t) == -1 ||
	    query_each_admin(db, a, Q_role_segment_all, NULL, 0, add_segment, t) == -1)
		return (-1);
	t->version = version;
	return (0);
}

static int
by_id(const void *key, const void *node)
{
	int64_t id = *(const int64_t *)key, other = ((const struct node *)node)->id;

	return (id < other ? -1 : id > other);
}

bool
tree_covers(const struct tree *t, int64_t above, int level, int64_t tenant)
{
	const struct node *n =
	    t->n_nodes == 0 ? NULL : bsearch(&tenant, t->nodes, t->n_nodes, sizeof(*t->nodes), by_id);

	if (n == NULL || level < 0 || level >= LEVELS)
		return (false);
	return (level == 0 || n->above[level] == above);
}

const struct rights *
tree_rights(const struct tree *t, int64_t role_id, enum role *role)
{
	const struct role_row *r = role_find(t, role_id);

	if (r == NULL)
		return (NULL);
	*role = r->role;
	return (&r->rights);
}
