/* portico price simulate: what the draft of a price list would change. */
#ifndef CLI_PRICE_H
#define CLI_PRICE_H

/* The words behind `price`.  The exit status: 0, 1 where it could not be done, 2 where the words are wrong. */
int cli_price(int argc, char **argv);

#endif
