/*
 * The demo: a channel of invented companies with customers, bills and payments, either
 * the hand-made one (schema/demo/channel.def) or a generated one of any size.  Loads only into a
 * database without tenants.  An interrupted load is emptied and begun again.
 *
 * Markers: everything that a tenant numbers (customers, accounts, bills, devices, payment
 * references, its register entry) begins with its code and a hyphen, "NORDM-000001".  So
 * the marker of a tenant is what stands before the first hyphen of any of its customers'
 * numbers, with the hyphen; it occurs in no other tenant's data, nor in any slug.
 */
#ifndef TRADE_DEMO_H
#define TRADE_DEMO_H

#include "wire/db.h"

#define DEMO_PASSWORD "portico-demo" /* of every user */

struct demo_opts {
	int resellers;     /* 1..99999; one in ten a distributor at level 1 where there are ten or more */
	int64_t customers; /* 0..100,000,000, spread evenly over the dealers */
	int months;        /* 1..120 */
	uint64_t seed;
	bool progress;              /* say how far it is even where stderr is no terminal */
	const char *first_of_month; /* last billed month, "2026-05-01"; NULL: the month before date_now() */
};

/* Fills the database.  The same options give the same rows, but for the salt of the
 * password; with a month given, whatever the clock says.  0, also where that very demo is
 * complete already, or -1 after saying why on stderr. */
int demo_load(struct db *db, const struct demo_opts *opts) __attribute__((warn_unused_result));

/* The hand-made channel, 14 months of bills up to the month before date_now(); leave_month: up to the one before that, which
 * is left to a bill run.  0, also where any demo is complete already, or -1 after saying why on stderr. */
int demo_standing(struct db *db, bool leave_month, bool progress) __attribute__((warn_unused_result));

/* The rules that the rows of a demo keep: sums, gapless numbers, keys that point at
 * something.  Says each broken one on stderr; the number of broken ones, or -1. */
int demo_check(struct db *db) __attribute__((warn_unused_result));

#endif
