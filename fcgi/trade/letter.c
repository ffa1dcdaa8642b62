#include "trade/letter.h"

#define LETTER_MAX 16384

enum language {
#define LANGUAGE(tag) LANGUAGE_##tag,
#include "trade/language.def"
#undef LANGUAGE
	LANGUAGE__MAX
};

static const char *const tags[LANGUAGE__MAX] = {
#define LANGUAGE(tag) [LANGUAGE_##tag] = #tag,
#include "trade/language.def"
#undef LANGUAGE
};

static const struct {
	struct str subject, text;
} letters[OUTBOX__MAX][LANGUAGE__MAX] = {
#define LETTER(kind, language, subject, text) \
	[OUTBOX_##kind][LANGUAGE_##language] = {{subject, sizeof(subject) - 1}, {text, sizeof(text) - 1}},
#include "trade/letter.def"
};

static struct str
value_of(const struct letter *l, struct str place)
{
	const struct {
		const char *name;
		struct str value;
	} places[] = {{"brand", l->brand}, {"name", l->name}, {"email", l->email}, {"link", l->link},
	    {"support", l->support}, {"offering", l->offering}, {"account", l->account}, {"percent", l->percent},
	    {"used", l->used}, {"included", l->included}, {"period", l->period}};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (str_eqz(place, places[i].name))
			return (places[i].value);
	return (S(""));
}

/* A text with what stands in braces filled in; what is filled in is not looked at again. */
static struct str
fill(struct arena *a, struct str pattern, const struct letter *l)
{
	struct str rest = pattern;
	struct buf b;

	buf_init(&b, a, LETTER_MAX);
	while (rest.p != NULL) {
		buf_add(&b, str_cut(rest, '{', &rest));
		if (rest.p != NULL)
			buf_add(&b, value_of(l, str_cut(rest, '}', &rest)));
	}
	return (buf_str(&b));
}

void
letter_write(struct arena *a, enum outbox_kind kind, struct str language, const struct letter *l, struct str *subject,
    struct str *text)
{
	struct str region, base = str_cut(language, '-', &region);
	int tag = LANGUAGE_en;

	for (int i = 0; i < LANGUAGE__MAX; i++)
		if (str_eqz(base, tags[i]) && letters[kind][i].text.n > 0)
			tag = i;
	*subject = fill(a, letters[kind][tag].subject, l);
	*text = fill(a, letters[kind][tag].text, l);
}
