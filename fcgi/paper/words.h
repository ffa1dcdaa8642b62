/* The fixed texts of a bill in its language.  A language that is not in words.def is
 * written in its base language (de-AT in de), or else in English. */
#ifndef PAPER_WORDS_H
#define PAPER_WORDS_H

#include "base/str.h"

enum lang { LANG_en, LANG_de, LANG_fr, LANG_ja, LANG_ar, LANG__MAX };

enum word {
#define WORD(key, en, de, fr, ja, ar) W_##key,
#include "paper/words.def"
	W__MAX
};

enum lang words_lang(struct str language);
struct str words_tag(enum lang lang); /* "en": what is put in lang= and /Lang */

struct str words_of(enum lang lang, enum word w);

/* The name of a unit in the number that the quantity asks for; an unknown unit is its code. */
struct str words_unit(enum lang lang, struct str unit, struct str quantity);
/* Has the unit a name? */
bool words_unit_known(struct str unit);

/* The name of a country; an unknown one is its code. */
struct str words_country(enum lang lang, struct str code);
bool words_in_eu(struct str country);

#endif
