/* SPDX-License-Identifier: Apache-2.0 */
/* Argon2id by libsodium, behind a gate: more runs than processors would finish no sooner and only hold more
   memory. libsodium's own check of PHC strings is not used: up to 1.0.18 it tells a lack of memory as a wrong
   password. */
#include "crypto/password_hash.h"

#include <errno.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/settings.h"
#include "crypto/gate.h"
#include "crypto/library.h"
#include "crypto/secret.h"

#define BASE64		sodium_base64_VARIANT_ORIGINAL_NO_PADDING
#define BASE64_LEN(len) sodium_base64_ENCODED_LEN((len), BASE64)

enum { HASH_LEN = 32 };

static struct gate gate = GATE_INIT;
static struct histogram times;

void password_hash_set_parallelism(unsigned parallelism)
{
	gate_set_limit(&gate, parallelism);
}

/* What a PHC string says. */
struct parsed {
	int64_t memory_kib, passes;
	unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char hash[HASH_LEN];
};

/* Fills parsed->hash from all the rest. */
static RESULT derive(struct request *request, struct parsed *parsed, str password)
{
	library_start();
	gate_enter(&gate);
	int64_t began_at = clock_monotonic_us();
	int failed = crypto_pwhash(parsed->hash, HASH_LEN, password.data ? password.data : "", password.len,
		parsed->salt, (unsigned long long)parsed->passes, (size_t)parsed->memory_kib * 1024,
		crypto_pwhash_ALG_ARGON2ID13);
	int reason = errno;
	histogram_add(&times, clock_monotonic_us() - began_at);
	gate_leave(&gate);
	if (!failed)
		return OK;
	DETAIL(request, "argon2id with %lld KiB failed: %s", (long long)parsed->memory_kib, strerror(reason));
	return FAIL(request, SERVICE_UNAVAILABLE, "Service is temporarily unavailable");
}

static struct parsed fresh(const struct settings *settings)
{
	struct parsed parsed = { .memory_kib = settings->argon2_memory_kib, .passes = settings->argon2_passes };
	entropy_fill(parsed.salt, sizeof parsed.salt);
	return parsed;
}

static str format(struct arena *arena, const struct parsed *parsed)
{
	char salt[BASE64_LEN(crypto_pwhash_SALTBYTES)], hash[BASE64_LEN(HASH_LEN)];
	sodium_bin2base64(salt, sizeof salt, parsed->salt, sizeof parsed->salt, BASE64);
	sodium_bin2base64(hash, sizeof hash, parsed->hash, sizeof parsed->hash, BASE64);
	return arena_printf(arena, "$argon2id$v=19$m=%lld,t=%lld,p=1$%s$%s", (long long)parsed->memory_kib,
		(long long)parsed->passes, salt, hash);
}

static bool parse_number(str text, str name, int64_t *out)
{
	return str_has_prefix(text, name) && str_to_int64(str_from(text, name.len), out) && *out > 0 &&
		*out <= UINT32_MAX;
}

static bool parse_bytes(str text, unsigned char *out, size_t len)
{
	size_t got;
	return text.len &&
		sodium_base642bin(out, len, text.data, text.len, NULL, &got, NULL, BASE64) == 0 && got == len;
}

/* $argon2id$v=19$m=<KiB>,t=<passes>,p=1$<salt>$<hash> */
static bool parse(str phc, struct parsed *out)
{
	bool is_ours = str_is_empty(str_split(&phc, '$')) && str_equal(str_split(&phc, '$'), STR("argon2id")) &&
		str_equal(str_split(&phc, '$'), STR("v=19"));
	str cost = str_split(&phc, '$'), salt = str_split(&phc, '$');
	return is_ours && parse_number(str_split(&cost, ','), STR("m="), &out->memory_kib) &&
		parse_number(str_split(&cost, ','), STR("t="), &out->passes) && str_equal(cost, STR("p=1")) &&
		parse_bytes(salt, out->salt, sizeof out->salt) && parse_bytes(phc, out->hash, sizeof out->hash);
}

RESULT password_hash_make(struct request *request, str password, str *phc)
{
	struct parsed made = fresh(request->settings);
	TRY(derive(request, &made, password));
	*phc = format(request->arena, &made);
	return OK;
}

RESULT password_hash_check(struct request *request, str phc, str password, bool *matches)
{
	struct parsed stored;
	*matches = false;
	if (!parse(phc, &stored)) {
		DETAIL(request, "the stored password hash is no argon2id string of ours");
		return FAIL(request, INTERNAL, "Internal server error");
	}
	struct parsed tried = stored;
	TRY(derive(request, &tried, password));
	*matches = sodium_memcmp(tried.hash, stored.hash, HASH_LEN) == 0;
	secret_wipe(&tried, sizeof tried);
	return OK;
}

RESULT password_hash_waste(struct request *request, str password)
{
	struct parsed unused = fresh(request->settings);
	return derive(request, &unused, password);
}

const struct histogram *password_hash_times(void)
{
	return &times;
}

struct gate_load password_hash_load(void)
{
	return gate_load(&gate);
}
