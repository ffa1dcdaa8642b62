/* OpenAPI 3.1, written from the route table, the vocabulary and the statements' declarations. */
#include <string.h>

#include "core/export.h"
#include "core/statement.h"
#include "page/page.h"

static const char *const verbs[METHOD__MAX] = {
    [GET] = "get", [POST] = "post", [PATCH] = "patch", [PUT] = "put", [DELETE] = "delete"};

/* The type of a field as a schema. */
static void
write_type(struct buf *b, enum field_type type)
{

	if ((int)type >= T_ID_FIRST)
		buf_printf(b, "{\"type\":[\"string\",\"null\"],\"pattern\":\"^%s_[a-z2-7]{26}$\"}",
		    access_resources[(int)type - T_ID_FIRST].prefix);
	else if (type == T_MONEY || type == T_PRICE)
		buf_addz(b, "{\"$ref\":\"#/components/schemas/money\"}");
	else if (type == T_INT)
		buf_addz(b, "{\"type\":[\"integer\",\"null\"]}");
	else if (type == T_PARTS)
		buf_addz(b, "{\"type\":[\"array\",\"object\"]}");
	else if (type == T_BOOL)
		buf_addz(b, "{\"type\":\"boolean\"}");
	else if (type == T_DATE)
		buf_addz(b, "{\"type\":[\"string\",\"null\"],\"format\":\"date\"}");
	else if (type == T_TIME)
		buf_addz(b, "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}");
	else
		buf_addz(b, "{\"type\":[\"string\",\"null\"]}");
}

static void
write_members(struct buf *b, int res)
{
	bool first = true;

	for (int f = 0; f < FLD__MAX; f++) {
		if ((int)access_fields[f].resource != res)
			continue;
		buf_addz(b, first ? "" : ",");
		first = false;
		json_str(b, str_of(access_fields[f].name));
		buf_char(b, ':');
		write_type(b, access_fields[f].type);
	}
	if (res == RES_document || res == RES_incoming)
		buf_addz(b,
		    ",\"seller\":{\"$ref\":\"#/components/schemas/party\"},"
		    "\"buyer\":{\"$ref\":\"#/components/schemas/party\"},"
		    "\"lines\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/line\"}},"
		    "\"lines_hidden\":{\"type\":\"integer\"},"
		    "\"taxes\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/tax\"}}");
	if (res == RES_self_bill || res == RES_self_incoming)
		buf_addz(b,
		    ",\"seller\":{\"$ref\":\"#/components/schemas/party\"},"
		    "\"buyer\":{\"$ref\":\"#/components/schemas/party\"},"
		    "\"lines\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/self_line\"}},"
		    "\"taxes\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/tax\"}}");
	if (res == RES_draft)
		buf_addz(b,
		    ",\"lines\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/line\"}},"
		    "\"lines_hidden\":{\"type\":\"integer\"},"
		    "\"taxes\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/tax\"}}");
	if (res == RES_api_key)
		buf_addz(
		    b, ",\"secret\":{\"type\":\"string\",\"description\":\"only in the answer that makes the key\"}");
}

