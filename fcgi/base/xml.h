/* An XML document as it is written: elements are closed by the names that they were opened with, and every text is
 * escaped.  Knows no namespaces beyond an attribute, and no mixed content. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/buf.h"

#define XML_DEPTH 16

struct xml {
	struct buf *out;
	const char *open[XML_DEPTH];
	int depth;
};

/* The declaration. */
void xml_begin(struct xml *x, struct buf *out);
/* Names are literals of ours. */
void xml_open(struct xml *x, const char *name);
void xml_open_with(struct xml *x, const char *name, const char *attribute, struct str value);
void xml_close(struct xml *x);
/* An element with nothing but a text in it. */
void xml_leaf(struct xml *x, const char *name, struct str text);

/* Between tags and within double quotes. */
void xml_text(struct buf *b, struct str s);

#endif
