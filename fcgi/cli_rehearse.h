/* portico rehearse: a settlement case through the ordinary engine. */
#ifndef CLI_REHEARSE_H
#define CLI_REHEARSE_H

/* The words behind `rehearse`.  The exit status: 0, 1 where it could not be done, 2 where the case is broken. */
int cli_rehearse(int argc, char **argv);

#endif
