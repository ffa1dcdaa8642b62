#include "wire/qr.h"

#include <qrencode.h>

int
qr_path(struct buf *out, const char *text)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	int side;

	if (code == NULL)
		return (0);
	side = code->width;
	for (int y = 0; y < side; y++)
		for (int x = 0, n; x < side; x += n) {
			const unsigned char *row = code->data + (size_t)y * (size_t)side;

			/* As wide as it is dark: a rectangle for each run of modules. */
			for (n = 1; x + n < side && (row[x + n] & 1) == (row[x] & 1); n++)
				continue;
			if (row[x] & 1)
				buf_printf(out, "M%d %dh%dv1h-%dz", x, y, n, n);
		}
	QRcode_free(code);
	return (side);
}
