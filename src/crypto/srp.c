/* SPDX-License-Identifier: Apache-2.0 */
/* SRP-6a on OpenSSL's big numbers. Every exponentiation is the constant-time one, also where only the base is
   secret; numbers are cleared when they go. */
#include "crypto/srp.h"

#include <assert.h>
#include <openssl/bn.h>
#include <pthread.h>
#include <sodium.h>

#include "base/encode.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "crypto/library.h"
#include "crypto/secret.h"

enum {
	SALT_LEN = 16,
	PRIVATE_LEN = 32,
	SALT_DIGITS_MAX = 128,
	PUBLIC_DIGITS_MAX = 2 * SRP_VERIFIER_LEN + 2, /* some clients put a zero byte in front */
};

static struct {
	pthread_once_t once;
	BIGNUM *prime, *generator, *multiplier; /* N, g, k */
	BN_MONT_CTX *montgomery;
} srp_group = { .once = PTHREAD_ONCE_INIT };

static void free_number(BIGNUM **number)
{
	BN_clear_free(*number);
}

static void free_context(BN_CTX **context)
{
	BN_CTX_free(*context);
}

/* OpenSSL fails here for want of memory alone, and that ends the process as anywhere else. */
static void must(int succeeded)
{
	if (!succeeded)
		fatal("out of memory for big numbers");
}

static BIGNUM *number_new(void)
{
	BIGNUM *number = BN_new();
	must(number != NULL);
	return number;
}

static BIGNUM *number_of(str bytes)
{
	BIGNUM *number = BN_bin2bn((const unsigned char *)bytes.data, (int)bytes.len, NULL);
	must(number != NULL);
	return number;
}

static BN_CTX *context_new(void)
{
	BN_CTX *context = BN_CTX_new();
	must(context != NULL);
	return context;
}

/* Minimal big-endian bytes, with a zero byte in front when the top bit is set: how Java's BigInteger, the clients'
   model, writes a positive number. */
static str pad(struct arena *arena, const BIGNUM *number)
{
	size_t len = (size_t)BN_num_bits(number) / 8 + 1;
	unsigned char *bytes = arena_alloc(arena, len);
	must(BN_bn2binpad(number, bytes, (int)len) >= 0);
	return (str){ (const char *)bytes, len };
}

static BIGNUM *hash_of_two(struct arena *arena, const BIGNUM *a, const BIGNUM *b)
{
	const str parts[] = { pad(arena, a), pad(arena, b) };
	struct digest digest = digest_sha256_parts(parts, ARRAY_LEN(parts));
	return number_of(digest_str(&digest));
}

static void start_group(void)
{
	library_start();
	struct arena *arena = arena_new();
	CLEANUP(free_context) BN_CTX *context = context_new();
	srp_group.prime = BN_get_rfc3526_prime_3072(NULL);
	srp_group.generator = number_new();
	srp_group.montgomery = BN_MONT_CTX_new();
	must(srp_group.prime && srp_group.montgomery && BN_set_word(srp_group.generator, 2) &&
		BN_MONT_CTX_set(srp_group.montgomery, srp_group.prime, context));
	srp_group.multiplier = hash_of_two(arena, srp_group.prime, srp_group.generator);
	arena_free(&arena);
}

static void need_group(void)
{
	pthread_once(&srp_group.once, start_group);
}

/* base^exponent mod N, in a time that tells neither; `base` is below N. */
static BIGNUM *power(const BIGNUM *base, BIGNUM *exponent, BN_CTX *context)
{
	BIGNUM *out = number_new();
	BN_set_flags(exponent, BN_FLG_CONSTTIME);
	must(BN_mod_exp_mont_consttime(out, base, exponent, srp_group.prime, context, srp_group.montgomery));
	return out;
}

/* Reads what stands on the wire: hex digits of any number, odd too. NULL when it is anything else. */
static BIGNUM *number_of_hex(struct arena *arena, str hex, size_t digits_max)
{
	str bytes;
	if (hex.len < 1 || hex.len > digits_max)
		return NULL;
	str even = hex.len % 2 ? arena_printf(arena, "0%.*s", STR_ARG(hex)) : hex;
	return hex_decode(arena, even, &bytes) ? number_of(bytes) : NULL;
}

