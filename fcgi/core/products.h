/* Sets of product segments, and the tree that they are nodes of.  A set is closed downwards: with a node it has
 * all below it.  Knows no right; who is kept to which set is decided in rights.c. */
#ifndef CORE_PRODUCTS_H
#define CORE_PRODUCTS_H

#include "core/access.h"
#include "wire/db.h"

/* The catalogue as it stands; parents before their children. */
struct product_tree {
	int64_t ids[PRODUCTS_MAX];
	int16_t parent[PRODUCTS_MAX];   /* by id; 0: the root has none */
	struct str names[PRODUCTS_MAX]; /* by place in ids */
	struct products all;
	size_t n;
};

/* 0, or -1 (logged; see db_error). */
int product_tree_load(struct db *db, struct arena *a, struct product_tree *t) __attribute__((warn_unused_result));
/* All below what is in the set comes into it; what the tree does not know is left out. */
void product_tree_close(const struct product_tree *t, struct products *set);
/* Is the node in the set, and what it is a part of not?  These nodes say the whole set. */
bool product_tree_top(const struct product_tree *t, const struct products *set, int64_t id);

bool products_has(const struct products *s, int64_t id);
void products_add(struct products *s, int64_t id); /* not one of a tree: nothing */
bool products_within(const struct products *a, const struct products *b);
void products_join(struct products *to, const struct products *more);
void products_meet(struct products *to, const struct products *limit);
size_t products_count(const struct products *s);
/* The i-th id upwards from 0, or 0 where there are fewer. */
int64_t products_at(const struct products *s, size_t i);

#endif
