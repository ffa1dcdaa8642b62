/* The reference of what FastCGI needs: answers every request with the bytes of a file and does
 * nothing else.  With a plan it runs that for each request before it answers: the least program
 * that does what a request needs, without asking who may.
 *
 *   ref_fcgi SOCKET FILE CONTENT-TYPE THREADS [DBSOCKET USER DATABASE PLAN] */
#include <fcgiapp.h>
#include <mysql.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

static char *answer; /* written before any thread */
static int n_answer, sock;
static char **database; /* NULL: no plan */

static void
read_answer(const char *file, const char *type)
{
	FILE *f = fopen(file, "r");
	long size;
	int head;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 || size > 1 << 30)
		plan_fail("the file cannot be read");
	rewind(f);
	if ((answer = malloc((size_t)size + 512)) == NULL)
		plan_fail("no memory");
	head = snprintf(answer, 512, "Content-Type: %s\r\nContent-Length: %ld\r\n\r\n", type, size);
	if (head < 0 || head >= 512 || fread(answer + head, 1, (size_t)size, f) != (size_t)size)
		plan_fail("the file cannot be read");
	n_answer = head + (int)size;
	fclose(f);
}

static void *
thread_main(void *unused)
{
	struct connection *c = database == NULL ? NULL : plan_connect(database[0], database[1], database[2]);
	FCGX_Request fr;

	(void)unused;
	if (FCGX_InitRequest(&fr, sock, 0) != 0)
		plan_fail("libfcgi cannot start");
	while (FCGX_Accept_r(&fr) == 0) {
		if (c != NULL)
			plan_run(c);
		FCGX_PutStr(answer, n_answer, fr.out);
		FCGX_Finish_r(&fr);
	}
	return (NULL);
}

int
main(int argc, char **argv)
{
	pthread_t threads[256];
	int n;

	if ((argc != 5 && argc != 9) || (n = atoi(argv[4])) < 1 || n > 256)
		plan_fail("SOCKET FILE CONTENT-TYPE THREADS [DBSOCKET USER DATABASE PLAN]");
	read_answer(argv[2], argv[3]);
	if (argc == 9) {
		database = argv + 5;
		plan_read(argv[8]);
		mysql_library_init(0, NULL, NULL);
	}
	if (FCGX_Init() != 0 || (sock = FCGX_OpenSocket(argv[1], 1024)) == -1)
		plan_fail("the socket cannot be opened");
	for (int i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, thread_main, NULL) != 0)
			plan_fail("no thread");
	pthread_join(threads[0], NULL);
	return (1);
}
