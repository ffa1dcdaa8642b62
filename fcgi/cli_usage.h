/* portico usage load FILE: usage from a file, NDJSON or CSV by its name, in sets of a thousand lines.  What was cut off goes on
 * where it stopped, if the file is still the same up to there; a second run changes nothing. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

/* The words behind `usage`.  0, 1 where it did not get through, 2 for wrong words, 3 where lines were not taken. */
int cli_usage(int argc, char **argv);

#endif
