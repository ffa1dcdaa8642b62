/* Discounts within a run: of the charges of a chunk, before they are summed.  Who has none pays for one look-up a chunk. */
#include "trade/bill_run_part.h"

enum { ANY_OWN = 1, ANY_ABOVE = 2 };

static int
take_none(void *ctx, const struct db_val *v)
{

	(void)ctx;
	(void)v;
	return (0);
}

int
bill_discount(struct bill_run *r, const struct arg *args, size_t n, bool counted)
{
	struct arg all[BILL_DISCOUNT_ARGS];
	int64_t any = 0, taken;

	if (query_number_admin(r->db, r->a, Q_discount_any, args, n, &any) == -1)
		return (-1);
	if (any == 0)
		return (0);
	for (size_t i = 0; i < n; i++)
		all[i] = args[i];
	all[n] = int_arg("own", (any & ANY_OWN) != 0);
	all[n + 1] = int_arg("above", (any & ANY_ABOVE) != 0);
	if (counted && (any & ANY_ABOVE) != 0 &&
	    query_each_admin(r->db, r->a, Q_discount_hold, NULL, 0, take_none, NULL) == -1)
		return (-1);
	if ((taken = query_run_admin(r->db, r->a, Q_discount_apply, all, n + 2)) == -1)
		return (-1);
	return (counted && taken > 0 && query_run_admin(r->db, r->a, Q_discount_count, args, n) == -1 ? -1 : 0);
}
