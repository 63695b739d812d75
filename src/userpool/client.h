/* SPDX-License-Identifier: Apache-2.0 */
/* An app client of a user pool.
   API: CreateUserPoolClient, DescribeUserPoolClient, UpdateUserPoolClient, DeleteUserPoolClient,
   ListUserPoolClients. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct user_pool;

struct client {
	str id; /* 26 lower-case letters and digits */
	str pool_id;
	int64_t version;
	struct user_pool_client_type settings; /* without secret; defaults filled in as Describe returns them */
	const str *secrets; /* every live one, opened */
	size_t secret_count;

	/* Milliseconds, from the settings and their units. */
	int64_t access_token_validity, id_token_validity, refresh_token_validity, session_validity;
	int64_t rotation_grace; /* with rotation */
	bool has_rotation; /* RefreshTokenRotation is ENABLED */
	bool has_revocation; /* EnableTokenRevocation */
	bool hides_users; /* PreventUserExistenceErrors is ENABLED */
};

/* By id alone, as public operations name it. Raises ResourceNotFound "User pool client <id> does not exist." */
RESULT client_find(struct request *request, str id, const struct client **client);

/* The client when it belongs to that pool; else as if it did not exist. */
RESULT client_find_in_pool(struct request *request, str pool_id, str id, const struct client **client);

/* For public operations: client_find and its pool. */
RESULT client_find_with_pool(struct request *request, str id, const struct client **client,
	const struct user_pool **pool);

/* Checks the settings against each other and the pool, fills in defaults, stores; `*created` as Describe would
   return it. Raises ResourceNotFound, InvalidParameter, InvalidOAuthFlow, ScopeDoesNotExist,
   FeatureUnavailableInTier, LimitExceeded. */
RESULT client_create(struct request *request, const struct create_user_pool_client_request *input,
	struct user_pool_client_type *created);

/* Replaces the settings; what `input` leaves out goes back to its default, but name and secret stay. Raises what
   client_create() raises, and ConcurrentModification. */
RESULT client_update(struct request *request, const struct update_user_pool_client_request *input,
	struct user_pool_client_type *updated);

/* Sign-ins through it end. Raises ResourceNotFound. */
RESULT client_delete(struct request *request, str pool_id, str id);

/* With the newest secret. */
RESULT client_describe(struct request *request, str pool_id, str id, struct user_pool_client_type *described);

/* A page in the order of ids; `*next_token` absent on the last one. Raises ResourceNotFound,
   InvalidParameter (token). */
RESULT client_list(struct request *request, str pool_id, int64_t limit, str token,
	struct user_pool_client_description_list *clients, str *next_token);

/* ExplicitAuthFlows, the old names (ADMIN_NO_SRP_AUTH, USER_PASSWORD_AUTH, CUSTOM_AUTH_FLOW_ONLY) counted as the new
   ones; without the setting refresh, SRP and custom are allowed. Refreshing by an auth flow is not, where refresh
   tokens rotate. */
bool client_allows_flow(const struct client *client, enum explicit_auth_flows_type flow);

/* Whether the client may read or write an attribute: ReadAttributes / WriteAttributes, all but developer-only ones when
   unset. sub is always read. */
bool client_may_read(const struct client *client, str attribute);
bool client_may_write(const struct client *client, str attribute);

/* SECRET_HASH: base64 HMAC-SHA256 of user name and client id under any live secret, compared in constant time.
   Raises NotAuthorized: missing, wrong, or sent to a client without a secret. */
RESULT client_check_secret_hash(struct request *request, const struct client *client, str username, str secret_hash);

/* The plain secret, where the API asks for that. Raises NotAuthorized. */
RESULT client_check_secret(struct request *request, const struct client *client, str secret);
