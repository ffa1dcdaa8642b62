#include "paper/words.h"

#include "base/money.h"

#define T(text)                           \
	{                                 \
		"" text, sizeof(text) - 1 \
	}

static const struct str tags[LANG__MAX] = {
    [LANG_en] = T("en"), [LANG_de] = T("de"), [LANG_fr] = T("fr"), [LANG_ja] = T("ja"), [LANG_ar] = T("ar")};

static const struct str words[W__MAX][LANG__MAX] = {
#define WORD(key, en, de, fr, ja, ar) [W_##key] = {T(en), T(de), T(fr), T(ja), T(ar)},
#include "paper/words.def"
};

static const struct unit {
	struct str code;
	struct str names[LANG__MAX][2]; /* of one; of more */
} units[] = {
#define UNIT(code, en1, en2, de1, de2, fr1, fr2, ja, ar) \
	{T(#code), {{T(en1), T(en2)}, {T(de1), T(de2)}, {T(fr1), T(fr2)}, {T(ja), T(ja)}, {T(ar), T(ar)}}},
#include "paper/words.def"
};

static const struct country {
	struct str code;
	bool is_in_eu;
	struct str names[LANG__MAX];
} countries[] = {
#define COUNTRY(code, eu, en, de, fr, ja, ar) {T(#code), eu, {T(en), T(de), T(fr), T(ja), T(ar)}},
#include "paper/words.def"
};

enum lang
words_lang(struct str language)
{
	struct str rest, base = str_cut(language, '-', &rest);

	for (enum lang l = 0; l < LANG__MAX; l++)
		if (str_eq(tags[l], base))
			return (l);
	return (LANG_en);
}

struct str
words_tag(enum lang lang)
{

	return (tags[lang]);
}

struct str
words_of(enum lang lang, enum word w)
{

	return (words[w][lang]);
}

/* Whether a language speaks of this quantity in the singular. */
static bool
is_one(enum lang lang, struct str quantity)
{
	int64_t v;

	if (money_millionths(quantity, &v) == -1)
		return (false);
	if (v < 0)
		v = -v;
	if (lang == LANG_fr) /* 1,5 heure, 2 heures */
		return (v < 2 * PRICE_SCALE);
	return (v == PRICE_SCALE);
}

struct str
words_unit(enum lang lang, struct str unit, struct str quantity)
{

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq(units[i].code, unit))
			return (units[i].names[lang][is_one(lang, quantity) ? 0 : 1]);
	return (unit);
}

bool
words_unit_known(struct str unit)
{

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq(units[i].code, unit))
			return (true);
	return (false);
}

static const struct country *
country(struct str code)
{

	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
		if (str_eq(countries[i].code, code))
			return (&countries[i]);
	return (NULL);
}

struct str
words_country(enum lang lang, struct str code)
{
	const struct country *c = country(code);

	return (c == NULL ? code : c->names[lang]);
}

bool
words_in_eu(struct str code)
{
	const struct country *c = country(code);

	return (c != NULL && c->is_in_eu);
}
