/* A settlement case: one billing period of a small channel, as a JSON file.  Reads it, or says which field is wrong;
 * knows no database.  Prices, quantities and percentages are millionths, tax rates hundredths, days count from 1970. */
#ifndef TRADE_REHEARSE_CASE_H
#define TRADE_REHEARSE_CASE_H

#include "base/arena.h"
#include "trade/price.h"

#define CASE_EDGES 5   /* of a chain */
#define CASE_NONE (-1) /* no tax rate of its own; no offering: all of them */

struct case_offering {
	struct str code, kind, unit;
	enum price_model model;
	int64_t size, included, vat;
	struct price_tier *tiers;
	size_t n_tiers;
};

struct case_rule {
	int64_t offering; /* its number, or CASE_NONE */
	enum price_method method;
	int64_t value;
};

struct case_agent {
	struct str tenant;
	int64_t rate;
};

struct case_edge {
	struct str seller, buyer;
	struct case_rule *rules;
	struct case_agent *agents;
	size_t n_rules, n_agents;
	int64_t vat;
	bool agency;
};

struct case_chain {
	struct str account;
	struct case_edge edges[CASE_EDGES];
	size_t n_edges;
};

/* So many from that day on, until the next or the subscription's end. */
struct case_stretch {
	int64_t on, quantity;
};

struct case_subscription {
	size_t account, offering;
	int64_t from, to; /* INT64_MAX: it goes on */
	struct case_stretch *stretches;
	size_t n_stretches; /* the first is from the begin */
};

struct case_usage {
	size_t account, offering;
	int64_t quantity, at; /* seconds since 1970 */
};

struct case_payment {
	size_t account;
	int64_t amount, day;
};

struct settlement_case {
	struct str currency;
	int64_t minor, vat, start, end;
	bool root_collects;
	struct case_offering *offerings;
	struct case_chain *chains;
	struct case_subscription *subscriptions;
	struct case_usage *usage;
	struct case_payment *payments;
	size_t n_offerings, n_chains, n_subscriptions, n_usage, n_payments;
};

/* The case in the arena, or NULL and *wrong says which field is, with its JSON pointer, and why. */
struct settlement_case *rehearse_case(struct arena *a, struct str text, struct str *wrong);

#endif
