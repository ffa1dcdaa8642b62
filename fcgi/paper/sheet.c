#include "paper/sheet.h"

#define STYLES(is_bold)                                                                                      \
	{                                                                                                    \
		[TITLE] = {.size = 22, .leading = 28, .bold = is_bold},                                      \
		[AMOUNT] = {.size = 17, .leading = 24, .bold = is_bold},                                     \
		[HEADING] = {.size = 10.5, .leading = 15, .bold = is_bold},                                  \
		[STRONG] = {.size = 9, .leading = 13, .bold = is_bold}, [BODY] = {.size = 9, .leading = 13}, \
		[SMALL] = {.size = 7.5, .leading = 11},                                                      \
	}

static const struct pdf_style styles[SHEET_STYLE__MAX] = STYLES(true), plain[SHEET_STYLE__MAX] = STYLES(false);

/* Of Chinese characters and kana there is one weight only, so figures beside them are not bold either. */
static const struct pdf_style *
style(enum sheet_style st, struct str t)
{

	if (styles[st].bold)
		for (size_t i = 0; i < t.n; i++)
			if ((unsigned char)t.p[i] >= 0xe3 && (unsigned char)t.p[i] <= 0xe9)
				return (&plain[st]);
	return (&styles[st]);
}

const struct pdf_text *
sheet_word(struct sheet *s, enum sheet_style st, enum word w, double width)
{

	return (sheet_label(s, st, words_of(s->lang, w), width));
}

const struct pdf_text *
sheet_label(struct sheet *s, enum sheet_style st, struct str t, double width)
{

	return (pdf_shape(s->pdf, style(st, t), t, width, PDF_LABEL));
}

const struct pdf_text *
sheet_value(struct sheet *s, enum sheet_style st, struct str t, double width)
{

	return (pdf_shape(s->pdf, style(st, t), t, width, PDF_ONCE));
}

const struct pdf_text *
sheet_text(struct sheet *s, enum sheet_style st, double width)
{
	const struct pdf_text *t = sheet_value(s, st, buf_str(&s->text), width);

	buf_clear(&s->text);
	return (t);
}

const struct pdf_text *
sheet_common(struct sheet *s, enum sheet_style st, double width)
{
	const struct pdf_text *t = sheet_label(s, st, buf_str(&s->text), width);

	buf_clear(&s->text);
	return (t);
}

void
sheet_add(struct sheet *s, struct str t)
{

	if (format_is_rtl(s->lang)) {
		buf_add(&s->text, S("\u2068"));
		buf_add(&s->text, t);
		buf_add(&s->text, S("\u2069"));
	} else {
		buf_add(&s->text, t);
	}
}

void
sheet_add_word(struct sheet *s, enum word w)
{

	buf_add(&s->text, words_of(s->lang, w));
}

void
sheet_draw(struct sheet *s, const struct pdf_text *t, double x, double y, enum pdf_align align, uint32_t rgb)
{

	pdf_draw(s->pdf, t, SHEET_SIDE + x, y, align, rgb);
}

void
sheet_rect(struct sheet *s, double x, double y, double w, double h, uint32_t rgb)
{

	pdf_rect(s->pdf, SHEET_SIDE + x, y, w, h, rgb);
}

void
sheet_rule(struct sheet *s, double x, double y, double w)
{

	pdf_rule(s->pdf, SHEET_SIDE + x, y, w, RULE);
}

void
sheet_add_title(struct sheet *s)
{

	sheet_add_word(s, bill_title(s->bill));
	buf_char(&s->text, ' ');
	sheet_add(s, s->bill->number);
}

static void
page_number(struct sheet *s, double y)
{

	sheet_add_word(s, W_page);
	buf_char(&s->text, ' ');
	buf_int(&s->text, s->page);
	buf_char(&s->text, ' ');
	sheet_add_word(s, W_page_of);
	buf_char(&s->text, ' ');
	buf_int(&s->text, s->n_pages);
	sheet_draw(s, sheet_common(s, SMALL, 0), s->inner, y, PDF_END, MUTED);
}

void
sheet_foot(struct sheet *s)
{
	const struct bill *bill = s->bill;
	const struct bill_party *writer = bill_is_self(bill) ? &bill->buyer : &bill->seller;
	const struct str email = bill->brand.email.n > 0 ? bill->brand.email : writer->email;
	const struct pdf_text *t;
	double y = s->height - SHEET_BOTTOM + 26;

	sheet_rule(s, 0, y - 8, s->inner);
	page_number(s, y);
	if (email.n > 0) {
		sheet_add_word(s, W_questions);
		buf_add(&s->text, S(": "));
		sheet_add(s, email);
		if (writer->phone.n > 0) {
			buf_add(&s->text, format_is_rtl(s->lang) ? S(" · \u2066") : S(" · "));
			buf_add(&s->text, writer->phone);
			buf_add(&s->text, format_is_rtl(s->lang) ? S("\u2069") : S(""));
		}
		t = sheet_common(s, SMALL, s->inner - 90);
		sheet_draw(s, t, 0, y, PDF_START, MUTED);
		y += t->height;
	}
	if (bill->brand.footer.n > 0)
		sheet_draw(s, sheet_label(s, SMALL, bill->brand.footer, s->inner - 90), 0, y, PDF_START, MUTED);
}

void
sheet_next(struct sheet *s)
{

	sheet_foot(s);
	pdf_next_page(s->pdf);
	s->page++;
	pdf_rect(s->pdf, 0, 0, s->width, 6, s->accent);
	sheet_draw(s, sheet_label(s, SMALL, s->bill->brand.name, s->inner / 2), 0, 24, PDF_START, MUTED);
	sheet_add_title(s);
	sheet_draw(s, sheet_text(s, SMALL, 0), s->inner, 24, PDF_END, MUTED);
	s->y = SHEET_TOP;
}
