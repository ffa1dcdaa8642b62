/* What the statements of test_plans are run with: the worst case of each parameter.  Included where number() stands. */
#ifndef PLANS_VALUES_H
#define PLANS_VALUES_H

/* Whoever has the most rows in a scope: the worst case; the same in every run, and of documents
 * one that is the number of nothing in the small tables, since it stands for every other id. */
static int64_t big_tenant[5], below[5], big_customer, big_account, some_user, some_document, some_party;
static int64_t segments[SEGMENTS_MAX], products[SEGMENTS_MAX];

static void
pick(void)
{

	for (int level = 1; level < 5; level++) {
		big_tenant[level] =
		    number("SELECT a%d FROM customer WHERE a%d <> 0 GROUP BY a%d ORDER BY COUNT(*) DESC, a%d LIMIT 1",
			level, level, level, level);
		below[level] =
		    number("SELECT tenant_id FROM customer WHERE a%d = %lld GROUP BY tenant_id ORDER BY COUNT(*) DESC, "
			   "tenant_id LIMIT 1",
			level, (long long)big_tenant[level]);
	}
	big_tenant[0] =
	    number("SELECT tenant_id FROM customer GROUP BY tenant_id ORDER BY COUNT(*) DESC, tenant_id LIMIT 1");
	big_customer =
	    number("SELECT customer_id FROM document GROUP BY customer_id ORDER BY COUNT(*) DESC, customer_id LIMIT 1");
	big_account = number("SELECT MIN(id) FROM account WHERE customer_id = %lld", (long long)big_customer);
	some_user = number("SELECT id FROM user WHERE customer_id IS NOT NULL ORDER BY id LIMIT 1");
	some_document = number("SELECT MAX(id) FROM document WHERE customer_id = %lld", (long long)big_customer);
	some_party = number("SELECT seller_party_id FROM document WHERE id = %lld", (long long)some_document);
	for (int i = 0; i < SEGMENTS_MAX; i++)
		segments[i] = number("SELECT id FROM segment WHERE tenant_id = %lld ORDER BY id LIMIT 1 OFFSET %d",
		    (long long)big_tenant[0], i % 3);
	for (int i = 0; i < SEGMENTS_MAX; i++)
		products[i] = number("SELECT id FROM product_segment ORDER BY id LIMIT 1 OFFSET %d", i % 11);
}

static struct db_val
whole(int64_t i)
{

	return ((struct db_val){.type = DB_INT, .i = i});
}

static struct db_val
text(const char *z)
{

	return ((struct db_val){.type = DB_TEXT, .s = str_of(z)});
}

