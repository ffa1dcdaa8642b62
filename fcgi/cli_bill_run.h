/* portico bill-run: opens, carries on, approves and shows a bill run. */
#ifndef CLI_BILL_RUN_H
#define CLI_BILL_RUN_H

/* The words behind `bill-run`.  The exit status: 0, 1 where it could not be done, 2 where the words are wrong, 3 where the
 * run is held. */
int cli_bill_run(int argc, char **argv);

#endif
