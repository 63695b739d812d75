/* SPDX-License-Identifier: Apache-2.0 */
/* The server's side of SRP-6a (RFC 5054, RFC 2945) as Cognito's clients speak it: 3072-bit group of RFC 3526,
   g = 2, SHA-256, and the session key out of HKDF with "Caldera Derived Key".

   `group` and `identity` are the two names that go into the hashes: the pool's short name (behind the underscore of
   its id) and the user name for a user, the device group key and the device key for a device. Numbers on the wire
   are hex texts, lower case, without leading zeros. */
#pragma once

#include "base/arena.h"

enum { SRP_KEY_LEN = 16, SRP_SIGNATURE_LEN = 32, SRP_SEED_LEN = 32, SRP_VERIFIER_LEN = 384 };

struct srp_verifier {
	str salt_hex; /* 16 bytes; the first digit is not zero, because clients disagree on leading zeros */
	str verifier; /* SRP_VERIFIER_LEN bytes, big-endian; as good as a fast password hash, so keep it sealed */
};

/* A verifier under a fresh salt. One exponentiation. */
struct srp_verifier srp_verifier_make(struct arena *arena, str group, str identity, str password);

/* The verifier that a salt (hex) gives; absent when the salt is not hex of 1 to 64 bytes. */
str srp_verifier_with_salt(struct arena *arena, str salt_hex, str group, str identity, str password);

/* What an unknown user seems to have: always the same for one seed (SRP_SEED_LEN bytes of a keyed hash over pool
   and user name), and to an onlooker like any other. */
struct srp_verifier srp_verifier_fake(struct arena *arena, str seed);

struct srp_server {
	str private_b; /* 32 bytes; kept sealed until the client's answer */
	str public_b_hex; /* SRP_B */
};

/* Starts a sign-in. `verifier` is big-endian, of any length: devices put a zero byte in front of theirs. */
void srp_server_start(struct arena *arena, str verifier, struct srp_server *out);

/* SRP_B for a given private number. */
str srp_server_public(struct arena *arena, str verifier, str private_b);

/* Whether SRP_A is hex, of sane length and not a multiple of N (RFC 5054 section 2.5.4). */
bool srp_client_public_is_valid(str srp_a_hex);

/* The key that both sides share if the password was right: SRP_KEY_LEN bytes. False when A or B is not valid or
   the scrambler u is zero. Wipe with the arena. */
bool srp_session_key(struct arena *arena, str srp_a_hex, str public_b_hex, str private_b, str verifier,
	str *key16);

/* What PASSWORD_CLAIM_SIGNATURE must be, before base64: SRP_SIGNATURE_LEN bytes. `secret_block` is raw, already
   decoded from base64. Compare with secret_equal(). */
str srp_claim_signature(struct arena *arena, str key, str group, str identity, str secret_block, str timestamp);