/* What a request would give for a name; its type is what counts, for the plan. */
static struct db_val
named(const struct variant *v, struct str name)
{
	static const struct {
		const char *name, *value;
	} texts[] = {{"host", "t1.localhost"}, {"email", "owner@t1.example"}, {"name", "publish"}, {"owner", "here:1"},
	    {"now", "2026-06-01 10:00:00"}, {"today", "2026-06-01"}, {"currency", "EUR"}, {"language", "en"},
	    {"trace", "0123456789abcdef"}, {"action", "test"}, {"detail", ""}, {"sealed", "2026-06-01 10:00:00.000"},
	    {"link", HASH}, {"pdf_sha256", HASH}, {"password", "x"}, {"old", "x"}, {"verified", "x"}, {"way", "hand"},
	    {"kind", ""}, {"country", ""}, {"postcode", ""}, {"held", "role.edit"}, {"handler", "role_patch"},
	    {"asked_action", "role.edit"}, {"asked_body", "{}"}, {"reason", ""}, {"port", "443"}, {"becomes", "done"},
	    {"why", ""}, {"tag", ""}, {"pairs", "[[\"A-1\",\"C\"],[\"A-2\",\"C\"]]"},
	    {"events", "[[1,\"e1-1\"],[1,\"e2-1\"]]"}, {"rejects", "[[1,\"00\"],[2,\"01\"]]"}, {"from", "2026-03-01"},
	    {"to", "2026-03-08"}, {"code", "meter"}, {"source", "meter"}, {"starts", "2026-04-01"}, {"size", "0"},
	    {"is_default", "0"}, {"offerings", "[1,2]"}, {"names", "[[\"de\",\"x\"]]"},
	    {"parts", "[[1,\"1\"],[2,\"1\"]]"}, {"windows", "[[\"peak\",31,480,1200]]"}, {"did", "opened"}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (str_eqz(name, texts[i].name))
			return (text(texts[i].value));
	if (name.n > 5 && memcmp(name.p + name.n - 5, "_hash", 5) == 0)
		return (text(HASH));
	if (str_eqz(name, "tenant"))
		return (whole(v->scope == SCOPE_subtree ? big_tenant[v->level] : big_tenant[0]));
	if (str_eqz(name, "segment"))
		return (whole(segments[0]));
	if (str_eqz(name, "user") || str_eqz(name, "user_id") || str_eqz(name, "agent"))
		return (whole(some_user));
	if (str_eqz(name, "customer") || str_eqz(name, "party"))
		return (whole(str_eqz(name, "party") ? some_party : big_customer));
	if (str_eqz(name, "deliverer"))
		return (whole(big_tenant[0]));
	return (whole(some_document)); /* :id of whatever it is */
}

static struct db_val
filter_value(const struct variant *v, const struct filter *f, size_t code)
{

	switch (f->type) {
	case FILTER_ID:
		if (f->id_of == RES_customer || f->id_of == RES_user)
			return (whole(f->id_of == RES_user ? some_user : big_customer));
		if (f->id_of == RES_account)
			return (whole(big_account));
		return (whole(v->scope == SCOPE_subtree ? below[v->level] : big_tenant[0]));
	case FILTER_PREFIX:
		return (text("zzz%")); /* what is rare is the worst: a page that never fills */
	case FILTER_TEXT:
	case FILTER_DATE:
		return (text(f->type == FILTER_TEXT ? "user.rare" : "2026-04-01"));
	case FILTER_CODE:
		return ((struct db_val){.type = DB_TEXT, .s = f->codes[code < f->n_codes ? code : 0]});
	}
	return ((struct db_val){.type = DB_NULL});
}

/* The middle of the sort's column, so that there is something on both sides. */
static struct db_val
after_key(const struct declaration *d, const struct variant *v)
{
	struct str name = d->sorts[v->sort].field_name;

	if (str_eqz(name, "issue_date") || str_eqz(name, "received") || str_eqz(name, "starts") ||
	    str_eqz(name, "at") || str_eqz(name, "day") || str_eqz(name, "came") || str_eqz(name, "created") ||
	    str_eqz(name, "period_start"))
		return (text("2026-04-01"));
	return (text("M"));
}

static void
fill(const struct declaration *d, const struct variant *v, const struct params *params, size_t code,
    struct db_val *values)
{

	for (size_t i = 0; i < params->n; i++) {
		const struct param *p = &params->p[i];

		switch (p->kind) {
		case PARAM_NAME:
			values[i] = named(v, p->name);
			break;
		case PARAM_FILTER:
			values[i] = filter_value(v, &d->filters[p->index], code);
			break;
		case PARAM_SEGMENT:
			values[i] = whole(segments[p->index]);
			break;
		case PARAM_PRODUCT:
			values[i] = whole(products[p->index]);
			break;
		case PARAM_PRODUCTS: /* every other one */
			values[i] = text("0101010101010101010101");
			break;
		case PARAM_AFTER_KEY:
			values[i] = after_key(d, v);
			break;
		case PARAM_AFTER_ID:
			values[i] = whole(1000);
			break;
		case PARAM_PAGE:
			values[i] = whole(PAGE);
			break;
		}
	}
}

#endif