static str hex_of_number(struct arena *arena, const BIGNUM *number)
{
	str hex = hex_encode(arena, pad(arena, number));
	while (hex.len > 1 && hex.data[0] == '0')
		hex = str_from(hex, 1);
	return hex;
}

/* x = H(pad(salt) | H(group identity ":" password)) */
static BIGNUM *password_exponent(struct arena *arena, const BIGNUM *salt, str group, str identity, str password)
{
	const str inner[] = { group, identity, STR(":"), password };
	struct digest secret = digest_sha256_parts(inner, ARRAY_LEN(inner));
	const str outer[] = { pad(arena, salt), digest_str(&secret) };
	struct digest digest = digest_sha256_parts(outer, ARRAY_LEN(outer));
	BIGNUM *x = number_of(digest_str(&digest));
	secret_wipe(&secret, sizeof secret);
	secret_wipe(&digest, sizeof digest);
	return x;
}

str srp_verifier_with_salt(struct arena *arena, str salt_hex, str group, str identity, str password)
{
	need_group();
	CLEANUP(free_number) BIGNUM *salt = number_of_hex(arena, salt_hex, SALT_DIGITS_MAX);
	if (!salt)
		return STR_NONE;
	CLEANUP(free_context) BN_CTX *context = context_new();
	CLEANUP(free_number) BIGNUM *x = password_exponent(arena, salt, group, identity, password);
	CLEANUP(free_number) BIGNUM *v = power(srp_group.generator, x, context);
	unsigned char *bytes = arena_alloc(arena, SRP_VERIFIER_LEN);
	must(BN_bn2binpad(v, bytes, SRP_VERIFIER_LEN) >= 0);
	return (str){ (const char *)bytes, SRP_VERIFIER_LEN };
}

static str salt_text(struct arena *arena, unsigned char salt[SALT_LEN])
{
	if (salt[0] < 0x10)
		salt[0] |= 0x10;
	return hex_encode(arena, (str){ (const char *)salt, SALT_LEN });
}

struct srp_verifier srp_verifier_make(struct arena *arena, str group, str identity, str password)
{
	unsigned char salt[SALT_LEN];
	entropy_fill(salt, sizeof salt);
	str salt_hex = salt_text(arena, salt);
	return (struct srp_verifier){
		.salt_hex = salt_hex,
		.verifier = srp_verifier_with_salt(arena, salt_hex, group, identity, password),
	};
}

/* No exponentiation: a real user's verifier is only read, and an unknown one must not take longer. B hides what
   kind of number the verifier is. */
struct srp_verifier srp_verifier_fake(struct arena *arena, str seed)
{
	static_assert(SRP_SEED_LEN == randombytes_SEEDBYTES, "the seed of a fake verifier");
	assert(seed.len == SRP_SEED_LEN);
	unsigned char *bytes = arena_alloc(arena, SALT_LEN + SRP_VERIFIER_LEN);
	randombytes_buf_deterministic(bytes, SALT_LEN + SRP_VERIFIER_LEN, (const unsigned char *)seed.data);
	return (struct srp_verifier){
		.salt_hex = salt_text(arena, bytes),
		.verifier = { (const char *)bytes + SALT_LEN, SRP_VERIFIER_LEN },
	};
}

/* The verifier below N; what was made here is, what a device sent need not be. */
static BIGNUM *verifier_number(str verifier, BN_CTX *context)
{
	BIGNUM *v = number_of(verifier);
	must(BN_nnmod(v, v, srp_group.prime, context));
	return v;
}

