#include "core/statement.h"

#include <stdio.h>
#include <string.h>

#include "core/called.h"

static const struct {
	const char *name, *resource, *sorts, *filters, *arm, *text;
	enum guard guard;
} sources[QUERY__MAX] = {
#define QUERY(name, resource, guard, sorts, filters, arm, text) \
	[Q_##name] = {#name, #resource, sorts, filters, arm, text, guard},
#include "query.def"
#undef QUERY
};

static struct declaration declarations[QUERY__MAX]; /* written by statement_init, before any thread */

const struct declaration *
statement_declaration(enum query q)
{

	return (&declarations[q]);
}

int
statement_find(const char *name)
{

	for (int q = 0; q < QUERY__MAX; q++)
		if (strcmp(sources[q].name, name) == 0)
			return (q);
	return (-1);
}

static struct str
word(struct str *s)
{
	struct str w;

	while (s->n > 0 && *s->p == ' ')
		s->p++, s->n--;
	w = str_cut(*s, ' ', s);
	return (w);
}

/* "field column asc|desc" */
static const char *
parse_sort(struct declaration *d, struct str text)
{
	struct sort *s = &d->sorts[d->n_sorts];
	struct str direction;
	int f;

	if (d->n_sorts == SORTS_MAX)
		return ("too many sorts");
	s->field_name = word(&text);
	s->column = word(&text);
	direction = word(&text);
	if ((f = access_field_of(d->resource, s->field_name)) == -1)
		return ("a sort names no field");
	s->field = (enum field)f;
	s->desc = str_eqz(direction, "desc");
	if (!s->desc && !str_eqz(direction, "asc"))
		return ("a sort needs asc or desc");
	d->n_sorts++;
	return (NULL);
}

static const char *
parse_filter_type(struct filter *f, struct str text)
{
	struct str kind = str_cut(text, '.', &text);
	int res;

	if (str_eqz(kind, "prefix")) {
		f->type = FILTER_PREFIX;
		return (NULL);
	}
	if (str_eqz(kind, "id")) {
		f->type = FILTER_ID;
		if ((res = access_resource_of(text)) == -1)
			return ("a filter names no resource");
		f->id_of = (enum resource)res;
		return (NULL);
	}
	if (str_eqz(kind, "text") || str_eqz(kind, "date")) {
		f->type = kind.p[0] == 't' ? FILTER_TEXT : FILTER_DATE;
		return (NULL);
	}
	if (!str_eqz(kind, "code"))
		return ("a filter needs prefix, id, code, text or date");
	f->type = FILTER_CODE;
	while (text.n > 0 && f->n_codes < FILTER_CODES)
		f->codes[f->n_codes++] = str_cut(text, '.', &text);
	return (text.n == 0 ? NULL : "too many codes");
}

/* "parameter type field index predicate" */
static const char *
parse_filter(struct declaration *d, struct str text)
{
	struct filter *f = &d->filters[d->n_filters];
	const char *wrong;
	int field;

	if (d->n_filters == FILTERS_MAX)
		return ("too many filters");
	f->param = word(&text);
	if ((wrong = parse_filter_type(f, word(&text))) != NULL)
		return (wrong);
	if ((field = access_field_of(d->resource, word(&text))) == -1)
		return ("a filter names no field");
	f->field = (enum field)field;
	f->index = word(&text);
	if (str_eqz(f->index, "-"))
		f->index = S("");
	f->predicate = text;
	if (text.n == 0)
		return ("a filter needs a predicate");
	d->n_filters++;
	return (NULL);
}

static const char *
parse(struct declaration *d, struct str resource, struct str sorts, struct str filters)
{
	int res = access_resource_of(resource);
	const char *wrong = NULL;
	bool scoped;

	/* Sessions, hosts and the like are no resources; only admin statements are of them. */
	if (res == -1 && d->guard != GUARD_admin)
		return ("its name begins with no resource");
	d->resource = res == -1 ? RES_tenant : (enum resource)res;
	while (sorts.n > 0 && wrong == NULL)
		wrong = parse_sort(d, str_cut(sorts, ';', &sorts));
	while (filters.n > 0 && wrong == NULL)
		wrong = parse_filter(d, str_cut(filters, ';', &filters));
	scoped = memmem(d->text.p, d->text.n, ":where", 6) != NULL;
	if (wrong == NULL && scoped != (d->guard == GUARD_scope || d->guard == GUARD_arms))
		wrong = "guard and :where do not agree";
	return (wrong);
}

int
statement_init(void)
{

	for (int q = 0; q < QUERY__MAX; q++) {
		struct declaration *d = &declarations[q];
		const char *wrong;

		*d = (struct declaration){.name = sources[q].name,
		    .text = str_of(sources[q].text),
		    .arm = str_of(sources[q].arm),
		    .guard = sources[q].guard};
		wrong = parse(d, str_of(sources[q].resource), str_of(sources[q].sorts), str_of(sources[q].filters));
		if (wrong != NULL) {
			fprintf(stderr, "statement %s: %s\n", d->name, wrong);
			return (-1);
		}
	}
	return (0);
}

#define ARMS_WRITTEN (-1)

/* What an expansion needs to know. */
struct build {
	const struct variant *v;
	const struct declaration *d;
	struct buf *sql;
	struct params *params;
	int arm;    /* which one is being written; ARMS_WRITTEN behind the last */
	int filter; /* which one's predicate is being written, or -1 */
};

static void expand(struct build *b, struct str text);

static void
param(struct build *b, enum param_kind kind, int index, struct str name)
{

	if (b->params->n == PARAMS_MAX) { /* no declaration comes near it: statement_test expands all of them */
		b->sql->failed = true;
		return;
	}
	b->params->p[b->params->n++] = (struct param){kind, index, name};
	buf_char(b->sql, '?');
}

static bool
descending(const struct build *b)
{

	return (b->d->sorts[b->v->sort].desc != b->v->reverse);
}

/* Are only rows of one customer asked for, which are in one segment, or of the few customers of a group or an agent? */
static bool
of_few_customers(const struct build *b)
{

	for (size_t i = 0; i < b->d->n_filters; i++)
		if ((b->v->filters >> i & 1) && b->d->filters[i].type == FILTER_ID &&
		    (b->d->filters[i].id_of == RES_customer || b->d->filters[i].id_of == RES_account))
			return (true);
	return (b->v->scope == SCOPE_customer || b->v->scope == SCOPE_own || b->v->scope == SCOPE_family ||
	    b->v->scope == SCOPE_assigned);
}

/* Would arms be those of product segments?  Those of customers come first: they are fewer rows. */
static bool
by_product(const struct build *b)
{

	return (b->v->arms == 0 && b->v->products > 0 && b->v->products != PRODUCTS_AT_ONCE);
}

/* How many SELECTs, one a segment; 0: none.  Only the list's first order has an index that begins with the
 * segment; elsewhere the segments are one more condition. */
static int
n_arms(const struct build *b)
{

	if (b->d->arm.n == 0 || b->v->sort != 0 || of_few_customers(b))
		return (0);
	return (by_product(b) ? b->v->products : b->v->arms);
}

/* A table is called as its resource is, but where SQL has that word for itself. */
static const char *
table_of(enum resource res)
{

	return (res == RES_usage ? "usage_event" : access_resources[res].name);
}

/* @level: the digit of the column; @tenant, @customer, @product: the column of that id in this table. */
static void
expand_column(struct build *b, struct str name)
{

	if (str_eqz(name, "level"))
		buf_int(b->sql, b->v->level);
	else if (str_eqz(name, access_resources[b->d->resource].name))
		buf_addz(b->sql, "id");
	else {
		buf_add(b->sql, name);
		buf_addz(b->sql, "_id");
	}
}

/* "?,?)" */
static void
one_of(struct build *b, enum param_kind kind, int n)
{

	for (int i = 0; i < n; i++) {
		buf_addz(b->sql, i == 0 ? "" : ",");
		param(b, kind, i, S(""));
	}
	buf_char(b->sql, ')');
}

static void
expand_products(struct build *b)
{

	if (b->v->products == 0)
		return;
	if (b->v->products == PRODUCTS_AT_ONCE) {
		buf_addz(b->sql, " AND SUBSTRING(");
		param(b, PARAM_PRODUCTS, 0, S(""));
		expand(b, S(", t.@product, 1) = '1'"));
	} else if (by_product(b) && n_arms(b) > 0) {
		expand(b, S(" AND t.@product = "));
		param(b, PARAM_PRODUCT, b->arm, S(""));
	} else {
		expand(b, S(" AND t.@product IN ("));
		one_of(b, PARAM_PRODUCT, b->v->products);
	}
}

static void
expand_scope(struct build *b)
{

	/* At the root every row is below it, and there is no column a0. */
	if (b->v->scope == SCOPE_subtree && b->v->level == 0)
		buf_addz(b->sql, "TRUE");
	else
		expand(b, str_of(access_scopes[b->v->scope].predicate));
	if (b->v->arms > 0 && n_arms(b) > 0) {
		buf_addz(b->sql, " AND t.segment_id = ");
		param(b, PARAM_SEGMENT, b->arm, S(""));
	} else if (b->v->arms > 0) {
		buf_addz(b->sql, " AND t.segment_id IN (");
		one_of(b, PARAM_SEGMENT, b->v->arms);
	}
	expand_products(b);
}

static void
expand_where(struct build *b)
{

	if (b->arm == ARMS_WRITTEN) { /* what they found needs no condition */
		buf_addz(b->sql, "TRUE");
		return;
	}
	buf_char(b->sql, '(');
	expand_scope(b);
	buf_char(b->sql, ')');
	for (int i = 0; i < (int)b->d->n_filters; i++) {
		if (!(b->v->filters >> i & 1))
			continue;
		buf_addz(b->sql, " AND ");
		b->filter = i;
		expand(b, b->d->filters[i].predicate);
		b->filter = -1;
	}
	if (b->v->after) {
		struct str column = b->d->sorts[b->v->sort].column;
		char than = descending(b) ? '<' : '>';

		/* MariaDB uses no index for (k, id) > (?, ?). */
		buf_printf(b->sql, " AND (%.*s %c ", STR_ARG(column), than);
		param(b, PARAM_AFTER_KEY, 0, S(""));
		buf_printf(b->sql, " OR (%.*s = ", STR_ARG(column));
		param(b, PARAM_AFTER_KEY, 0, S(""));
		buf_printf(b->sql, " AND t.id %c ", than);
		param(b, PARAM_AFTER_ID, 0, S(""));
		buf_addz(b->sql, "))");
	}
}

/* Is the scope one row of the statement's own table? */
static bool
is_one_row(const struct build *b)
{

	return ((b->v->scope == SCOPE_own && b->d->resource == RES_user) ||
	    str_eqz(str_of(access_scopes[b->v->scope].name), access_resources[b->d->resource].name));
}

/* Does the filter find fewer rows than the scope?  A group's or an agent's customers are all of one tenant. */
static bool
is_narrower(const struct build *b, const struct filter *f)
{
	const bool few = b->v->scope == SCOPE_family || b->v->scope == SCOPE_assigned;

	return (f->index.n > 0 && f->index.p[0] != '+' && !(few && f->type == FILTER_ID && f->id_of == RES_tenant));
}

/* What stands before the sort's field in the name of the index: the scope, or a filter that finds fewer rows. */
static void
index_prefix(struct build *b)
{

	for (size_t i = 0; i < b->d->n_filters; i++)
		if ((b->v->filters >> i & 1) && is_narrower(b, &b->d->filters[i])) {
			buf_add(b->sql, b->d->filters[i].index);
			return;
		}
	if (b->v->scope == SCOPE_subtree && b->v->level > 0) {
		buf_char(b->sql, 'a');
		buf_int(b->sql, b->v->level);
	} else if (b->v->scope == SCOPE_subtree) {
		buf_addz(b->sql, "all");
	} else {
		buf_addz(b->sql, access_scopes[b->v->scope].name);
	}
	buf_char(b->sql, '_');
}

/* FORCE INDEX (<scope or filter>_[segment_|product_][<filter>_]<sort>): the same plan at 10 rows and at 10^7. */
static void
expand_index(struct build *b)
{

	if (is_one_row(b)) {
		buf_addz(b->sql, "FORCE INDEX (PRIMARY)");
		return;
	}
	buf_addz(b->sql, "FORCE INDEX (");
	index_prefix(b);
	if (n_arms(b) > 0)
		buf_addz(b->sql, by_product(b) ? "product_" : "segment_");
	for (size_t i = 0; i < b->d->n_filters; i++) {
		struct str more = b->d->filters[i].index;

		/* A further column of the index; only the first sort has one with it. */
		if ((b->v->filters >> i & 1) && more.n > 0 && more.p[0] == '+' && b->v->sort == 0)
			buf_add(b->sql, (struct str){more.p + 1, more.n - 1});
	}
	buf_add(b->sql, b->d->sorts[b->v->sort].field_name);
	buf_char(b->sql, ')');
}

static void
expand_order(struct build *b)
{
	const char *direction = descending(b) ? "DESC" : "ASC";

	buf_printf(b->sql, "%.*s %s, t.id %s", STR_ARG(b->d->sorts[b->v->sort].column), direction, direction);
}

/* The table and its index.  In arms: first the keys of the page, from indexes alone, so that the rows
 * of one page are read and joined and not those of one page a segment. */
static void
expand_rows(struct build *b)
{
	const char *direction = descending(b) ? "DESC" : "ASC", *table = table_of(b->d->resource);

	if (n_arms(b) <= 1) {
		buf_printf(b->sql, "%s t ", table);
		expand_index(b);
		return;
	}
	for (b->arm = 0; b->arm < n_arms(b); b->arm++) {
		buf_addz(b->sql, b->arm == 0 ? "((" : ") UNION ALL (");
		expand(b, b->d->arm);
	}
	b->arm = ARMS_WRITTEN;
	buf_printf(b->sql, ") ORDER BY _key %s, id %s LIMIT ", direction, direction);
	param(b, PARAM_PAGE, 0, S("page"));
	buf_printf(b->sql, ") k JOIN %s t ON t.id = k.id", table);
}

static void
expand_name(struct build *b, struct str name)
{

	if (str_eqz(name, "where"))
		expand_where(b);
	else if (str_eqz(name, "rows"))
		expand_rows(b);
	else if (str_eqz(name, "index"))
		expand_index(b);
	else if (str_eqz(name, "key"))
		buf_add(b->sql, b->d->sorts[b->v->sort].column);
	else if (str_eqz(name, "order"))
		expand_order(b);
	else if (str_eqz(name, "page"))
		param(b, PARAM_PAGE, 0, name);
	else if (str_eqz(name, "called"))
		expand(b, called((enum scope)b->v->scope));
	else if (str_eqz(name, "called_all"))
		expand(b, called_all((enum scope)b->v->scope));
	else if (str_eqz(name, "value"))
		param(b, PARAM_FILTER, b->filter, name);
	else
		param(b, PARAM_NAME, 0, name);
}

static bool
is_name(char c)
{

	return ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
}

static void
expand(struct build *b, struct str text)
{
	bool quoted = false;
	size_t end;

	for (size_t i = 0; i < text.n; i = end) {
		char c = text.p[i];

		end = i + 1;
		if (c == '\'')
			quoted = !quoted;
		if (quoted || (c != ':' && c != '@') || end == text.n || !is_name(text.p[end])) {
			buf_char(b->sql, c);
			continue;
		}
		while (end < text.n && is_name(text.p[end]))
			end++;
		if (c == ':')
			expand_name(b, (struct str){text.p + i + 1, end - i - 1});
		else
			expand_column(b, (struct str){text.p + i + 1, end - i - 1});
	}
}

void
statement_text(const struct variant *v, struct buf *sql, struct params *params)
{
	struct build b = {.v = v, .d = &declarations[v->query], .sql = sql, .params = params, .filter = -1};

	params->n = 0;
	expand(&b, b.d->text);
}
