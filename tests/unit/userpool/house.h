/* SPDX-License-Identifier: Apache-2.0 */
/* What user pools stand on, without a server: a store with the product's schema in a folder of its own, a
   sealer, settings. */
#pragma once

#include "base/request.h"
#include "base/settings.h"
#include "spec/cognito_idp.h"
#include "unit/cases.h"
#include "userpool/user.h"

struct house {
	struct arena *arena;
	struct settings settings;
	struct sealer *sealer;
	struct store *store;
};

/* For cmocka: *state is the house. */
int house_set_up(void **state);
int house_tear_down(void **state);

/* A request in the house, to be freed by request_free(). */
struct request *house_request(const struct house *house);

/* A request in the house as it would come at another time. */
struct request *house_request_at(const struct house *house, int64_t now);

/* A structure of the API from its JSON, checked as a request is; fails the test when it does not fit. */
void house_decode(struct request *request, const struct spec_type *type, const char *json, void *structure);

/* Creates a pool or a client from the JSON of the request; for clients UserPoolId is added. */
RESULT house_create_pool(struct request *request, const char *json, struct user_pool_type *created);
RESULT house_create_client(
	struct request *request, str pool_id, const char *json, struct user_pool_client_type *created);

/* The same, sure to succeed; the ids live as long as the house. */
str house_pool(const struct house *house, const char *json);
str house_client(const struct house *house, str pool_id, const char *json);

/* Calls SetUserPoolMfaConfig with those members: "\"MfaConfiguration\":\"OFF\"". */
void house_set_mfa(const struct house *house, str pool_id, const char *members);

/* "email=jane@example.com,nickname=Jane" as the lists that requests bring; values have no commas. */
struct attribute_type_list house_attributes(struct request *request, const char *text);
struct str_map house_map(struct request *request, const char *text);

/* The password of users that the house makes, and one that they do not have. */
#define HOUSE_PASSWORD "Passw0rd!"
#define WRONG_PASSWORD "Passw0rd?"

/* A user who has confirmed and has HOUSE_PASSWORD; gives the sub, which lives as long as the house. */
str house_user(const struct house *house, str pool_id, const char *username, const char *attributes);

/* A group of the pool, and somebody in it; `members` follow the name: ",\"Precedence\":1". */
void house_group(const struct house *house, str pool_id, const char *name, const char *members);
void house_join(const struct house *house, str pool_id, const char *username, const char *group);

/* The user as it is now, with attributes; fails the test when there is none. */
struct user house_find_user(struct request *request, str pool_id, const char *name);

/* How many rows a query finds: "sign_in", "pool_user WHERE username = 'jane'". */
int house_count(const struct house *house, const char *rows);

/* Changes rows behind the back of the house, as another process would. */
void house_execute(const struct house *house, const char *sql);

/* The structure as JSON text. */
str house_render(struct request *request, const struct spec_type *type, const void *structure);

#define assert_ok(request, expression)                                                                       \
	do {                                                                                                 \
		if (!result_is_ok(expression))                                                               \
			fail_msg("%s: %.*s (%.*s)", #expression, STR_ARG((request)->message),                \
				STR_ARG((request)->detail));                                                 \
	} while (0)

/* The call fails with that code and text; the request may be used on. */
#define assert_refused(request, expression, code, text)                                                      \
	do {                                                                                                 \
		if (result_is_ok(expression))                                                                \
			fail_msg("%s: not refused, wanted \"%s\"", #expression, (text));                     \
		assert_str_equal((request)->message, str_of(text));                                          \
		assert_int_equal((request)->error, (code));                                                  \
		request_clear_failure(request);                                                              \
	} while (0)