/* B = (k v + g^b) mod N */
str srp_server_public(struct arena *arena, str verifier, str private_b)
{
	need_group();
	CLEANUP(free_context) BN_CTX *context = context_new();
	CLEANUP(free_number) BIGNUM *v = verifier_number(verifier, context);
	CLEANUP(free_number) BIGNUM *b = number_of(private_b);
	CLEANUP(free_number) BIGNUM *public_b = power(srp_group.generator, b, context);
	must(BN_mod_mul(v, v, srp_group.multiplier, srp_group.prime, context) &&
		BN_mod_add(public_b, public_b, v, srp_group.prime, context));
	return hex_of_number(arena, public_b);
}

void srp_server_start(struct arena *arena, str verifier, struct srp_server *out)
{
	char *private_b = arena_alloc(arena, PRIVATE_LEN);
	entropy_fill(private_b, PRIVATE_LEN);
	out->private_b = (str){ private_b, PRIVATE_LEN };
	out->public_b_hex = srp_server_public(arena, verifier, out->private_b);
}

/* The number when it is no multiple of N, else NULL: with A = 0 mod N the session key would not depend on the
   password. */
static BIGNUM *public_number(struct arena *arena, str hex)
{
	CLEANUP(free_number) BIGNUM *number = number_of_hex(arena, hex, PUBLIC_DIGITS_MAX);
	if (!number)
		return NULL;
	CLEANUP(free_context) BN_CTX *context = context_new();
	CLEANUP(free_number) BIGNUM *rest = number_new();
	must(BN_nnmod(rest, number, srp_group.prime, context));
	if (BN_is_zero(rest))
		return NULL;
	BIGNUM *valid = number;
	number = NULL;
	return valid;
}

bool srp_client_public_is_valid(str srp_a_hex)
{
	need_group();
	struct arena *arena = arena_new();
	CLEANUP(free_number) BIGNUM *a = public_number(arena, srp_a_hex);
	arena_free(&arena);
	return a != NULL;
}

/* S = (A v^u)^b mod N */
static BIGNUM *shared_secret(const BIGNUM *public_a, BIGNUM *u, str private_b, str verifier)
{
	CLEANUP(free_context) BN_CTX *context = context_new();
	CLEANUP(free_number) BIGNUM *v = verifier_number(verifier, context);
	CLEANUP(free_number) BIGNUM *b = number_of(private_b);
	CLEANUP(free_number) BIGNUM *base = power(v, u, context);
	must(BN_mod_mul(base, base, public_a, srp_group.prime, context));
	return power(base, b, context);
}

/* HKDF-SHA-256 (RFC 5869) with u as salt, cut to the first half of its first block. */
static str derive_key(struct arena *arena, const BIGNUM *secret, const BIGNUM *u)
{
	struct digest extracted = digest_hmac_sha256(pad(arena, u), pad(arena, secret));
	struct digest expanded = digest_hmac_sha256(digest_str(&extracted), STR("Caldera Derived Key\x01"));
	str key = arena_copy(arena, str_slice(digest_str(&expanded), 0, SRP_KEY_LEN));
	secret_wipe(&extracted, sizeof extracted);
	secret_wipe(&expanded, sizeof expanded);
	return key;
}

bool srp_session_key(struct arena *arena, str srp_a_hex, str public_b_hex, str private_b, str verifier,
	str *key16)
{
	need_group();
	CLEANUP(free_number) BIGNUM *public_a = public_number(arena, srp_a_hex);
	CLEANUP(free_number) BIGNUM *public_b = public_number(arena, public_b_hex);
	if (!public_a || !public_b)
		return false;
	CLEANUP(free_number) BIGNUM *u = hash_of_two(arena, public_a, public_b);
	if (BN_is_zero(u))
		return false;
	CLEANUP(free_number) BIGNUM *secret = shared_secret(public_a, u, private_b, verifier);
	*key16 = derive_key(arena, secret, u);
	return true;
}

str srp_claim_signature(struct arena *arena, str key, str group, str identity, str secret_block, str timestamp)
{
	const str parts[] = { group, identity, secret_block, timestamp };
	struct digest digest = digest_hmac_sha256_parts(key, parts, ARRAY_LEN(parts));
	return arena_copy(arena, digest_str(&digest));
}
