#include <librsvg/rsvg.h>

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "wire/pdf_part.h"

#define LOGOS 16

struct logo {
	char *file;
	RsvgHandle *svg; /* NULL: it could not be read, which was logged */
	double width, height;
	/* What librsvg drew, in the size of the last document, or NULL: as a form of the PDF it
	 * is cheaper than to have it drawn again. */
	cairo_surface_t *drawing;
	double drawn_width, drawn_height;
};

struct pdf_logos {
	struct logo at[LOGOS];
	size_t next; /* the place that is given up next */
	struct logo *found;
};

struct pdf_logos *
pdf_logos_open(void)
{

	return (calloc(1, sizeof(struct pdf_logos)));
}

static void
forget_drawing(struct logo *l)
{

	if (l->drawing != NULL)
		cairo_surface_destroy(l->drawing);
	l->drawing = NULL;
}

static void
forget(struct logo *l)
{

	forget_drawing(l);
	free(l->file);
	if (l->svg != NULL)
		g_object_unref(l->svg);
	*l = (struct logo){0};
}

void
pdf_logos_close(struct pdf_logos *l)
{

	for (size_t i = 0; i < LOGOS; i++)
		forget(&l->at[i]);
	free(l);
}

/* The size that the drawing gives itself, in any unit: only its shape counts here. */
static bool
has_size(RsvgHandle *svg, double *w, double *h)
{
	gboolean has_w, has_h, has_box;
	RsvgLength lw, lh;
	RsvgRectangle box;

	rsvg_handle_get_intrinsic_dimensions(svg, &has_w, &lw, &has_h, &lh, &has_box, &box);
	if (has_box) {
		*w = box.width;
		*h = box.height;
	} else if (has_w && has_h && lw.unit == lh.unit && lw.unit != RSVG_UNIT_PERCENT) {
		*w = lw.length;
		*h = lh.length;
	} else {
		return (false);
	}
	return (*w > 0 && *h > 0);
}

static void
load(struct logo *l, const char *file)
{
	GError *error = NULL;

	l->file = strdup(file);
	l->svg = rsvg_handle_new_from_file(file, &error);
	if (l->svg == NULL) {
		log_error("logo", "%s: %s", file, error->message);
		g_error_free(error);
	} else if (!has_size(l->svg, &l->width, &l->height)) {
		log_error("logo", "%s has neither a viewBox nor a size", file);
		g_clear_object(&l->svg);
	}
}

static struct logo *
find(struct pdf_logos *l, const char *file)
{
	struct logo *place;

	for (size_t i = 0; i < LOGOS; i++)
		if (l->at[i].file != NULL && strcmp(l->at[i].file, file) == 0)
			return (&l->at[i]);
	place = &l->at[l->next];
	l->next = (l->next + 1) % LOGOS;
	forget(place);
	load(place, file);
	return (place);
}

int
pdf_logos_fit(struct pdf_logos *l, const char *file, double max_w, double max_h, double *w, double *h)
{
	struct logo *logo = find(l, file);
	double scale;

	l->found = logo;
	if (logo->svg == NULL)
		return (-1);
	scale = max_w / logo->width;
	if (scale * logo->height > max_h)
		scale = max_h / logo->height;
	*w = scale * logo->width;
	*h = scale * logo->height;
	return (0);
}

static int
record(struct logo *l, double w, double h)
{
	const cairo_rectangle_t box = {0, 0, w, h};
	const RsvgRectangle at = {.width = w, .height = h};
	GError *error = NULL;
	gboolean is_drawn;
	cairo_t *cr;

	forget_drawing(l);
	l->drawing = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &box);
	l->drawn_width = w;
	l->drawn_height = h;
	cr = cairo_create(l->drawing);
	is_drawn = rsvg_handle_render_document(l->svg, cr, &at, &error);
	cairo_destroy(cr);
	if (is_drawn)
		return (0);
	log_error("logo", "%s: %s", l->file, error->message);
	g_error_free(error);
	forget_drawing(l);
	return (-1);
}

int
pdf_logos_draw(struct pdf_logos *l, struct _cairo *cr, double x, double y, double w, double h)
{
	struct logo *logo = l->found;

	if ((logo->drawing == NULL || logo->drawn_width != w || logo->drawn_height != h) && record(logo, w, h) == -1)
		return (-1);
	cairo_set_source_surface(cr, logo->drawing, x, y);
	cairo_rectangle(cr, x, y, w, h);
	cairo_fill(cr);
	return (0);
}
