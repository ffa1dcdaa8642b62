/* A MariaDB of the test's own in a folder that is removed at the end.  Included by one
 * test program each; started from the root of the project. */
#ifndef TESTS_SCRATCH_DB_H
#define TESTS_SCRATCH_DB_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/db.h"

static char scratch_folder[] = "/tmp/portico-unit-XXXXXX";
static char scratch_socket[64];
static pid_t scratch_server = -1;

/* 0, or -1 after saying which command failed. */
__attribute__((format(printf, 1, 2))) static int
scratch_shell(const char *fmt, ...)
{
	char command[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	if (system(command) == 0)
		return (0);
	fprintf(stderr, "failed: %s\n", command);
	return (-1);
}

static struct db *
scratch_open(const char *name)
{
	struct db_conf conf = {.socket = scratch_socket, .user = "root", .database = name};

	return (db_open(&conf));
}

/* Begins the server on what is in the folder.  0, or -1. */
static int
scratch_serve(void)
{
	char datadir[96], socket_arg[96], tmpdir[96];
	struct db *db;
	bool up = false;

	snprintf(datadir, sizeof(datadir), "--datadir=%s/db", scratch_folder);
	snprintf(socket_arg, sizeof(socket_arg), "--socket=%s", scratch_socket);
	/* Of its own: a server that starts removes what others have in a common one. */
	snprintf(tmpdir, sizeof(tmpdir), "--tmpdir=%s", scratch_folder);
	if ((scratch_server = fork()) == 0) {
		/* It must not outlive a test that ends itself. */
		if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && freopen("/dev/null", "w", stderr) != NULL &&
		    freopen("/dev/null", "w", stdout) != NULL)
			execlp("mariadbd", "mariadbd", "--no-defaults", datadir, socket_arg, tmpdir,
			    "--skip-networking", "--innodb-flush-log-at-trx-commit=0",
			    geteuid() == 0 ? "--user=root" : "--skip-symbolic-links", (char *)NULL);
		_exit(127);
	}
	db = scratch_open("mysql");
	for (int i = 0; i < 300 && !up; i++, usleep(100000))
		up = db_connect(db) == 0;
	db_close(db);
	return (up ? 0 : -1);
}

/* 0, or -1 after saying why. */
static int
scratch_start(void)
{
	const char *as = geteuid() == 0 ? "--user=root" : "";

	if (mkdtemp(scratch_folder) == NULL)
		return (-1);
	snprintf(scratch_socket, sizeof(scratch_socket), "%s/s", scratch_folder);
	/* cross-bootstrap: a machine without a name of its own in the name service will do. */
	if (scratch_shell("mariadb-install-db --no-defaults --cross-bootstrap --skip-test-db "
			  "--auth-root-authentication-method=normal --datadir=%s/db --tmpdir=%s %s >%s/log 2>&1",
		scratch_folder, scratch_folder, as, scratch_folder) == -1)
		return (-1);
	return (scratch_serve());
}

static void
scratch_stop(void)
{

	if (scratch_server > 0) {
		kill(scratch_server, SIGTERM);
		waitpid(scratch_server, NULL, 0);
	}
	(void)scratch_shell("rm -rf %s", scratch_folder);
}

/* A database with the schema and nothing in it; NULL after saying why. */
/* Not for those who fill one before its last migration. */
__attribute__((unused)) static struct db *
scratch_fresh(const char *name)
{

	if (scratch_shell("mariadb --no-defaults -S %s -u root -e 'DROP DATABASE IF EXISTS %s; "
			  "CREATE DATABASE %s CHARACTER SET utf8mb4'",
		scratch_socket, name, name) == -1 ||
	    scratch_shell(
		"for f in schema/migrate/*.sql; do mariadb --no-defaults -S %s -u root %s <$f || exit 1; done",
		scratch_socket, name) == -1)
		return (NULL);
	return (scratch_open(name));
}

#endif
