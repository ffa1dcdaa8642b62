#include "core/worker.h"

#include <string.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/opening.h"
#include "core/seal.h"

static const char *
or_null(const char *z)
{

	return (*z == '\0' ? NULL : z);
}

int
worker_open(struct worker *w)
{
	const char *password = conf_secret(CONF_db_password_file);

	memset(w, 0, sizeof(*w));
	if (password == NULL || (w->key = seal_key()) == NULL)
		return (-1);
	w->a = arena_open();
	w->db = db_open(&(struct db_conf){
	    .socket = or_null(conf_text(CONF_db_socket)),
	    .hosts = or_null(conf_text(CONF_db_hosts)),
	    .user = conf_text(CONF_db_user),
	    .password = password,
	    .database = conf_text(CONF_db_name),
	    .tls_ca = or_null(conf_text(CONF_db_tls_ca)),
	    .wait_s = (unsigned)conf_int(CONF_db_wait),
	});
	w->statements = statements_open();
	w->tree = tree_open();
	w->rights = rights_open();
	w->openings = openings_open();
	return (0);
}

void
worker_close(struct worker *w)
{

	if (w->a == NULL)
		return;
	statements_close(w->statements);
	tree_close(w->tree);
	rights_close(w->rights);
	openings_close(w->openings);
	db_close(w->db);
	crypt_block_close(w->key);
	arena_close(w->a);
}
