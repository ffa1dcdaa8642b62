/* The statements of a plan, prepared once and run with the same values each time; the rows are thrown away.
 * A plan is lines: "S hex" a statement, then a line for each of its parameters: "I number", "T hex" text,
 * "B hex" bytes, "N" null. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

void plan_read(const char *file); /* once, before any thread */

/* A connection of one thread with all of the plan prepared. */
struct connection;
struct connection *plan_connect(const char *sock, const char *user, const char *database);
void plan_run(struct connection *c);

/* Says what is wrong and ends the program. */
void plan_fail(const char *what) __attribute__((noreturn));

#endif
