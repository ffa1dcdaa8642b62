#include <fontconfig/fontconfig.h>

#include <malloc.h>
#include <pthread.h>

#include "base/log.h"
#include "wire/pdf_part.h"

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static bool is_loaded; /* written under `loading` */

static int
load(const char *file)
{
	FcConfig *c = FcConfigCreate();
	const FcFontSet *fonts;

	if (c == NULL)
		return (-1);
	if (!FcConfigParseAndLoad(c, (const FcChar8 *)file, FcTrue) || !FcConfigBuildFonts(c))
		goto err;
	fonts = FcConfigGetFonts(c, FcSetSystem);
	if (fonts == NULL || fonts->nfont == 0)
		goto err;
	if (!FcConfigSetCurrent(c))
		goto err;
	FcConfigDestroy(c); /* fontconfig keeps its own reference to the current one */
	return (0);
err:
	FcConfigDestroy(c);
	return (-1);
}

int
pdf_fontconf_load(const char *file)
{
	int r = 0;

	/* One configuration for all threads: it is read-only from here on, and the system's
	 * own, with thousands of fonts, is never loaded. */
	pthread_mutex_lock(&loading);
	if (!is_loaded) {
		/* For each document with Japanese in it cairo copies the whole font, megabytes.  By
		 * default malloc would learn from the first one to keep such blocks for good, once a
		 * thread; below this size it is to keep what it has, for a bill needs it again. */
		mallopt(M_MMAP_THRESHOLD, 1 << 20);
		mallopt(M_TRIM_THRESHOLD, 1 << 20);
		r = load(file);
		is_loaded = r == 0;
	}
	pthread_mutex_unlock(&loading);
	if (r == -1)
		log_error("fonts", "%s lists no usable font", file);
	return (r);
}
