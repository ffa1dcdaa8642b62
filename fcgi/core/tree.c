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

struct tree {
	int64_t version;
	struct node *nodes; /* by id */
	size_t n_nodes, room_nodes;
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

int
tree_refresh(struct tree *t, struct db *db, struct arena *a, int64_t version)
{

	if (t->version == version)
		return (0);
	t->version = -1;
	t->n_nodes = 0;
	if (query_each_admin(db, a, Q_tenant_tree, NULL, 0, add_node, t) == -1)
		return (-1);
	t->version = version;
	return (0);
}

/* Asked of every row of a list, so without calls and without a branch that could be guessed wrong. */
static const struct node *
find(const struct tree *t, int64_t tenant)
{
	const struct node *at = t->nodes;

	if (t->n_nodes == 0)
		return (NULL);
	for (size_t n = t->n_nodes; n > 1; n -= n / 2)
		at += at[n / 2].id <= tenant ? n / 2 : 0;
	return (at->id == tenant ? at : NULL);
}

bool
tree_covers(const struct tree *t, int64_t above, int level, int64_t tenant)
{
	const struct node *n = find(t, tenant);

	if (n == NULL || level < 0 || level >= LEVELS)
		return (false);
	return (level == 0 || n->above[level] == above);
}

bool
tree_root(const struct tree *t, int64_t tenant)
{
	const struct node *n = find(t, tenant);

	return (n != NULL && n->level == 0);
}
