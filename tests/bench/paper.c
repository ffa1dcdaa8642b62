/* A bill as PDF, and the same glyphs by bare cairo: both in one process, in turn.
 *
 *   paper SETTINGS DOCUMENT-ID SECONDS ROUNDS
 *
 * prints the documents a second of both in the round with the median ratio. */
#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/conf.h"
#include "core/query.h"
#include "core/seal.h"
#include "core/worker.h"
#include "paper/load.h"
#include "start.h"
#include "wire/pdf.h"

#define RUNS 20000
#define LIMIT ((size_t)32 * 1024 * 1024)

/* What the real rendering gave to cairo. */
struct glyphs {
	cairo_scaled_font_t *font; /* NULL: the page ends here */
	cairo_glyph_t *glyphs;
	int n;
};
static struct glyphs runs[RUNS];
static size_t n_runs;
static bool recording;
static double width, height;

void __real_cairo_show_text_glyphs(cairo_t *cr, const char *text, int n_text, const cairo_glyph_t *glyphs, int n_glyphs,
    const cairo_text_cluster_t *clusters, int n_clusters, cairo_text_cluster_flags_t flags);
void __wrap_cairo_show_text_glyphs(cairo_t *cr, const char *text, int n_text, const cairo_glyph_t *glyphs, int n_glyphs,
    const cairo_text_cluster_t *clusters, int n_clusters, cairo_text_cluster_flags_t flags);
void __real_cairo_show_page(cairo_t *cr);
void __wrap_cairo_show_page(cairo_t *cr);
cairo_surface_t *
__real_cairo_pdf_surface_create_for_stream(cairo_write_func_t write, void *closure, double w, double h);
cairo_surface_t *
__wrap_cairo_pdf_surface_create_for_stream(cairo_write_func_t write, void *closure, double w, double h);

static void
die(const char *what)
{

	fprintf(stderr, "paper: %s\n", what);
	exit(1);
}

static void
keep(cairo_scaled_font_t *font, const cairo_glyph_t *glyphs, int n)
{
	struct glyphs *g = &runs[n_runs++];

	if (n_runs == RUNS || (g->glyphs = calloc((size_t)n + 1, sizeof(*glyphs))) == NULL)
		die("too many glyphs");
	memcpy(g->glyphs, glyphs, (size_t)n * sizeof(*glyphs));
	g->n = n;
	g->font = font == NULL ? NULL : cairo_scaled_font_reference(font);
}

void
__wrap_cairo_show_text_glyphs(cairo_t *cr, const char *text, int n_text, const cairo_glyph_t *glyphs, int n_glyphs,
    const cairo_text_cluster_t *clusters, int n_clusters, cairo_text_cluster_flags_t flags)
{

	if (recording)
		keep(cairo_get_scaled_font(cr), glyphs, n_glyphs);
	__real_cairo_show_text_glyphs(cr, text, n_text, glyphs, n_glyphs, clusters, n_clusters, flags);
}

void
__wrap_cairo_show_page(cairo_t *cr)
{
	static const cairo_glyph_t none;

	if (recording)
		keep(NULL, &none, 0);
	__real_cairo_show_page(cr);
}

cairo_surface_t *
__wrap_cairo_pdf_surface_create_for_stream(cairo_write_func_t write, void *closure, double w, double h)
{

	width = w;
	height = h;
	return (__real_cairo_pdf_surface_create_for_stream(write, closure, w, h));
}

static cairo_status_t
write_out(void *closure, const unsigned char *data, unsigned n)
{

	buf_add(closure, (struct str){(const char *)data, n});
	return (CAIRO_STATUS_SUCCESS);
}

/* The recorded glyphs by bare cairo. */
static void
draw_reference(struct buf *out)
{
	cairo_surface_t *surface = __real_cairo_pdf_surface_create_for_stream(write_out, out, width, height);
	cairo_t *cr;

	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	cr = cairo_create(surface);
	for (size_t i = 0; i < n_runs; i++) {
		if (runs[i].font == NULL) {
			__real_cairo_show_page(cr);
			continue;
		}
		cairo_set_scaled_font(cr, runs[i].font);
		cairo_show_glyphs(cr, runs[i].glyphs, runs[i].n);
	}
	if (cairo_status(cr) != CAIRO_STATUS_SUCCESS)
		die(cairo_status_to_string(cairo_status(cr)));
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
}

/* The bill with every right, as the job that seals bills loads it. */
static void
load(struct worker *w, const char *id, struct bill *bill)
{
	static struct rights rights;
	struct rq rq = {.w = w, .a = w->a, .action = ACT_document_read, .trace = "bench", .id_text = str_of(id)};

	access_rights(ROLE_provider_admin, &rights);
	rq.who = (struct who){.portal = PORTAL_admin, .rights = &rights};
	if (query_id(&rq, RES_document) == -1 || bill_load(&rq, Q_document_frozen, bill) == -1)
		die("the bill cannot be loaded");
}

/* Documents a second of processor time: others on the machine disturb it less than the clock on the wall. */
static double
rate(struct arena *a, const struct bill *bill, struct pdf_fonts *fonts, double seconds)
{
	clock_t start = clock(), end = start + (clock_t)(seconds * CLOCKS_PER_SEC), now;
	struct buf out;
	long n = 0;

	do {
		buf_init(&out, a, LIMIT);
		if (bill == NULL)
			draw_reference(&out);
		else if (bill_pdf(bill, fonts, &out) == -1)
			die("the bill cannot be drawn");
		arena_reset(a);
		n++;
		now = clock();
	} while (now < end);
	return ((double)n * CLOCKS_PER_SEC / (double)(now - start));
}

struct round {
	double subject, reference;
};

static int
by_ratio(const void *a, const void *b)
{
	const struct round *x = a, *y = b;
	double d = x->subject / x->reference - y->subject / y->reference;

	return (d < 0 ? -1 : d > 0);
}

int
main(int argc, char **argv)
{
	struct round rounds[99];
	struct pdf_fonts *fonts;
	struct arena *a = arena_open();
	struct worker w;
	struct bill bill;
	struct buf out;
	int n;

	if (argc != 5 || (n = atoi(argv[4])) < 1 || n > 99 || n % 2 == 0)
		die("SETTINGS DOCUMENT-ID SECONDS ROUNDS (odd)");
	if (start(argv[1]) == -1 || worker_open(&w) == -1 ||
	    (fonts = pdf_fonts_open(conf_text(CONF_fonts_conf))) == NULL)
		return (1);
	load(&w, argv[2], &bill);
	rate(a, &bill, fonts, 0.2); /* shapes what is kept between documents */
	buf_init(&out, a, LIMIT);
	recording = true;
	if (bill_pdf(&bill, fonts, &out) == -1)
		die("the bill cannot be drawn");
	recording = false;
	for (int i = 0; i < n; i++) {
		rounds[i].subject = rate(a, &bill, fonts, atof(argv[3]));
		rounds[i].reference = rate(a, NULL, fonts, atof(argv[3]));
	}
	qsort(rounds, (size_t)n, sizeof(rounds[0]), by_ratio);
	printf("{\"subject\":%.2f,\"reference\":%.2f}\n", rounds[n / 2].subject, rounds[n / 2].reference);
	return (0);
}
