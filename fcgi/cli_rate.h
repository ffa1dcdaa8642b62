/* portico rate: sets exchange rates from a file. */
#ifndef CLI_RATE_H
#define CLI_RATE_H

/* The exit status: 2 where the file is wrong. */
int cli_rate(int argc, char **argv);

#endif
