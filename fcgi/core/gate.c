#include "core/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"

#define PAUSE_MS 25
#define WAIT_MS 3000
#define KNOWN_MAX 4 /* who wait on a machine at the same time and are known */

static int most = 1, most_strangers = 1; /* of this process, hashing and waiting */
static atomic_int inside, strangers;

void
gate_init(int threads)
{

	most = threads > 1 ? threads - 1 : 1;
	most_strangers = threads > 1 ? threads / 2 : 1;
}

#define BROKEN (-2)

/* One of n files of that name, locked: its descriptor; -1 where others hold them all, BROKEN (logged) where there can be
 * no such file. */
static int
lock_one(const char *name, int n)
{
	char path[4096];
	int fd;

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s.%d", conf_text(CONF_run_dir), name, i);
		if ((fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660)) == -1) {
			log_error("gate", "%s: %s", path, strerror(errno));
			return (BROKEN);
		}
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return (fd);
		close(fd);
	}
	return (-1);
}

/* Does anybody who is known wait on this machine? */
static bool
known_waits(void)
{
	char path[4096];
	bool is = false;
	int fd;

	for (int i = 0; i < KNOWN_MAX && !is; i++) {
		snprintf(path, sizeof(path), "%s/known.%d", conf_text(CONF_run_dir), i);
		if ((fd = open(path, O_RDWR | O_CLOEXEC)) == -1)
			continue; /* nobody ever waited there */
		is = flock(fd, LOCK_SH | LOCK_NB) != 0;
		close(fd);
	}
	return (is);
}

static int
wait_for_slot(enum gate_queue queue)
{
	const struct timespec pause = {0, PAUSE_MS * 1000000L};
	int slot;

	for (int waited = 0; waited <= WAIT_MS; waited += PAUSE_MS) {
		if ((queue == GATE_KNOWN || !known_waits()) &&
		    (slot = lock_one("hash", (int)conf_int(CONF_hashing))) != -1)
			return (slot == BROKEN ? -1 : slot);
		nanosleep(&pause, NULL);
	}
	return (-1);
}

static void
leave(enum gate_queue queue)
{

	atomic_fetch_sub(&inside, 1);
	if (queue == GATE_STRANGERS)
		atomic_fetch_sub(&strangers, 1);
}

int
gate_enter(enum gate_queue queue)
{
	const bool full = atomic_fetch_add(&inside, 1) >= most,
		   crowded = queue == GATE_STRANGERS && atomic_fetch_add(&strangers, 1) >= most_strangers;
	int place, slot = -1;

	if (full || crowded) {
		leave(queue);
		return (-1);
	}
	/* Where so many of the known wait already, this one waits unseen, among the strangers. */
	place = queue == GATE_KNOWN ? lock_one("known", KNOWN_MAX) : -1;
	slot = wait_for_slot(queue);
	if (place >= 0)
		close(place);
	if (slot == -1)
		leave(queue);
	return (slot);
}

void
gate_leave(enum gate_queue queue, int slot)
{

	close(slot);
	leave(queue);
}
