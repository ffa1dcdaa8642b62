/* `portico explain`: why a user may or may not do or see something, for the operator.  Asks what the API asks, with the
 * provider's every right, and puts its answer into words; decides nothing by itself. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

/* The words behind `explain`.  0: the user may, 3: may not, 1: it could not be found out, 2: the words are wrong; each
 * but 0 and 3 after saying why on stderr. */
int cli_explain(int argc, char **argv);

#endif
