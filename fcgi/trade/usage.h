/* Usage on its way in: lines are judged one by one and written in sets, a set a transaction of the caller.  An event that
 * is there already with the same content is the same event; with another content, as with anything else that is wrong,
 * the line waits in usage_reject with a reason.  What was said of a set is true once its transaction is through. */
#ifndef TRADE_USAGE_H
#define TRADE_USAGE_H

#include "core/lines.h"

enum usage_reason {
	USAGE_good,
#define USAGE_REASON(code, words) USAGE_##code,
#include "trade/usage_reason.def"
#undef USAGE_REASON
	USAGE_REASON__MAX
};
const char *usage_reason_code(enum usage_reason r);
const char *usage_reason_words(enum usage_reason r);

enum usage_verdict { USAGE_RECEIVED, USAGE_SAME, USAGE_REJECTED, USAGE_VERDICTS };

enum usage_member {
	USAGE_M_source,
	USAGE_M_event,
	USAGE_M_account,
	USAGE_M_offering,
	USAGE_M_quantity,
	USAGE_M_at,
	USAGE_M_class,
	USAGE_M_time_of_day,
	USAGE_M_zone,
	USAGE_MEMBERS
};

struct usage_sold;

struct usage_line {
	int64_t number; /* in what it came with */
	int64_t waits;  /* the id of the reject that it is; 0: it comes from outside */
	struct str text;
	struct str members[USAGE_MEMBERS]; /* as they came; p == NULL where absent */
	enum usage_reason reason;
	enum usage_verdict verdict;
	int64_t quantity; /* millionths */
	int64_t at;       /* microseconds since 1970, UTC */
	int64_t day;      /* the account's civil day */
	int minute;       /* of that day, by the clock there */
	int64_t source_id;
	const struct usage_sold *sold; /* whose and what; NULL where that is not known */
	int64_t offering, product;     /* what it counts as: by what it says of itself another than was sold */
	struct str time_of_day;        /* as it says, or else by the hours of what was sold */
};

/* Can a text be one of an event's class, time_of_day or zone? */
bool usage_attribute(struct str s);

/* Who delivers, and what with. */
struct usage_delivery {
	int64_t deliverer;           /* the tenant whose sources are meant */
	int64_t sender;              /* the user; 0: the operator */
	const char *way;             /* ndjson, csv, file or mended */
	struct str name, source;     /* of the file; what a line says that names no source */
	int64_t size;                /* of the file */
	int64_t batch;               /* 0: usage_take begins one */
	int64_t bytes;               /* of the file that are in with this set */
	const unsigned char *digest; /* over them, 32 bytes; NULL: of no file */
	bool done;                   /* with this set */
};

/* The members of a line and what can be judged of it alone; object NULL: it cannot be read. */
void usage_read(struct arena *a, const struct line *from, struct str source, struct usage_line *to);
/* The same where the members stand in *line already. */
void usage_judge(struct usage_line *line);

/* Writes a set, which may hold rejects that are tried again, and sets each line's verdict, and reason where it is
 * rejected.  The transaction must read what is committed (COMMITTED), or it misses a run and a run its events.  counts:
 * lines of each verdict.  0, or -1 with the problem set. */
int usage_take(struct rq *rq, struct usage_delivery *d, struct usage_line *lines, size_t n,
    int64_t counts[USAGE_VERDICTS]) __attribute__((warn_unused_result));

/* {"line":3,"event":"e-17","verdict":"rejected","reason":"negative","detail":"..."} */
void usage_answer(struct buf *b, const struct usage_line *line);

#endif
