/* What tests see of usage. */
#ifndef TESTS_USED_VIEW_H
#define TESTS_USED_VIEW_H

/* Usage with what became of it: an event that is in two ranges is in here twice. */
static const char used_view[] =
    "CREATE OR REPLACE VIEW used AS SELECT e.id, e.event, e.account_id, e.offering_id, e.day, e.quantity, u.run_id, "
    "IF(u.run_id IS NULL, 'received', IF(u.billed, 'billed', 'rated')) AS state, u.quantity AS taken, u.starts, u.ends "
    "FROM usage_event e LEFT JOIN usage_total u ON u.account_id = e.account_id AND u.offering_id = e.offering_id "
    "AND u.starts <= e.day AND u.ends > e.day AND u.above < e.id AND u.upto >= e.id";

#endif
