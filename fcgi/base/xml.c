#include "base/xml.h"

#include <assert.h>

void
xml_text(struct buf *b, struct str s)
{

	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '&':
			buf_addz(b, "&amp;");
			break;
		case '<':
			buf_addz(b, "&lt;");
			break;
		case '>':
			buf_addz(b, "&gt;");
			break;
		case '"':
			buf_addz(b, "&quot;");
			break;
		case '\'':
			buf_addz(b, "&apos;");
			break;
		default:
			buf_char(b, s.p[i]);
		}
}

void
xml_begin(struct xml *x, struct buf *out)
{

	*x = (struct xml){.out = out};
	buf_addz(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

static void
opened(struct xml *x, const char *name)
{

	assert(x->depth < XML_DEPTH);
	x->open[x->depth++] = name;
	buf_char(x->out, '>');
}

void
xml_open(struct xml *x, const char *name)
{

	buf_char(x->out, '<');
	buf_addz(x->out, name);
	opened(x, name);
}

void
xml_open_with(struct xml *x, const char *name, const char *attribute, struct str value)
{

	buf_char(x->out, '<');
	buf_addz(x->out, name);
	buf_char(x->out, ' ');
	buf_addz(x->out, attribute);
	buf_addz(x->out, "=\"");
	xml_text(x->out, value);
	buf_char(x->out, '"');
	opened(x, name);
}

void
xml_close(struct xml *x)
{

	assert(x->depth > 0);
	buf_addz(x->out, "</");
	buf_addz(x->out, x->open[--x->depth]);
	buf_addz(x->out, ">");
}

void
xml_leaf(struct xml *x, const char *name, struct str text)
{

	xml_open(x, name);
	xml_text(x->out, text);
	xml_close(x);
}