static void
write_schemas(struct buf *b)
{

	buf_addz(b,
	    "\"money\":{\"type\":[\"object\",\"null\"],\"properties\":{\"amount\":{\"type\":\"string\","
	    "\"pattern\":\"^-?[0-9]+([.][0-9]+)?$\"},\"currency\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"}},"
	    "\"required\":[\"amount\",\"currency\"],\"additionalProperties\":false},"
	    "\"problem\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
	    "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"trace\":{\"type\":\"string\"},"
	    "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"pointer\":{\"type\":\"string\"},"
	    "\"code\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}},"
	    "\"required\":[\"type\",\"title\",\"status\",\"trace\"],\"additionalProperties\":false},"
	    "\"both\":{\"type\":\"object\",\"properties\":{\"before\":{\"$ref\":\"#/components/schemas/money\"},"
	    "\"after\":{\"$ref\":\"#/components/schemas/money\"}},\"required\":[\"before\",\"after\"],"
	    "\"additionalProperties\":false},"
	    "\"preview\":{\"type\":\"object\",\"properties\":{\"from\":{\"type\":\"string\",\"format\":\"date\"},"
	    "\"unpriced\":{\"type\":\"boolean\"},\"periods\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	    "\"properties\":{\"starts\":{\"type\":\"string\",\"format\":\"date\"},\"ends\":{\"type\":\"string\","
	    "\"format\":\"date\"},\"charged\":{\"$ref\":\"#/components/schemas/both\"},\"cost\":{\"$ref\":"
	    "\"#/components/schemas/both\"},\"margin\":{\"$ref\":\"#/components/schemas/both\"},"
	    "\"rates\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"unconverted\":{\"type\":\"boolean\"}},\"required\":[\"starts\","
	    "\"ends\"],\"additionalProperties\":false}},\"early\":{\"type\":\"object\",\"properties\":{\"charged\":{\"$ref\":"
	    "\"#/components/schemas/money\"},\"cost\":{\"$ref\":\"#/components/schemas/money\"}},"
	    "\"additionalProperties\":false}},\"required\":[\"from\",\"unpriced\",\"periods\"],"
	    "\"additionalProperties\":false}");
	for (int r = 0; r < RES__MAX; r++) {
		buf_printf(b, ",\"%s\":{\"type\":\"object\",\"properties\":{", access_resources[r].name);
		write_members(b, r);
		buf_addz(b, "},\"additionalProperties\":false}");
	}
}

/* The statement of a list handler has the handler's name. */
static const struct declaration *
declaration_of(const char *handler)
{
	const int q = statement_find(handler);

	return (q == -1 ? NULL : statement_declaration((enum query)q));
}

static void
write_parameter(struct buf *b, struct str name, const char *in, bool *first)
{

	buf_addz(b, *first ? "" : ",");
	*first = false;
	buf_addz(b, "{\"name\":");
	json_str(b, name);
	buf_printf(
	    b, ",\"in\":\"%s\",\"required\":%s,\"schema\":{\"type\":\"string\"}}", in, in[0] == 'p' ? "true" : "false");
}

static void
write_parameters(struct buf *b, const struct page_route *r)
{
	static const struct {
		const char *handler, *name;
	} own[] = {{"usage_totals", "from"}, {"usage_totals", "to"}, {"usage_totals", "customer"},
	    {"usage_totals", "by"}, {"usage_create", "source"}, {"price_list_rules", "starts"},
	    {"price_list_simulate", "starts"}, {"incoming_explain", "line"}, {"incoming_explain", "limit"}};
	const struct declaration *d = declaration_of(r->handler);
	bool first = true;

	buf_addz(b, ",\"parameters\":[");
	if (strstr(r->path, ":id") != NULL)
		write_parameter(b, S("id"), "path", &first);
	if (r->action == ACT_user_explain) {
		write_parameter(b, S("action"), "query", &first);
		write_parameter(b, S("field"), "query", &first);
		write_parameter(b, S("object"), "query", &first);
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(r->handler, own[i].handler) == 0)
			write_parameter(b, str_of(own[i].name), "query", &first);
	if (d != NULL && d->n_sorts > 0) {
		write_parameter(b, S("limit"), "query", &first);
		write_parameter(b, S("cursor"), "query", &first);
		write_parameter(b, S("sort"), "query", &first);
		if (export_action(d->resource) != -1)
			write_parameter(b, S("format"), "query", &first);
		for (size_t i = 0; i < d->n_filters; i++)
			write_parameter(b, d->filters[i].param, "query", &first);
	}
	buf_char(b, ']');
}

static const char *
action_name(enum action a)
{

	return (a == ACT_PUBLIC ? "public" : a == ACT_SIGNED_IN ? "signed-in" : access_actions[a].name);
}

/* Is it about a row without being it: sums of them, who has a role, the roles of a user, why one may, who one is as somebody else? */
static bool
is_beside(const struct page_route *r)
{
	const char *behind = strstr(r->path, "/:id/");

	return (r->action == ACT_user_view_as || strcmp(r->handler, "usage_totals") == 0 ||
	    strcmp(r->handler, "usage_reject_all") == 0 ||
	    (behind != NULL && r->action != ACT_approval_decide && strcmp(behind + 5, "copy") != 0));
}

