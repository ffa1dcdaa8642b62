/* One message to one person: text/plain in UTF-8, handed to an SMTP server by libcurl or put into a
 * folder.  What stands in a header is checked here: no text of anybody can add a line to it. */
#ifndef WIRE_MAIL_H
#define WIRE_MAIL_H

#include "base/buf.h"

struct mail {
	struct str from_name, from, to; /* a name to show, and two addresses */
	struct str subject, text;       /* text: lines that end with \n */
	struct str id;                  /* letters and digits, the same whenever this message is sent */
	struct str host;                /* who it comes from, for Message-ID and the greeting of the server */
};

/* May mail go to that address?  One @ between letters, digits and the signs that need no quotes, in ASCII. */
bool mail_address(struct str address);

/* Adds the whole message with its headers to out.  0, or -1 where an address, the id or the host cannot be
 * used, or a text holds control characters. */
int mail_write(struct buf *out, const struct mail *m) __attribute__((warn_unused_result));

/* Once, before any thread.  0, or -1 after logging why. */
int mail_init(void);

/* Sends it as the settings say (CONF_mail_dir, CONF_smtp_url); waits at most 40 s.  0, or -1 after logging
 * why; whether it has gone is then not always known. */
int mail_send(struct arena *a, const struct mail *m) __attribute__((warn_unused_result));

#endif
