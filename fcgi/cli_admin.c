#include "cli_admin.h"

#include <stdio.h>

#include "base/conf.h"

static const char *
or_null(const char *z)
{

	return (*z == '\0' ? NULL : z);
}

struct db *
cli_admin_db(const char *database)
{
	const char *password = conf_secret(CONF_db_admin_password_file);
	struct db *db;

	if (password == NULL)
		return (NULL);
	db = db_open(&(struct db_conf){
	    .socket = or_null(conf_text(CONF_db_socket)),
	    .hosts = or_null(conf_text(CONF_db_hosts)),
	    .user = conf_text(CONF_db_admin_user),
	    .password = password,
	    .database = database,
	    .tls_ca = or_null(conf_text(CONF_db_tls_ca)),
	    .wait_s = 24 * 3600, /* a migration may change a large table */
	});
	if (db_connect(db) == 0)
		return (db);
	fprintf(stderr, "database: %s\n", db_error_text(db));
	db_close(db);
	return (NULL);
}
