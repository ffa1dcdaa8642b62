/* Bills that tests render without a database: all parts filled, all invented. */
#ifndef TESTS_PAPER_BILLS_H
#define TESTS_PAPER_BILLS_H

#include <string.h>

#include "base/date.h"
#include "paper/bill.h"

#define BILLS_LINES_MAX 300

struct bills {
	struct bill bill;
	struct bill_line lines[BILLS_LINES_MAX];
	struct bill_tax taxes[3];
};

static void
bills_line(struct bills *x, struct str description, struct str quantity, struct str unit, struct str price,
    struct str rate, int64_t net)
{
	struct bill *b = &x->bill;

	x->lines[b->n_lines] = (struct bill_line){.position = (int64_t)b->n_lines + 1,
	    .code = S("DEV"),
	    .description = description,
	    .quantity = quantity,
	    .unit = unit,
	    .unit_price = price,
	    .tax_rate = rate,
	    .period_start = b->period_start,
	    .period_end = b->period_end,
	    .net = net};
	b->lines = x->lines;
	b->n_lines++;
}

static void
bills_tax(struct bills *x, struct str category, struct str rate, int64_t base, int64_t amount)
{
	struct bill *b = &x->bill;

	x->taxes[b->n_taxes] = (struct bill_tax){category, rate, base, amount};
	b->taxes = x->taxes;
	b->n_taxes++;
	b->net += base;
	b->tax += amount;
	b->gross += base + amount;
}

static void
bills_begin(struct bills *x, struct str language, struct str currency, int decimals)
{

	memset(x, 0, sizeof(*x));
	x->bill = (struct bill){.id = 7,
	    .public_id = S("inv_sample"),
	    .kind = S("invoice"),
	    .number = S("MUSTP-2026-000042"),
	    .corrects_date = BILL_NO_DATE,
	    .issue_date = date_of(2026, 6, 1),
	    .due_date = date_of(2026, 6, 15),
	    .period_start = date_of(2026, 5, 1),
	    .period_end = date_of(2026, 6, 1),
	    .language = language,
	    .currency = currency,
	    .decimals = decimals,
	    .customer_number = S("MUSTP-00017"),
	    .account_number = S("MUSTP-A-00017"),
	    .seller = {.name = S("Musterplatz Beispiel-Apotheken OHG"),
		.street = S("Musterplatzgasse 1"),
		.postcode = S("00003"),
		.city = S("Musterstadt"),
		.country = S("DE"),
		.tax_id = S("DE000000000"),
		.registration = S("HRA MUSTP-0003, Musterstadt"),
		.email = S("hilfe@musterplatz.example"),
		.phone = S("+49 30 23125 003"),
		.iban = S("DE00 0000 0000 0000 0000 00"),
		.bic = S("XXXXDEXX")},
	    .buyer = {.name = S("Muster-Pflegeheim 17"),
		.street = S("Beispielweg 17"),
		.postcode = S("00017"),
		.city = S("Beispielhafen"),
		.country = S("DE"),
		.tax_id = S("DE000000017")},
	    .brand = {.id = 3,
		.version = 2,
		.name = S("Apotheke am Musterplatz"),
		.tagline = S("Gut atmen, gut schlafen"),
		.theme = S("clinical"),
		.accent = S("#b3261e"),
		.accent_text = S("#ffffff"),
		.font = S("sans"),
		.email = S("hilfe@musterplatz.example"),
		.footer = S("Bitte geben Sie bei jeder Zahlung die Rechnungsnummer an.")}};
}

static inline void
bills_plain(struct bills *x)
{

	bills_begin(x, S("de"), S("EUR"), 2);
	bills_line(x, S("Atemtherapiegerät, Miete"), S("1.000000"), S("month"), S("48.000000"), S("7.00"), 4800);
	bills_line(x, S("Masken-Abonnement"), S("2.000000"), S("month"), S("19.900000"), S("7.00"), 3980);
	bills_line(x, S("Telemetrie, Nächte"), S("31.000000"), S("night"), S("0.035000"), S("19.00"), 109);
	bills_line(x, S("Konzentrator, Betriebsstunden"), S("412.500000"), S("hour"), S("0.015000"), S("19.00"), 619);
	bills_line(x, S("Beheizter Schlauch"), S("1.000000"), S("piece"), S("24.900000"), S("7.00"), 2490);
	bills_line(x, S("Serviceeinsatz"), S("1.500000"), S("hour"), S("62.500000"), S("19.00"), 9375);
	bills_tax(x, S("S"), S("19.00"), 10103, 1920);
	bills_tax(x, S("S"), S("7.00"), 11270, 789);
}

