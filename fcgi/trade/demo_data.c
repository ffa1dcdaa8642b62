#include "trade/demo_part.h"

const struct demo_locale demo_locales[LANG__MAX] = {
#define LOCALE(language, patient, clinic, care_home, group, patients, clinics, care_homes, room, dealer, distributor) \
	[LANG_##language] = {#language, {patient, clinic, care_home}, group, {patients, clinics, care_homes}, room,   \
	    dealer, distributor},
#include "schema/demo/data.def"
};

const struct demo_land demo_lands[COUNTRY__MAX] = {
#define COUNTRY(code, standard, reduced, phone, iban, bic, tax_id) \
	[COUNTRY_##code] = {#code, standard, reduced, phone, iban, bic, tax_id},
#include "schema/demo/data.def"
};

const struct demo_currency demo_currencies[MONEY__MAX] = {
#define MONEY(currency, rate, step, usage_step) [MONEY_##currency] = {#currency, rate, step, usage_step},
#include "schema/demo/data.def"
};

const struct demo_offering demo_offerings[OFFER__MAX] = {
#define OFFERING(id, product, code, kind, unit, price, reduced, en, de, fr, ja, ar) \
	[OFFER_##id] = {PRODUCT_##product, code, kind, unit, price, reduced,        \
	    {[LANG_en] = en, [LANG_de] = de, [LANG_fr] = fr, [LANG_ja] = ja, [LANG_ar] = ar}},
#include "schema/demo/data.def"
};

const struct bulk_table demo_tables[TABLE__MAX] = {
#define TABLE(name, columns) [TABLE_##name] = {#name, columns, TABLE_INSERT(name, columns)},
#include "schema/demo/table.def"
#undef TABLE
};
