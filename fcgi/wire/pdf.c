#include <cairo-pdf.h>

#include <stdlib.h>

#include "base/date.h"
#include "base/log.h"
#include "wire/pdf_text.h"

#define RULES 128
#define RULE_HEIGHT 0.5

struct rule {
	double x, y, w; /* left end, middle */
};

struct pdf {
	struct pdf_fonts *fonts;
	struct pdf_about about;
	struct buf *out;
	size_t begin; /* where the document begins in out */
	cairo_surface_t *surface;
	cairo_t *cr;
	uint32_t rgb; /* the present colour */
	uint32_t rule_rgb;
	size_t n_rules; /* hairlines of this page that are yet to be drawn */
	struct rule rules[RULES];
	int page;
	bool failed;
};

struct pdf_fonts *
pdf_fonts_open(const char *fonts_conf)
{
	struct pdf_fonts *f;

	if (pdf_fontconf_load(fonts_conf) == -1)
		return (NULL);
	if ((f = calloc(1, sizeof(*f))) == NULL)
		goto err0;
	if ((f->glyphs = pdf_glyphs_open()) == NULL)
		goto err1;
	if ((f->logos = pdf_logos_open()) == NULL)
		goto err2;
	return (f);
err2:
	pdf_glyphs_close(f->glyphs);
err1:
	free(f);
err0:
	log_error("memory", "no room for fonts");
	return (NULL);
}

void
pdf_fonts_close(struct pdf_fonts *f)
{

	pdf_logos_close(f->logos);
	pdf_glyphs_close(f->glyphs);
	free(f);
}

static cairo_status_t
write_out(void *closure, const unsigned char *data, unsigned int n)
{
	struct pdf *p = closure;

	buf_add(p->out, (struct str){(const char *)data, n});
	return (buf_failed(p->out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS);
}

/* Only what the caller says goes in: cairo would take the time of day for the date. */
static void
describe(struct pdf *p)
{
	struct buf created;

	buf_init(&created, p->out->a, 64);
	date_plain(&created, p->about.created);
	buf_add(&created, S("T00:00:00Z\0"));
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, buf_str(&created).p);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, arena_str(p->out->a, p->about.title).p);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, arena_str(p->out->a, p->about.author).p);
}

struct pdf *
pdf_open(struct pdf_fonts *f, const struct pdf_about *about, struct buf *out)
{
	struct pdf *p = arena_zero(out->a, 1, sizeof(*p));
	cairo_status_t status;

	p->fonts = f;
	p->about = *about;
	p->out = out;
	p->begin = out->n;
	p->surface = cairo_pdf_surface_create_for_stream(write_out, p, about->width, about->height);
	if ((status = cairo_surface_status(p->surface)) != CAIRO_STATUS_SUCCESS) {
		log_error("pdf", "cannot begin: %s", cairo_status_to_string(status));
		cairo_surface_destroy(p->surface);
		return (NULL);
	}
	cairo_pdf_surface_restrict_to_version(p->surface, CAIRO_PDF_VERSION_1_5);
	describe(p);
	p->cr = cairo_create(p->surface);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	p->page = 1;
	pdf_glyphs_begin(f->glyphs, about, out->a);
	return (p);
}

static double
left_of(const struct pdf *p, double x, double w)
{

	return (p->about.mirrored ? p->about.width - x - w : x);
}

static void
colour(struct pdf *p, uint32_t rgb)
{

	if (rgb == p->rgb)
		return;
	pdf_glyphs_flush(p->fonts->glyphs, p->cr);
	cairo_set_source_rgb(p->cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
	p->rgb = rgb;
}

/* Draws what waited for the end of the page: hairlines, which are many, as one path. */
static void
end_page(struct pdf *p)
{

	pdf_glyphs_flush(p->fonts->glyphs, p->cr);
	if (p->n_rules == 0)
		return;
	colour(p, p->rule_rgb);
	for (size_t i = 0; i < p->n_rules; i++) {
		cairo_move_to(p->cr, p->rules[i].x, p->rules[i].y);
		cairo_rel_line_to(p->cr, p->rules[i].w, 0);
	}
	cairo_set_line_width(p->cr, RULE_HEIGHT);
	cairo_stroke(p->cr);
	p->n_rules = 0;
}

int
pdf_close(struct pdf *p)
{
	cairo_status_t status;

	end_page(p);
	status = cairo_status(p->cr);
	cairo_destroy(p->cr);
	cairo_surface_finish(p->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(p->surface);
	cairo_surface_destroy(p->surface);
	if (status != CAIRO_STATUS_SUCCESS) {
		log_error("pdf", "%s", cairo_status_to_string(status));
		return (-1);
	}
	if (pdf_tail(p->out, p->begin, p->about.language, p->about.mirrored) == -1) {
		log_error("pdf", "no catalogue in what cairo wrote, or no room");
		return (-1);
	}
	return (p->failed ? -1 : 0);
}

void
pdf_next_page(struct pdf *p)
{

	end_page(p);
	cairo_show_page(p->cr);
	p->page++;
}

const struct pdf_text *
pdf_shape(struct pdf *p, const struct pdf_style *st, struct str s, double width, enum pdf_keep keep)
{

	return (pdf_glyphs_shape(p->fonts->glyphs, st, s, width, keep));
}

void
pdf_draw(struct pdf *p, const struct pdf_text *t, double x, double y, enum pdf_align align, uint32_t rgb)
{

	colour(p, rgb);
	pdf_glyphs_draw(p->fonts->glyphs, p->cr, t, left_of(p, x, 0), y, (align == PDF_END) != p->about.mirrored);
}

void
pdf_rect(struct pdf *p, double x, double y, double w, double h, uint32_t rgb)
{

	colour(p, rgb);
	pdf_glyphs_flush(p->fonts->glyphs, p->cr);
	cairo_rectangle(p->cr, left_of(p, x, w), y, w, h);
	cairo_fill(p->cr);
}

void
pdf_rule(struct pdf *p, double x, double y, double w, uint32_t rgb)
{

	if (p->n_rules == RULES || (p->n_rules > 0 && rgb != p->rule_rgb)) {
		pdf_rect(p, x, y, w, RULE_HEIGHT, rgb);
		return;
	}
	p->rule_rgb = rgb;
	p->rules[p->n_rules++] = (struct rule){left_of(p, x, w), y + RULE_HEIGHT / 2, w};
}

int
pdf_logo(struct pdf *p, const char *file, double x, double y, double max_w, double max_h, double *w, double *h)
{

	if (pdf_logos_fit(p->fonts->logos, file, max_w, max_h, w, h) == -1)
		return (-1);
	pdf_glyphs_flush(p->fonts->glyphs, p->cr);
	cairo_save(p->cr);
	if (pdf_logos_draw(p->fonts->logos, p->cr, left_of(p, x, *w), y, *w, *h) == -1)
		p->failed = true;
	cairo_restore(p->cr);
	return (0);
}

int
pdf_bookmark(struct pdf *p, int parent, struct str title, double y)
{
	struct str where = arena_printf(p->out->a, "page=%d pos=[0 %d]", p->page, (int)y);

	return (cairo_pdf_surface_add_outline(
	    p->surface, parent, arena_str(p->out->a, title).p, where.p, CAIRO_PDF_OUTLINE_FLAG_OPEN));
}
