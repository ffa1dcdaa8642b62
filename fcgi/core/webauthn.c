#include "core/webauthn.h"

#include <string.h>

#include "base/base64url.h"
#include "core/cbor.h"
#include "wire/crypt.h"
#include "wire/json.h"

#define HASH 32
#define AAGUID 16

/* Flags of authenticator data (6.1). */
#define PRESENT 0x01
#define VERIFIED 0x04
#define ATTESTED 0x40
#define EXTENDED 0x80

/* COSE_Key (RFC 9052, section 7; RFC 9053; RFC 8230). */
enum { KTY = 1, ALG = 3, OKP = 1, EC2 = 2, RSA = 3, CRV = -1, X = -2, Y = -3, P256 = 1, ED25519 = 6, N = -1, E = -2 };

struct authenticator_data {
	unsigned char flags;
	int64_t count;
	struct str id, key; /* of a new credential */
};

static const struct json *
member(const struct json *object, const char *name)
{
	const struct json *m = object->first;

	while (m != NULL && !str_eqz(m->key, name))
		m = m->next;
	return (m);
}

static bool
says(const struct json *object, const char *name, struct str wanted)
{
	const struct json *m = member(object, name);

	return (m != NULL && m->type == JSON_STRING && str_eq(m->s, wanted));
}

const char *
webauthn_client(
    struct arena *a, const struct webauthn_site *site, const char *type, struct str json, struct str *challenge)
{
	const struct json *data, *m;
	const char *why;

	if ((data = json_parse(a, json, &why)) == NULL || data->type != JSON_OBJECT)
		return ("client");
	if (!says(data, "type", str_of(type)))
		return ("type");
	if (!says(data, "origin", site->origin))
		return ("origin");
	m = member(data, "crossOrigin");
	if ((m != NULL && (m->type != JSON_BOOL || m->number != 0)) || member(data, "topOrigin") != NULL)
		return ("frame");
	m = member(data, "challenge");
	if (m == NULL || m->type != JSON_STRING || base64url_open(a, m->s, challenge) == -1)
		return ("challenge");
	return (NULL);
}

/* Takes n bytes off the front.  0, or -1. */
static int
take(struct str *in, size_t n, struct str *s)
{

	if (in->n < n)
		return (-1);
	*s = (struct str){in->p, n};
	in->p += n, in->n -= n;
	return (0);
}

static uint32_t
number(struct str s)
{
	uint32_t v = 0;

	for (size_t i = 0; i < s.n; i++)
		v = v << 8 | (unsigned char)s.p[i];
	return (v);
}

/* The new credential's id and key (6.5.1): *in goes behind them.  0, or -1. */
static int
read_credential(struct str *in, struct authenticator_data *d)
{
	struct str aaguid, length;
	struct cbor key;

	if (take(in, AAGUID, &aaguid) == -1 || take(in, 2, &length) == -1 || take(in, number(length), &d->id) == -1 ||
	    d->id.n < WEBAUTHN_ID_MIN || d->id.n > WEBAUTHN_ID_MAX || cbor_read(*in, &key) == -1 ||
	    key.type != CBOR_MAP)
		return (-1);
	d->key = key.raw;
	*in = key.rest;
	return (0);
}

/* Authenticator data (6.1), to its last byte.  NULL, or what is wrong. */
static const char *
read_data(const struct webauthn_site *site, struct str in, bool attested, struct authenticator_data *d)
{
	unsigned char wanted[HASH];
	struct str hash, flags, count;
	struct cbor extensions;

	*d = (struct authenticator_data){.flags = 0};
	if (take(&in, HASH, &hash) == -1 || take(&in, 1, &flags) == -1 || take(&in, 4, &count) == -1)
		return ("data");
	d->flags = (unsigned char)flags.p[0];
	d->count = number(count);
	crypt_sha256(site->rp_id, wanted);
	if (memcmp(hash.p, wanted, HASH) != 0)
		return ("rp");
	if (!(d->flags & PRESENT))
		return ("present");
	if (!(d->flags & VERIFIED))
		return ("verified");
	if (attested != ((d->flags & ATTESTED) != 0) || (attested && read_credential(&in, d) == -1))
		return ("data");
	/* Extensions: none was asked for; what is there must be a map, and is ignored. */
	if (d->flags & EXTENDED) {
		if (cbor_read(in, &extensions) == -1 || extensions.type != CBOR_MAP)
			return ("data");
		in = extensions.rest;
	}
	return (in.n == 0 ? NULL : "data");
}

