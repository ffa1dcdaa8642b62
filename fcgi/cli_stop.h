/* How long commands of the command line are interrupted: what is under way is done to its end first. */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>

/* From here on SIGTERM and SIGINT only say that it is enough. */
void cli_stop_catch(void);

/* Has nobody said so?  ctx is not used. */
bool cli_go_on(void *ctx);

#endif
