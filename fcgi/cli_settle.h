/* portico settle: closes a period of the ledger with each tenant, and says what tenants pay for collecting. */
#ifndef CLI_SETTLE_H
#define CLI_SETTLE_H

/* The exit status: 3 where the ledger does not add up. */
int cli_settle(int argc, char **argv);

#endif
