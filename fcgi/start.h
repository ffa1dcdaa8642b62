/* What the three programs do first: settings, clock, statements, signals. */
#ifndef START_H
#define START_H

/* 0, or -1 after saying on stderr what is wrong. */
int start(const char *conf_file);

#endif
