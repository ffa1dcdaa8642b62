/* The prepared variants of one connection, made at first use. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/statement.h"

#define SLOTS 512 /* a power of two; more variants than 3/4 of it: all are dropped and made anew */

struct statements {
	struct prepared *slots[SLOTS];
	size_t n;
	unsigned generation; /* of the connection that they belong to */
};

struct statements *
statements_open(void)
{
	struct statements *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		log_error("memory", "no room for statements");
		_Exit(70);
	}
	return (s);
}

static void
free_one(struct prepared *p)
{

	for (size_t i = 0; i < p->n_columns; i++) {
		free((char *)p->columns[i].name.p);
		free((char *)p->columns[i].json_key.p);
		free((char *)p->columns[i].object_key.p);
	}
	free(p);
}

/* Forgets all; closes them too where their connection still lives. */
static void
drop(struct statements *s, bool alive)
{

	for (size_t i = 0; i < SLOTS; i++) {
		if (s->slots[i] == NULL)
			continue;
		if (alive)
			db_stmt_close(s->slots[i]->st);
		free_one(s->slots[i]);
		s->slots[i] = NULL;
	}
	s->n = 0;
}

void
statements_close(struct statements *s)
{

	drop(s, false); /* db_close ends the statements themselves */
	free(s);
}

_Static_assert(QUERY__MAX <= UINT16_MAX && SCOPE__MAX <= UINT8_MAX, "a variant keeps them whole");

/* Levels and sorts are fewer than 16. */
static uint64_t
pack(const struct variant *v)
{

	return ((uint64_t)v->query | (uint64_t)v->scope << 16 | (uint64_t)v->level << 24 | (uint64_t)v->sort << 28 |
	    (uint64_t)v->filters << 32 | (uint64_t)v->arms << 40 | (uint64_t)v->reverse << 48 |
	    (uint64_t)v->after << 49 | (uint64_t)v->products << 50);
}

static struct prepared **
slot(struct statements *s, const struct variant *v)
{
	uint64_t key = pack(v);
	size_t i = (size_t)(key * 0x9e3779b97f4a7c15u >> 40) % SLOTS;

	while (s->slots[i] != NULL && pack(&s->slots[i]->v) != key)
		i = (i + 1) % SLOTS;
	return (&s->slots[i]);
}

static struct str
copy(const char *before, struct str s, const char *behind)
{
	size_t n = strlen(before) + s.n + strlen(behind);
	char *p = malloc(n + 1);

	if (p == NULL) {
		log_error("memory", "no room for a statement");
		_Exit(70);
	}
	snprintf(p, n + 1, "%s%.*s%s", before, STR_ARG(s), behind);
	return ((struct str){p, n});
}

/* Of `seller.party.name` the field, for whose object the column is made; of any other name its field of the
 * statement's resource.  -1: it is none. */
static int
field_of(struct prepared *p, const struct declaration *d, int i)
{
	struct column *c = &p->columns[i], *before = i > 0 ? c - 1 : NULL;
	struct str inner, name, object = str_cut(c->name, '.', &inner), resource = str_cut(inner, '.', &name);
	int res;

	if (name.p == NULL)
		return (access_field_of(d->resource, c->name));
	c->object = 1;
	if (before != NULL && before->object != 0)
		c->object = before->object + !str_starts(before->name, (struct str){c->name.p, object.n + 1});
	free((char *)c->json_key.p);
	c->json_key = copy("\"", name, "\":");
	c->object_key = copy("\"", object, "\":{");
	return ((res = access_resource_of(resource)) == -1 ? -1 : access_field_of((enum resource)res, name));
}

/* What column i is.  0, or -1 where it is neither hidden nor a field: nothing undeclared leaves. */
static int
describe(struct prepared *p, const struct declaration *d, int i)
{
	struct column *c = &p->columns[i];
	struct str name = db_col_name(p->st, (unsigned)i);
	int f;

	c->name = copy("", name, "");
	c->json_key = copy("\"", name, "\":");
	c->role = COLUMN_HIDDEN;
	if (str_eqz(name, "_tenant")) {
		c->role = COLUMN_TENANT;
		p->tenant = i;
	} else if (str_eqz(name, "_segment")) {
		p->segment = i;
	} else if (str_eqz(name, "_product")) {
		p->product = i;
	} else if (str_eqz(name, "_group")) {
		p->group = i;
	} else if (str_eqz(name, "_agent")) {
		p->agent = i;
	} else if (str_eqz(name, "_currency")) {
		c->role = COLUMN_CURRENCY;
		p->currency = i;
	} else if (str_eqz(name, "_key")) {
		c->role = COLUMN_KEY;
		p->key = i;
	} else if (str_eqz(name, "_of")) {
		c->role = COLUMN_OF;
		p->of = i;
	}
	if (name.p[0] == '_')
		return (0);
	if (str_eqz(name, "id"))
		p->id = i;
	if ((f = field_of(p, d, i)) == -1) {
		if (d->guard == GUARD_admin)
			return (0);
		log_error("statement", "%s: column %.*s is no field", d->name, STR_ARG(name));
		return (-1);
	}
	c->role = COLUMN_FIELD;
	c->field = (enum field)f;
	c->type = access_fields[f].type;
	return (0);
}

static struct prepared *
prepare(struct db *db, struct arena *a, const struct variant *v)
{
	const struct declaration *d = statement_declaration((enum query)v->query);
	struct prepared *p = calloc(1, sizeof(*p));
	struct buf sql;

	if (p == NULL) {
		log_error("memory", "no room for a statement");
		_Exit(70);
	}
	p->v = *v;
	p->tenant = p->segment = p->product = p->group = p->agent = p->currency = p->key = p->of = p->id = -1;
	buf_init(&sql, a, 256 * 1024);
	statement_text(v, &sql, &p->params);
	p->st = buf_failed(&sql) ? NULL : db_prepare(db, buf_str(&sql));
	if (p->st == NULL) {
		if (buf_failed(&sql)) /* what the database says is logged by the caller */
			log_error("statement", "%s: its text is too long", d->name);
		free_one(p);
		return (NULL);
	}
	for (unsigned i = 0; i < db_n_cols(p->st); i++)
		if (p->n_columns == COLUMNS_MAX || describe(p, d, (int)p->n_columns++) == -1) {
			db_stmt_close(p->st);
			free_one(p);
			return (NULL);
		}
	return (p);
}

struct prepared *
statements_get(struct statements *s, struct db *db, struct arena *a, const struct variant *v)
{
	struct prepared **at;

	if (db_connect(db) == -1)
		return (NULL);
	if (s->generation != db_generation(db)) {
		drop(s, false);
		s->generation = db_generation(db);
	}
	at = slot(s, v);
	if (*at != NULL)
		return (*at);
	if (s->n >= SLOTS * 3 / 4) {
		drop(s, true);
		at = slot(s, v);
	}
	if ((*at = prepare(db, a, v)) != NULL)
		s->n++;
	return (*at);
}