static bool
is_number(const struct cbor *map, int64_t key, int64_t wanted)
{
	struct cbor v;

	return (cbor_at(map, key, &v) && v.type == CBOR_INT && v.number == wanted);
}

static bool
take_bytes(const struct cbor *map, int64_t key, struct str *s)
{
	struct cbor v;

	if (!cbor_at(map, key, &v) || v.type != CBOR_BYTES)
		return (false);
	*s = v.s;
	return (true);
}

/* A COSE key with these members and no other.  NULL, or what is wrong. */
static const char *
read_key(struct str cose, struct crypt_public *k)
{
	struct cbor map, alg;

	if (cose.n > WEBAUTHN_KEY_MAX || cbor_only(cose, &map) == -1 || map.type != CBOR_MAP ||
	    !cbor_at(&map, ALG, &alg) || alg.type != CBOR_INT)
		return ("key");
	*k = (struct crypt_public){.b = S("")};
	if (alg.number == CRYPT_ES256) {
		k->alg = CRYPT_ES256;
		return (map.number == 5 && is_number(&map, KTY, EC2) && is_number(&map, CRV, P256) &&
			    take_bytes(&map, X, &k->a) && take_bytes(&map, Y, &k->b)
			? NULL
			: "key");
	}
	if (alg.number == CRYPT_EDDSA) {
		k->alg = CRYPT_EDDSA;
		return (map.number == 4 && is_number(&map, KTY, OKP) && is_number(&map, CRV, ED25519) &&
			    take_bytes(&map, X, &k->a)
			? NULL
			: "key");
	}
	if (alg.number == CRYPT_RS256) {
		k->alg = CRYPT_RS256;
		return (map.number == 4 && is_number(&map, KTY, RSA) && take_bytes(&map, N, &k->a) &&
			    take_bytes(&map, E, &k->b)
			? NULL
			: "key");
	}
	return ("algorithm");
}

const char *
webauthn_created(const struct webauthn_site *site, struct str attestation, struct webauthn_new *made)
{
	struct cbor object, format, statement, data;
	struct authenticator_data d;
	struct crypt_public key;
	const char *why;

	if (cbor_only(attestation, &object) == -1 || object.type != CBOR_MAP || object.number != 3 ||
	    !cbor_named(&object, "fmt", &format) || format.type != CBOR_TEXT ||
	    !cbor_named(&object, "attStmt", &statement) || statement.type != CBOR_MAP ||
	    !cbor_named(&object, "authData", &data) || data.type != CBOR_BYTES)
		return ("attestation");
	if (str_eqz(format.s, "none") && statement.number != 0)
		return ("attestation");
	if ((why = read_data(site, data.s, true, &d)) != NULL || (why = read_key(d.key, &key)) != NULL)
		return (why);
	if (!crypt_public_good(&key))
		return ("key");
	*made = (struct webauthn_new){d.id, d.key, d.count};
	return (NULL);
}

const char *
webauthn_asserted(struct arena *a, const struct webauthn_site *site, struct str key,
    const struct webauthn_assertion *said, int64_t *count)
{
	struct authenticator_data d;
	struct crypt_public public;
	unsigned char *message;
	const char *why;

	if ((why = read_data(site, said->authenticator, false, &d)) != NULL || (why = read_key(key, &public)) != NULL)
		return (why);
	message = arena_alloc(a, said->authenticator.n + HASH);
	memcpy(message, said->authenticator.p, said->authenticator.n);
	crypt_sha256(said->client, message + said->authenticator.n);
	if (!crypt_signed(&public, (struct str){(const char *)message, said->authenticator.n + HASH}, said->signature))
		return ("signature");
	*count = d.count;
	return (NULL);
}
