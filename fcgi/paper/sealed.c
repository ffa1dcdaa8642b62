/* The PDF of a bill and the hash of its first rendering: issued is frozen. */
#include <string.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/query.h"
#include "core/worker.h"
#include "paper/bill_part.h"
#include "wire/crypt.h"
#include "wire/pdf.h"

/* A role that may not read a field gets a PDF without it, which is another one than was sealed. */
static bool
sees_all(const struct rights *r, bool is_self)
{

	for (int f = 0; f < FLD__MAX; f++) {
		enum resource res = access_fields[f].resource;
		bool printed = res == RES_tax || res == RES_party ||
		    (is_self ? res == RES_self_line || res == RES_self_bill || res == RES_self_incoming
			     : res == RES_line || (res == RES_document && access_fields[f].class == CLASS_open));

		if (printed && !may_read(r, (enum field)f))
			return (false);
	}
	return (true);
}

int
bill_pdf_sealed(struct rq *rq, const struct bill *bill, unsigned char hash[32])
{

	if (rq->w->fonts == NULL && (rq->w->fonts = pdf_fonts_open(conf_text(CONF_fonts_conf))) == NULL) {
		problem(rq, P_internal, "%s", "");
		return (-1);
	}
	if (bill_pdf(bill, rq->w->fonts, &rq->out) == -1) {
		problem(rq, P_internal, "%s", "");
		return (-1);
	}
	crypt_sha256(buf_str(&rq->out), hash);
	if (bill->pdf_sha256.n == 32 && sees_all(rq->who.rights, bill_is_self(bill)) &&
	    memcmp(bill->pdf_sha256.p, hash, 32) != 0)
		log_error("pdf", "document %lld is rendered to other bytes than when it was sealed (trace %s)",
		    (long long)bill->id, rq->trace);
	return (0);
}
