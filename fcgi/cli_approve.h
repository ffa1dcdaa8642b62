/* `portico approve`: the operator agrees to what waits for a second person, where there is nobody else: the first
 * administrators of an installation, or the last one left.  Whoever may run this owns the database anyway; it is done by
 * the same way as in the portal, as who asked, and the audit tells it. */
#ifndef CLI_APPROVE_H
#define CLI_APPROVE_H

/* The words behind `approve`: the public id.  0: done; 1: not, after saying why on stderr; 2: the words are wrong. */
int cli_approve(int argc, char **argv);

#endif