static inline void
bills_long(struct bills *x)
{

	bills_begin(x, S("fr"), S("EUR"), 2);
	for (int i = 0; i < BILLS_LINES_MAX; i++)
		bills_line(x,
		    i % 7 == 3
			? S("Appareil de pression positive, location, chambre 12, avec humidificateur et tuyau chauffant")
			: S("Appareil de pression positive, location"),
		    S("1.000000"), S("month"), S("1048.000000"), S("20.00"), 104800);
	bills_tax(x, S("S"), S("20.00"), 31440000, 6288000);
	x->bill.seller.country = S("FR");
	x->bill.brand.accent = S("#0a6aa1");
}

static inline void
bills_japanese(struct bills *x)
{

	bills_begin(x, S("ja"), S("JPY"), 0);
	bills_line(x, S("持続陽圧呼吸装置 レンタル"), S("1.000000"), S("month"), S("7780.000000"), S("10.00"), 7780);
	bills_line(x, S("マスク定期便"), S("2.000000"), S("month"), S("3220.000000"), S("10.00"), 6440);
	bills_line(x, S("遠隔モニタリング（夜数）"), S("31.000000"), S("night"), S("5.670000"), S("10.00"), 176);
	bills_tax(x, S("S"), S("10.00"), 14396, 1440);
	x->bill.seller = (struct bill_party){.name = S("見本呼吸ケア株式会社"),
	    .street = S("見本町一丁目"),
	    .postcode = S("000-0000"),
	    .city = S("見本市"),
	    .country = S("JP"),
	    .tax_id = S("T0000000000000"),
	    .registration = S("登録番号 MIHKO-0008"),
	    .iban = S("0000-000-0000000"),
	    .bic = S("XXXXJPXX"),
	    .phone = S("+81 3 0000 0008")};
	x->bill.buyer = (struct bill_party){.name = S("見本介護ホーム 12"),
	    .street = S("見本町二丁目12"),
	    .postcode = S("000-0012"),
	    .city = S("見本市"),
	    .country = S("JP")};
	x->bill.number = S("MIHKO-2026-000012");
	x->bill.brand = (struct bill_brand){.id = 9,
	    .version = 1,
	    .name = S("見本呼吸ケア"),
	    .tagline = S("やすらかな呼吸を、毎晩。"),
	    .theme = S("default"),
	    .accent = S("#b93c0a"),
	    .accent_text = S("#ffffff"),
	    .font = S("sans"),
	    .email = S("help@mihon.example"),
	    .footer = S("お支払いの際は請求書番号（MIHKO-…）をご記入ください。")};
}

