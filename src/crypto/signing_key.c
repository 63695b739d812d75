/* SPDX-License-Identifier: Apache-2.0 */
/* Signing keys on OpenSSL. What can be set up once (algorithm, padding, digest) stands in two contexts per key;
   each call works on a duplicate of one, which keeps the calls of several threads apart without a lock of ours. */
#include "crypto/signing_key.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "crypto/library.h"

enum { ID_LEN = 43 };

static struct histogram times;

struct signing_key {
	EVP_PKEY *pair;
	EVP_PKEY_CTX *signer, *verifier; /* only ever duplicated */
	char id[ID_LEN + 1];
};

static void free_context(EVP_PKEY_CTX **context)
{
	EVP_PKEY_CTX_free(*context);
}

static void free_number(BIGNUM **number)
{
	BN_free(*number);
}

static void free_pkcs8(PKCS8_PRIV_KEY_INFO **info)
{
	PKCS8_PRIV_KEY_INFO_free(*info);
}

/* For calls that fail only when memory is gone or OpenSSL is broken. */
static void must(int result, const char *what)
{
	if (result <= 0)
		fatal("OpenSSL: %s failed", what);
}

static EVP_PKEY_CTX *prepare(EVP_PKEY *pair, int (*start)(EVP_PKEY_CTX *))
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pair, NULL);
	must(context && start(context) > 0 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0 &&
			EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0,
		"preparing a signature");
	return context;
}

static str public_number(struct arena *arena, const struct signing_key *key, const char *name)
{
	CLEANUP(free_number) BIGNUM *number = NULL;
	must(EVP_PKEY_get_bn_param(key->pair, name, &number), "reading a public key");
	unsigned char *bytes = arena_alloc(arena, (size_t)BN_num_bytes(number));
	return (str){ (const char *)bytes, (size_t)BN_bn2bin(number, bytes) };
}

/* RFC 7638 section 3.1: the required members in the order of their names, without white space. */
static void set_id(struct signing_key *key)
{
	struct arena *arena = arena_new();
	const str members[] = {
		STR("{\"e\":\""),
		base64url_encode(arena, signing_key_exponent(arena, key)),
		STR("\",\"kty\":\"RSA\",\"n\":\""),
		base64url_encode(arena, signing_key_modulus(arena, key)),
		STR("\"}"),
	};
	struct digest thumbprint = digest_sha256_parts(members, ARRAY_LEN(members));
	str id = base64url_encode(arena, digest_str(&thumbprint));
	assert(id.len == ID_LEN);
	memcpy(key->id, id.data, ID_LEN);
	arena_free(&arena);
}

/* Owns `pair` from now on. */
static struct signing_key *key_of(EVP_PKEY *pair)
{
	struct signing_key *key = calloc(1, sizeof *key);
	if (!key)
		fatal("out of memory");
	key->pair = pair;
	key->signer = prepare(pair, EVP_PKEY_sign_init);
	key->verifier = prepare(pair, EVP_PKEY_verify_init);
	set_id(key);
	return key;
}

struct signing_key *signing_key_generate(void)
{
	library_start();
	EVP_PKEY *pair = EVP_RSA_gen(SIGNING_KEY_BITS);
	must(pair != NULL, "generating an RSA key");
	return key_of(pair);
}

static EVP_PKEY *pair_of(str pkcs8)
{
	const unsigned char *at = (const unsigned char *)pkcs8.data, *end = at + pkcs8.len;
	CLEANUP(free_pkcs8) PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)pkcs8.len);
	return info && at == end ? EVP_PKCS82PKEY(info) : NULL;
}

struct signing_key *signing_key_from_der(str pkcs8)
{
	library_start();
	EVP_PKEY *pair = pkcs8.len ? pair_of(pkcs8) : NULL;
	if (pair && EVP_PKEY_is_a(pair, "RSA") && EVP_PKEY_get_bits(pair) == SIGNING_KEY_BITS)
		return key_of(pair);
	EVP_PKEY_free(pair);
	ERR_clear_error();
	return NULL;
}

str signing_key_to_der(struct arena *arena, const struct signing_key *key)
{
	CLEANUP(free_pkcs8) PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pair);
	int len = i2d_PKCS8_PRIV_KEY_INFO(info, NULL);
	must(len, "writing a private key");
	unsigned char *der = arena_alloc(arena, (size_t)len), *at = der;
	must(i2d_PKCS8_PRIV_KEY_INFO(info, &at), "writing a private key");
	return (str){ (const char *)der, (size_t)len };
}

void signing_key_free(struct signing_key **handle)
{
	struct signing_key *key = *handle;
	if (!key)
		return;
	EVP_PKEY_CTX_free(key->signer);
	EVP_PKEY_CTX_free(key->verifier);
	EVP_PKEY_free(key->pair);
	free(key);
	*handle = NULL;
}

str signing_key_id(const struct signing_key *key)
{
	return (str){ key->id, ID_LEN };
}

str signing_key_modulus(struct arena *arena, const struct signing_key *key)
{
	return public_number(arena, key, OSSL_PKEY_PARAM_RSA_N);
}

str signing_key_exponent(struct arena *arena, const struct signing_key *key)
{
	return public_number(arena, key, OSSL_PKEY_PARAM_RSA_E);
}

static EVP_PKEY_CTX *duplicate(const EVP_PKEY_CTX *prepared)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_dup(prepared);
	must(context != NULL, "duplicating a context");
	return context;
}

const struct histogram *signing_key_times(void)
{
	return &times;
}

str signing_key_sign(struct arena *arena, const struct signing_key *key, str data)
{
	int64_t began_at = clock_monotonic_us();
	CLEANUP(free_context) EVP_PKEY_CTX *context = duplicate(key->signer);
	struct digest digest = digest_sha256(data);
	size_t len = SIGNATURE_LEN;
	unsigned char *signature = arena_alloc(arena, len);
	must(EVP_PKEY_sign(context, signature, &len, digest.bytes, DIGEST_LEN), "signing");
	histogram_add(&times, clock_monotonic_us() - began_at);
	return (str){ (const char *)signature, len };
}

bool signing_key_verify(const struct signing_key *key, str data, str signature)
{
	CLEANUP(free_context) EVP_PKEY_CTX *context = duplicate(key->verifier);
	struct digest digest = digest_sha256(data);
	if (signature.len == SIGNATURE_LEN &&
		EVP_PKEY_verify(context, (const unsigned char *)signature.data, signature.len, digest.bytes,
		    DIGEST_LEN) == 1)
		return true;
	ERR_clear_error(); /* a wrong signature is no error of this thread */
	return false;
}
