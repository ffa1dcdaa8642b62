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
};

struct pdf_logos {
	struct logo at[LOGOS];
	size_t next; /* the place that is given up next */
	RsvgHandle *found;
};

struct pdf_logos *
pdf_logos_open(void)
{

	return (calloc(1, sizeof(struct pdf_logos)));
}

static void
forget(struct logo *l)
{

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
	const struct logo *logo = find(l, file);
	double scale;

	if ((l->found = logo->svg) == NULL)
		return (-1);
	scale = max_w / logo->width;
	if (scale * logo->height > max_h)
		scale = max_h / logo->height;
	*w = scale * logo->width;
	*h = scale * logo->height;
	return (0);
}

int
pdf_logos_draw(struct pdf_logos *l, struct _cairo *cr, double x, double y, double w, double h)
{
	const RsvgRectangle at = {.x = x, .y = y, .width = w, .height = h};
	GError *error = NULL;

	if (rsvg_handle_render_document(l->found, cr, &at, &error))
		return (0);
	log_error("logo", "%s", error->message);
	g_error_free(error);
	return (-1);
}