static inline void
bills_arabic(struct bills *x)
{

	bills_begin(x, S("ar"), S("KWD"), 3);
	bills_line(x, S("جهاز ضغط مجرى الهواء، إيجار"), S("1.000000"), S("month"), S("16.500000"), S("5.00"), 16500);
	bills_line(x, S("اشتراك الأقنعة"), S("2.000000"), S("month"), S("6.750000"), S("5.00"), 13500);
	bills_line(
	    x, S("المتابعة عن بعد، ليالٍ (Telemetry)"), S("31.000000"), S("night"), S("0.012500"), S("5.00"), 388);
	bills_line(x, S("خصم"), S("1.000000"), S("piece"), S("-1.250000"), S("0.00"), -1250);
	bills_tax(x, S("S"), S("5.00"), 30388, 1519);
	bills_tax(x, S("AE"), S("0.00"), -1250, 0);
	x->bill.seller = (struct bill_party){.name = S("شركة النموذج لرعاية التنفس (مثال) ذ.م.م"),
	    .street = S("شارع النموذج الأول"),
	    .postcode = S("00007"),
	    .city = S("مدينة المثال"),
	    .country = S("KW"),
	    .tax_id = S("000000000000000"),
	    .registration = S("سجل تجاري NAMUD-0007"),
	    .iban = S("AE00 0000 0000 0000 0000 000"),
	    .bic = S("XXXXAEXX"),
	    .phone = S("+971 4 000 0007")};
	x->bill.buyer = (struct bill_party){.name = S("دار رعاية نموذجية 5"),
	    .street = S("شارع المثال 5"),
	    .city = S("مدينة المثال"),
	    .country = S("AE"),
	    .tax_id = S("000000000000005")};
	x->bill.number = S("NAMUD-2026-000005");
	x->bill.brand = (struct bill_brand){.id = 8,
	    .version = 1,
	    .name = S("النموذج لرعاية التنفس"),
	    .tagline = S("تنفس براحة في بيتك"),
	    .theme = S("default"),
	    .accent = S("#8a5a00"),
	    .accent_text = S("#ffffff"),
	    .font = S("sans"),
	    .email = S("help@namudhaj.example"),
	    .footer = S("يرجى ذكر رقم الفاتورة (NAMUD-…) مع كل دفعة.")};
}

static inline void
bills_credit(struct bills *x)
{

	bills_begin(x, S("en"), S("GBP"), 2);
	bills_line(
	    x, S("Airway pressure device, rental"), S("-1.000000"), S("month"), S("43.200000"), S("20.00"), -4320);
	bills_tax(x, S("S"), S("20.00"), -4320, -864);
	x->bill.kind = S("credit_note");
	x->bill.number = S("SPECI-C-2026-000003");
	x->bill.corrects = S("SPECI-2026-000911");
	x->bill.corrects_date = date_of(2026, 5, 1);
	x->bill.seller = (struct bill_party){.name = S("Specimen Sleep Clinics Ltd"),
	    .street = S("4 Specimen Sleep Road"),
	    .postcode = S("ZZ1 1ZZ"),
	    .city = S("Sampleton"),
	    .country = S("GB"),
	    .tax_id = S("GB000000000"),
	    .registration = S("Company no. SPECI-0004"),
	    .iban = S("GB00 XXXX 0000 0000 0000 00"),
	    .bic = S("XXXXGBXX")};
	x->bill.brand = (struct bill_brand){.id = 5,
	    .version = 4,
	    .name = S("Specimen Sleep Clinics"),
	    .tagline = S("Quiet nights, clear mornings"),
	    .theme = S("night"),
	    .accent = S("#8ab4ff"),
	    .accent_text = S("#0b1020"),
	    .font = S("sans"),
	    .email = S("help@specimen.example"),
	    .footer = S("Please quote the number of your bill (SPECI-…) with every payment.")};
}

static inline void
bills_zero(struct bills *x)
{

	bills_begin(x, S("en-GB"), S("EUR"), 2);
	bills_line(x, S("Filter set subscription"), S("1.000000"), S("month"), S("0.000000"), S("0.00"), 0);
	bills_tax(x, S("Z"), S("0.00"), 0, 0);
}

/* A hundred characters, tags, both sorts of quotes, an ampersand: as names that people typed. */
#define BILLS_NAME \
	"O'Sample & \"Specimen\" <b>Care</b> </td> — a name of one hundred characters, to see where a line breaks!"

static inline void
bills_ugly(struct bills *x)
{

	bills_plain(x);
	x->bill.language = S("en");
	x->bill.buyer.name = S(BILLS_NAME);
	x->bill.seller.name =
	    S("Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	x->lines[0].description = S(BILLS_NAME);
	x->lines[1].unit = S("<i>unit</i>");
	x->bill.brand.name = S("Brand \"<script>\" & Co");
	x->bill.brand.footer = S("</footer><script>alert(1)</script>");
}

static void (*const bills_makers[])(struct bills *) = {
    bills_plain, bills_long, bills_japanese, bills_arabic, bills_credit, bills_zero, bills_ugly};
static const char *const bills_names[] = {"plain", "long", "japanese", "arabic", "credit", "zero", "ugly"};
#define BILLS_N (sizeof(bills_names) / sizeof(bills_names[0]))

#endif