/* Does it answer 201 with what it has made? */
static bool
is_created(const struct page_route *r)
{
	static const char *const handlers[] = {"agreement_create", "api_key_create", "bill_run_create",
	    "discount_create", "exchange_rate_create", "minimum_create", "move_create", "offering_create",
	    "payout_create", "price_list_create", "segment_create", "subscription_order", "tax_rule_create",
	    "transfer_create"};

	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (strcmp(r->handler, handlers[i]) == 0)
			return (true);
	return (false);
}

/* A change of a subscription answers what it is then, or with "preview": true what it would come to. */
static bool
is_previewed(const struct page_route *r)
{

	return (r->write && r->action < ACT__MAX && access_actions[r->action].resource == RES_subscription);
}

static void
write_previewed(struct buf *b, const struct page_route *r)
{
	static const char one[] = "{\"$ref\":\"#/components/schemas/subscription\"}",
			  preview[] = "{\"$ref\":\"#/components/schemas/preview\"}";

	if (is_created(r))
		buf_printf(b,
		    "\"201\":{\"description\":\"one\",\"content\":{\"application/json\":{\"schema\":%s}}},"
		    "\"200\":{\"description\":\"a preview\",\"content\":{\"application/json\":{\"schema\":%s}}}",
		    one, preview);
	else
		buf_printf(b,
		    "\"200\":{\"description\":\"one, or a preview\",\"content\":{\"application/json\":{\"schema\":"
		    "{\"anyOf\":[%s,%s]}}}}",
		    one, preview);
}

/* What a good answer of the handler holds. */
static void
write_answer(struct buf *b, const struct page_route *r)
{
	const struct declaration *d = declaration_of(r->handler);
	size_t n = strlen(r->path);
	const char *res = r->action < ACT__MAX ? access_resources[access_actions[r->action].resource].name : NULL;

	if (r->method == DELETE || r->action == ACT_tenant_close || r->action == ACT_tenant_reopen ||
	    strcmp(r->path, "/api/v1/session/step-up") == 0 ||
	    strcmp(r->path, "/api/v1/session/step-up/passkey") == 0) {
		buf_addz(b, "\"204\":{\"description\":\"done\"}");
	} else if (is_previewed(r)) {
		write_previewed(b, r);
	} else if (strcmp(r->handler, "password_reset") == 0) {
		buf_addz(b, "\"202\":{\"description\":\"a link is sent if somebody has that address\"}");
	} else if (strcmp(r->handler, "statement_close") == 0) {
		buf_addz(b, "\"202\":{\"description\":\"it is closed within seconds\"}");
	} else if (r->action == ACT_payout_file) {
		buf_printf(b, "\"200\":{\"description\":\"a file for the bank\",\"content\":{\"%s\":{}}}",
		    strcmp(r->path + n - 4, "/xml") == 0 ? "application/xml" : "text/csv");
	} else if (n > 4 && strcmp(r->path + n - 4, "/pdf") == 0) {
		buf_addz(b, "\"200\":{\"description\":\"PDF\",\"content\":{\"application/pdf\":{}}}");
	} else if (n > 5 && strcmp(r->path + n - 5, "/html") == 0) {
		buf_addz(b, "\"200\":{\"description\":\"a page\",\"content\":{\"text/html\":{}}}");
	} else if (d != NULL && d->n_sorts > 0) {
		buf_printf(b,
		    "\"200\":{\"description\":\"a page of the list\",\"content\":{\"application/json\":{\"schema\":"
		    "{\"type\":\"object\",\"properties\":{\"data\":{\"type\":\"array\",\"items\":{\"$ref\":"
		    "\"#/components/schemas/%s\"}},\"next\":{\"type\":[\"string\",\"null\"]}},"
		    "\"required\":[\"data\",\"next\"],\"additionalProperties\":false}}%s}}",
		    res, export_action(d->resource) == -1 ? "" : ",\"text/csv\":{},\"application/x-ndjson\":{}");
	} else if (r->lines) {
		buf_addz(b,
		    "\"200\":{\"description\":\"an answer for each line\",\"content\":{\"application/x-ndjson\":{}}}");
	} else if (res != NULL && !is_beside(r)) {
		buf_printf(b,
		    "\"%s\":{\"description\":\"one\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
		    "\"#/components/schemas/%s\"}}}}",
		    is_created(r) ? "201" : "200", res);
	} else {
		buf_addz(b, "\"200\":{\"description\":\"done\"}");
	}
}

