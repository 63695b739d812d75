/* SPDX-License-Identifier: Apache-2.0 */
/* A sign-in and what keeps it going: one row, to which every token that comes from it points, and its refresh
   tokens. What ends the row ends the tokens, as far as this service's own checks go. */
#pragma once

#include "base/request.h"

struct client;
struct user;
struct user_pool;

struct sign_in {
	str id; /* UUID; the claim event_id of its tokens */
	str user_id, client_id;
	int64_t authenticated_at; /* the claim auth_time; stays when tokens are refreshed */
	int64_t expires_at; /* of every refresh token */
	bool is_revoked;
	str client_address, user_agent; /* of a new one: where it comes from, as far as that is known; else absent */
};

/* A new one of that user through that client, from where the request came from, and its first refresh token; nothing is
   stored yet. */
void sign_in_prepare(struct request *request, const struct client *client, const struct user *user,
	struct sign_in *sign_in, str *refresh_token);

/* Inside a transaction: stores it. The time of authentication is made later than the user's last sign-out. */
RESULT sign_in_insert(
	struct request *request, struct sign_in *sign_in, const struct user *user, str refresh_token);

RESULT sign_in_by_id(struct request *request, str id, struct sign_in *sign_in, bool *found);

/* The claim origin_jti: another UUID, that follows from the id. */
str sign_in_origin(struct request *request, const struct sign_in *sign_in);

/* Whether the user signed out everywhere since. */
bool sign_in_is_signed_out(const struct sign_in *sign_in, const struct user *user);

/* The sign-in of a refresh token and its user, whom the client may still sign in. With rotation,
   `*new_refresh_token` replaces the old one, else it is absent. Raises NotAuthorized ("Invalid Refresh
   Token", "... has expired", "... has been revoked", "User is disabled."), RefreshTokenReuse: then the whole
   sign-in is revoked (RFC 9700, 4.14.2). */
RESULT sign_in_refresh(struct request *request, const struct client *client, str refresh_token,
	struct sign_in *sign_in, struct user *user, str *new_refresh_token);

/* Revokes the sign-in of a refresh token; an unknown or expired one is as good as revoked. Raises
   UnsupportedTokenType (another kind of token), Unauthorized (another client's). */
RESULT sign_in_revoke(struct request *request, const struct client *client, str refresh_token);
