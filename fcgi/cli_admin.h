/* The operator's connection to the database: of the command line alone. */
#ifndef CLI_ADMIN_H
#define CLI_ADMIN_H

#include "wire/db.h"

/* As the administrator, with that database chosen, or none (NULL); the name must outlive it.  NULL after saying why. */
struct db *cli_admin_db(const char *database);

#endif