/* How one shows who asks: as nobody, by a session alone, or by either. */
static void
write_security(struct buf *b, const struct page_route *r)
{

	buf_addz(b, ",\"security\":[");
	if (r->action != ACT_PUBLIC)
		buf_addz(b, r->person ? "{\"cookie\":[]}" : "{\"cookie\":[]},{\"bearer\":[]}");
	buf_char(b, ']');
}

static enum second
second_of(const struct page_route *r)
{

	return (r->write && !r->agreed ? access_second(r->action) : SECOND_never);
}

/* What is asked of who asks, beside the right. */
static void
write_needs(struct buf *b, const struct page_route *r)
{
	static const char *const when[] = {
	    [SECOND_always] = "always", [SECOND_provider] = "provider", [SECOND_large] = "large"};

	if (r->proved || (r->write && access_step_up(r->action)))
		buf_addz(b, ",\"x-step-up\":true");
	if (second_of(r) != SECOND_never)
		buf_printf(b, ",\"x-second-person\":\"%s\"", when[second_of(r)]);
}

static void
write_operation(struct buf *b, const struct page_route *r)
{

	buf_printf(b, "\"%s\":{\"operationId\":\"%s\",\"x-action\":\"%s\"", verbs[r->method], r->handler,
	    action_name(r->action));
	write_security(b, r);
	write_needs(b, r);
	write_parameters(b, r);
	if (r->lines)
		buf_addz(b,
		    ",\"requestBody\":{\"required\":true,\"content\":{\"application/x-ndjson\":{},\"text/csv\":{}}}");
	else if (r->body)
		buf_addz(b,
		    ",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":"
		    "{\"type\":\"object\"}}}}");
	buf_addz(b, ",\"responses\":{");
	write_answer(b, r);
	if (second_of(r) != SECOND_never)
		buf_addz(b,
		    ",\"202\":{\"description\":\"it waits for a second person, at Location\",\"content\":{"
		    "\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/approval\"}}}}");
	buf_addz(b,
	    ",\"default\":{\"description\":\"a problem\",\"content\":{\"application/problem+json\":{\"schema\":"
	    "{\"$ref\":\"#/components/schemas/problem\"}}}}}}");
}

/* "/a/:id/b" as "/a/{id}/b" */
static void
write_path(struct buf *b, const char *path)
{

	buf_addz(b, "\"");
	for (; *path != '\0'; path++) {
		if (strncmp(path, ":id", 3) == 0) {
			buf_addz(b, "{id}");
			path += 2;
		} else {
			buf_char(b, *path);
		}
	}
	buf_addz(b, "\":{");
}

/* GET /api/v1/openapi.json */
int
openapi_get(struct rq *rq)
{
	struct buf *b = &rq->out;
	const struct page_route *r, *before = NULL;

	buf_addz(b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Billing portal\",\"version\":\"1\"},\"paths\":{");
	for (unsigned i = 0; (r = page_routes(i)) != NULL; i++) { /* rows of one path stand together */
		bool same = before != NULL && strcmp(before->path, r->path) == 0;

		if (!same) {
			buf_addz(b, before == NULL ? "" : "},");
			write_path(b, r->path);
		} else {
			buf_char(b, ',');
		}
		write_operation(b, r);
		before = r;
	}
	buf_addz(b,
	    "}},\"components\":{\"securitySchemes\":{"
	    "\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-session\",\"description\":\"a session of a person\"},"
	    "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"an API key of a program; never with a cookie\"}},"
	    "\"schemas\":{");
	write_schemas(b);
	buf_addz(b, "}}}");
	return (200);
}
