/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of users: what the pool asks of them, and what is kept of them: an argon2id hash for flows that
   carry the password, and a sealed SRP verifier for the flow that does not. The clear text is nowhere kept or
   logged. */
#pragma once

#include "base/request.h"

struct user_pool;

struct password {
	str phc; /* absent: the user has no password */
	str srp_salt; /* hexadecimal */
	str sealed_srp_verifier;
	int64_t set_at;
};

/* Raises InvalidPassword with the first rule of the pool's policy that is broken. */
RESULT password_check_policy(struct request *request, const struct user_pool *pool, str password);

/* Hashes a password for that user: 10 ms and more, never inside a transaction. */
RESULT password_make(struct request *request, const struct user_pool *pool, str user_id, str username,
	str password, struct password *out);

/* Whether it is the password; takes the same time where there is none. */
RESULT password_matches(struct request *request, const struct password *kept, str password, bool *matches);

/* The verifier for SRP_B and the proof. False when there is none: the user has no password. Raises Internal.
 */
RESULT password_srp_verifier(
	struct request *request, str user_id, const struct password *kept, str *verifier, bool *found);

/* A random password that satisfies the pool's policy and that a person can type. */
str password_random(struct request *request, const struct user_pool *pool);
