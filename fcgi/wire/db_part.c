#include "wire/db_part.h"

enum db_error
db_class_of(unsigned code)
{

	switch (code) {
	case 1213: /* deadlock, or a failed certification in a cluster */
	case 1205: /* lock wait */
	case 1020: /* the row changed since the snapshot */
		return (DB_AGAIN);
	case 2000 ... 2003:
	case 2005 ... 2006:
	case 2013:
	case 2026:
	case 1040: /* too many connections */
	case 1047: /* the node is not part of its cluster now */
	case 1053: /* the server goes down */
	case 1203: /* too many of this user */
	case 1243:
	case 1927: /* killed */
		return (DB_LOST);
	case 1062:
		return (DB_DUPLICATE);
	case 3:
	case 1021:
	case 1026:
	case 1030: /* the storage engine could not write */
	case 1114:
		return (DB_FULL);
	default:
		return (DB_REFUSED);
	}
}

static enum db_type
type_of(struct db_values v, size_t n)
{

	for (size_t i = 0; i < n; i++)
		if (v.first[i * v.step].type != DB_NULL)
			return (v.first[i * v.step].type);
	return (DB_TEXT);
}

void
db_column(struct arena *a, struct db_values values, size_t n, struct db_column *c)
{

	*c = (struct db_column){.type = type_of(values, n), .nulls = arena_alloc(a, n)};
	if (c->type == DB_INT) {
		c->ints = arena_alloc(a, n * sizeof(*c->ints));
	} else {
		c->texts = arena_alloc(a, n * sizeof(*c->texts));
		c->lengths = arena_alloc(a, n * sizeof(*c->lengths));
	}
	for (size_t i = 0; i < n; i++) {
		const struct db_val *v = &values.first[i * values.step];

		c->nulls[i] = v->type == DB_NULL;
		if (c->type == DB_INT) {
			c->ints[i] = v->i;
		} else {
			c->texts[i] = v->s.p == NULL ? "" : v->s.p;
			c->lengths[i] = v->s.n;
		}
	}
}
