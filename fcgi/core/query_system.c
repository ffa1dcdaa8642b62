/* Statements for the system, not for who asks; and one statement for many rows. */
#include "core/query_run.h"
#include "core/worker.h"

int
query_row_system(struct rq *rq, enum query q, const struct col *cols, size_t n, void *out)
{
	int rc;

	rq->system = true;
	rc = query_row(rq, q, cols, n, out);
	rq->system = false;
	return (rc);
}

int64_t
query_rows_system(struct rq *rq, enum query q, const struct col *cols, size_t n, size_t size, size_t max, void **rows)
{
	int64_t count;

	rq->system = true;
	count = query_rows(rq, q, cols, n, size, max, rows);
	rq->system = false;
	return (count);
}

int64_t
query_run_system(struct rq *rq, enum query q)
{
	int64_t n;

	rq->system = true;
	n = query_run(rq, q);
	rq->system = false;
	return (n);
}

int
query_run_one_system(struct rq *rq, enum query q)
{
	const int64_t n = query_run_system(rq, q);

	if (n != -1 && n != 1)
		problem(rq, P_internal, "%s", "");
	return (n == 1 ? 0 : -1);
}

int
query_of_row(const struct run *run, struct str name)
{

	for (size_t i = 0; i < run->n_of_row; i++)
		if (str_eqz(name, run->of_row[i]))
			return ((int)i);
	return (-1);
}

int64_t
query_run_rows_system(
    struct rq *rq, enum query q, const char *const *names, size_t n_names, const struct db_val *rows, size_t n)
{
	struct run run = {.of_row = names, .n_of_row = n_names};
	struct db_values *values;
	struct db_val *same;
	int place;

	rq->system = true;
	same = query_prepare(rq, q, &run);
	rq->system = false;
	if (same == NULL)
		return (-1);
	values = arena_alloc(rq->a, (run.p->params.n + 1) * sizeof(*values));
	for (size_t i = 0; i < run.p->params.n; i++) {
		place = query_of_row(&run, run.p->params.p[i].name);
		values[i] = place == -1 ? (struct db_values){same + i, 0} : (struct db_values){rows + place, n_names};
	}
	if (db_run_rows(run.p->st, rq->a, values, n) == -1)
		return (query_failed(rq, statement_declaration(q)->name), -1);
	return (db_changed(rq->w->db));
}
