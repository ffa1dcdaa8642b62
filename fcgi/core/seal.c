#include "core/seal.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/log.h"

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

static int
hex_digit(char c)
{

	return (c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1);
}

/* 0, or -1 after logging why. */
static int
read_key(unsigned char key[32])
{
	const char *hex = conf_secret(CONF_key_file);

	if (hex == NULL || strlen(hex) != 64) {
		log_error("key", "key_file must hold 64 hex digits");
		return (-1);
	}
	for (int i = 0; i < 32; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0) {
			log_error("key", "key_file must hold 64 hex digits in small letters");
			return (-1);
		}
		key[i] = (unsigned char)(high << 4 | low);
	}
	return (0);
}

struct crypt_block *
seal_key(void)
{
	unsigned char key[32];

	return (read_key(key) == -1 ? NULL : crypt_block_open(key));
}

void
seal_mac(const char *purpose, struct str text, unsigned char out[32])
{
	unsigned char key[32], own[32];

	if (read_key(key) == -1)
		abort(); /* the worker has started with this key */
	crypt_hmac(key, str_of(purpose), own);
	crypt_hmac(own, text, out);
}

#define BASE32_CHARS(n) (((n)*8 + 4) / 5)

static void
base32_text(const unsigned char *p, size_t n, char *to)
{
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		for (have += 8; have >= 5; have -= 5)
			*to++ = alphabet[bits >> (have - 5) & 31];
	}
	if (have > 0)
		*to = alphabet[bits << (5 - have) & 31];
}

void
seal_base32(struct buf *out, const unsigned char *p, size_t n)
{
	char *to = n == 0 ? NULL : buf_room(out, BASE32_CHARS(n));

	if (to == NULL)
		return;
	base32_text(p, n, to);
	buf_took(out, BASE32_CHARS(n));
}

/* 0, or -1; out has room for text.n * 5 / 8 bytes. */
static int
base32_bytes(struct str text, unsigned char *out)
{
	unsigned bits = 0, have = 0;
	size_t at = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		int v = c >= 'a' && c <= 'z' ? c - 'a' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;

		if (v == -1)
			return (-1);
		bits = bits << 5 | (unsigned)v;
		have += 5;
		if (have >= 8) {
			have -= 8;
			out[at++] = (unsigned char)(bits >> have);
		}
	}
	/* One text for each value: no letter too many, and unused bits are 0. */
	return (have < 5 && (bits & ((1u << have) - 1)) == 0 ? 0 : -1);
}

int
seal_base32_open(struct arena *a, struct str text, struct str *bytes)
{
	unsigned char *p = arena_alloc(a, text.n * 5 / 8 + 1);

	if (base32_bytes(text, p) == -1)
		return (-1);
	*bytes = (struct str){(const char *)p, text.n * 5 / 8};
	return (0);
}

#define BLOCK_CHARS BASE32_CHARS((size_t)16)
#define PREFIX_CHARS ((size_t)3)
_Static_assert(PREFIX_CHARS + 1 + BLOCK_CHARS == SEAL_TEXT, "a sealed id is its prefix, _ and a block");
#define RESOURCE(name, prefix, doc) \
	_Static_assert(sizeof(prefix) - 1 == PREFIX_CHARS, "the prefix of " #name " has three letters");
#include "schema/access.def"

/* What is sealed of an id: its type and its number. */
static void
block_of(enum resource res, int64_t id, unsigned char block[16])
{

	memset(block, 0, 16);
	block[0] = (unsigned char)res + 1;
	for (int i = 0; i < 8; i++)
		block[8 + i] = (unsigned char)((uint64_t)id >> (56 - 8 * i));
}

void
seal_batch_add(struct seal_batch *l, struct crypt_block *key, enum resource res, int64_t id, struct buf *out)
{
	char *to;

	if (l->n == SEAL_BATCH)
		seal_batch_end(l, key, out);
	if ((to = buf_room(out, PREFIX_CHARS + 1 + BLOCK_CHARS)) == NULL)
		return;
	memcpy(to, access_resources[res].prefix, PREFIX_CHARS);
	to[PREFIX_CHARS] = '_';
	block_of(res, id, l->blocks[l->n]);
	l->at[l->n++] = out->n + PREFIX_CHARS + 1;
	buf_took(out, PREFIX_CHARS + 1 + BLOCK_CHARS);
}

void
seal_batch_end(struct seal_batch *l, struct crypt_block *key, struct buf *out)
{
	unsigned char sealed[SEAL_BATCH][16];

	if (l->n > 0)
		crypt_seal(key, l->blocks[0], sealed[0], l->n);
	for (size_t i = 0; i < l->n; i++)
		base32_text(sealed[i], 16, out->p + l->at[i]);
	l->n = 0;
}

void
seal_id(struct crypt_block *key, enum resource res, int64_t id, struct buf *out)
{
	struct seal_batch one;

	one.n = 0;
	seal_batch_add(&one, key, res, id, out);
	seal_batch_end(&one, key, out);
}

void
seal_member(struct crypt_block *key, const char *name, enum resource res, int64_t id, struct buf *out)
{

	json_name(out, name);
	if (id == 0) {
		buf_addz(out, "null");
		return;
	}
	buf_char(out, '"');
	seal_id(key, res, id, out);
	buf_char(out, '"');
}

int
seal_id_open(struct crypt_block *key, enum resource res, struct str text, int64_t *id)
{
	unsigned char block[17], out[16]; /* 26 characters carry 130 bits */
	uint64_t v = 0;

	if (text.n != SEAL_TEXT || !str_starts(text, str_of(access_resources[res].prefix)) || text.p[3] != '_' ||
	    base32_bytes((struct str){text.p + 4, 26}, block) == -1)
		return (-1);
	crypt_open(key, block, out);
	if (out[0] != (unsigned char)res + 1)
		return (-1);
	for (int i = 1; i < 8; i++)
		if (out[i] != 0)
			return (-1);
	for (int i = 8; i < 16; i++)
		v = v << 8 | out[i];
	*id = (int64_t)v;
	return (*id > 0 ? 0 : -1);
}

int
seal_resource(struct str text)
{
	struct str rest, prefix = str_cut(text, '_', &rest);

	for (int r = 0; r < RES__MAX; r++)
		if (str_eqz(prefix, access_resources[r].prefix))
			return (r);
	return (-1);
}
