/* SPDX-License-Identifier: Apache-2.0 */
/* What users may be called by when they sign in: the user name, and attributes that count as names. A name
   belongs to one user of the pool, whatever kind it is. */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

struct user;
struct user_pool;

/* What kinds of text the pool takes for a new user's name. Gives the attribute ("email") that the name is a
   value of, absent where it is a plain name. Raises InvalidParameter. */
RESULT sign_in_name_check(struct request *request, const struct user_pool *pool, str name, str *attribute);

/* Whether a name has the form of an address that counts as a name in that pool. */
bool sign_in_name_is_address(const struct user_pool *pool, str name);

/* How names compare in that pool: without case where it says so. */
str sign_in_name_key(struct request *request, const struct user_pool *pool, str name);

/* Inside a transaction: whether nobody is called so, by any kind of name or by sub. */
RESULT sign_in_name_is_free(struct request *request, const struct user_pool *pool, str name, bool *is_free);

/* How a user asks for names. */
struct name_claim {
	str attribute; /* of a new user whose name is an address: "email" or "phone_number"; else absent */
	enum error_code taken; /* raised when somebody else has an address: USERNAME_EXISTS, for instance */
	bool takes_over; /* the address moves instead, and the other's is not verified any more */
};

/* Inside a transaction: brings the names of a user in step with user name, attributes and status; where the
   pool is being migrated, also those that the user will have, and what could not be kept then is refused.
   Raises claim->taken, "An account with the given email already exists.", InvalidParameter (migration),
   TooManyRequests (the pool's rules have changed since `pool` was found). */
RESULT sign_in_name_update(struct request *request, const struct user_pool *pool, const struct user *user,
	const struct name_claim *claim);

/* What keeps a user from the rules that a pool shall have. */
struct migration_conflict {
	enum user_pool_conflict_kind_type kind;
	str attribute; /* "username", or the attribute that is missing or whose value is the name */
	str other_user_id; /* who has the name, where somebody has */
};

enum { MIGRATION_CONFLICTS_MAX = 40 }; /* each standard attribute may be missing, each name be wrong */

struct migration_conflicts {
	struct migration_conflict items[MIGRATION_CONFLICTS_MAX];
	size_t count;
};

/* Inside a transaction: gives the user the names of `next`, which is `pool` with other rules and another name
   space, beside those that count now; what stands against that is added to the conflicts. Tells whether the
   names will be other ones. Raises only what the store raises. */
RESULT sign_in_name_build(struct request *request, const struct user_pool *pool, const struct user_pool *next,
	const struct user *user, struct migration_conflicts *conflicts, bool *has_changed);
