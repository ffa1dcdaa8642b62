#include "core/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"

#define PAUSE_MS 25
#define WAIT_MS 3000

int
gate_enter(void)
{
	const struct timespec pause = {0, PAUSE_MS * 1000000L};
	char path[4096];
	int fd;

	for (int waited = 0; waited <= WAIT_MS; waited += PAUSE_MS) {
		for (int slot = 0; slot < conf_int(CONF_hashing); slot++) {
			snprintf(path, sizeof(path), "%s/hash.%d", conf_text(CONF_run_dir), slot);
			if ((fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660)) == -1) {
				log_error("gate", "%s: %s", path, strerror(errno));
				return (-1);
			}
			if (flock(fd, LOCK_EX | LOCK_NB) == 0)
				return (fd);
			close(fd);
		}
		nanosleep(&pause, NULL);
	}
	return (-1);
}

void
gate_leave(int slot)
{

	close(slot);
}
