/** What became of an event, in SQL: no run has it, one has, or one has and what is to be issued of it is issued. */
export const stateOf = (e) => `COALESCE((SELECT IF(u.billed, 'billed', 'rated') FROM usage_total u WHERE u.account_id = ${e}.account_id AND u.offering_id = ${e}.offering_id
	AND ${e}.day >= u.starts AND ${e}.day < u.ends AND ${e}.id > u.above AND ${e}.id <= u.upto), 'received')`;
