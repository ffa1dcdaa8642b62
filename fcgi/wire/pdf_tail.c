#include <string.h>

#include "wire/pdf_part.h"

/* The last place of word in s, or NULL. */
static const char *
find_last(struct str s, const char *word)
{
	const size_t n = strlen(word);

	for (size_t i = s.n >= n ? s.n - n + 1 : 0; i > 0; i--)
		if (memcmp(s.p + i - 1, word, n) == 0)
			return (s.p + i - 1);
	return (NULL);
}

/* The number behind the last `word`: 0 and *v, or -1. */
static int
number_after(struct str s, const char *word, size_t *v)
{
	const char *p = find_last(s, word);

	if (p == NULL)
		return (-1);
	p += strlen(word);
	while (p < s.p + s.n && (*p == ' ' || *p == '\n'))
		p++;
	if (p == s.p + s.n || *p < '0' || *p > '9')
		return (-1);
	for (*v = 0; p < s.p + s.n && *p >= '0' && *p <= '9'; p++)
		*v = *v * 10 + (size_t)(*p - '0');
	return (0);
}

/* The bytes of the catalogue between its number and the end of its dictionary. */
static int
catalogue(struct str pdf, size_t root, size_t xref, struct str *dictionary)
{
	char head[32] = "\n";
	size_t n = sizeof(head) - 1, from;
	const char *p, *end;

	/* "\n<root> 0 obj\n", put together from its end. */
	memcpy(head + n - 7, " 0 obj\n", 7);
	n -= 7;
	for (; root > 0 && n > 1; root /= 10)
		head[--n] = (char)('0' + root % 10);
	head[--n] = '\n';
	if ((p = find_last((struct str){pdf.p, xref}, head + n)) == NULL)
		return (-1);
	from = (size_t)(p - pdf.p) + strlen(head + n);
	end = memmem(pdf.p + from, xref - from, "endobj", 6);
	if (end == NULL || (p = find_last((struct str){pdf.p + from, (size_t)(end - pdf.p) - from}, ">>")) == NULL)
		return (-1);
	*dictionary = (struct str){pdf.p + from, (size_t)(p - pdf.p) - from};
	return (0);
}

int
pdf_tail(struct buf *out, size_t begin, struct str language, bool mirrored)
{
	const struct str pdf = {out->p + begin, out->n - begin};
	size_t root, info, size, xref, object, update;
	struct str old;

	if (number_after(pdf, "/Root", &root) == -1 || number_after(pdf, "/Info", &info) == -1 ||
	    number_after(pdf, "/Size", &size) == -1 || number_after(pdf, "startxref", &xref) == -1 || xref > pdf.n ||
	    catalogue(pdf, root, xref, &old) == -1)
		return (-1);
	old = arena_str(out->a, old); /* out may move while it grows */
	object = out->n - begin;
	buf_printf(out, "%zu 0 obj\n", root);
	buf_add(out, old);
	/* A language tag is letters, digits and hyphens: nothing to escape. */
	buf_printf(out, "   /Lang (%.*s)\n   /ViewerPreferences << /DisplayDocTitle true%s >>\n>>\nendobj\n",
	    STR_ARG(language), mirrored ? " /Direction /R2L" : "");
	update = out->n - begin;
	buf_printf(out, "xref\n%zu 1\n%010zu 00000 n \ntrailer\n<< /Size %zu\n   /Root %zu 0 R\n   /Info %zu 0 R\n",
	    root, object, size, root, info);
	buf_printf(out, "   /Prev %zu\n>>\nstartxref\n%zu\n%%%%EOF\n", xref, update);
	return (buf_failed(out) ? -1 : 0);
}
