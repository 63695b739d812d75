/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of user attributes as requests bring them: whether their names and values are what the pool's schema
   and the client allow. Formats: OpenID Connect Core 5.1, E.164, ISO 8601. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct client;
struct user_pool;

/* The value of an attribute, absent when it is not in the list. */
str attribute_value(const struct attribute_type_list *list, str name);

/* A copy of the list with the attribute set to that value; the lists share their texts. */
struct attribute_type_list attribute_with(
	struct arena *arena, const struct attribute_type_list *list, str name, str value);

/* A copy of `list` in the order of names in which `changes` took place; an absent or empty value removes. */
struct attribute_type_list attribute_merge(struct arena *arena, const struct attribute_type_list *list,
	const struct attribute_type_list *changes);

/* The changes to a list, with every address that they set to another value marked as not verified, unless
   they say something of that themselves; an address that goes takes its mark along. */
struct attribute_type_list attribute_unverify(struct arena *arena, const struct attribute_type_list *list,
	const struct attribute_type_list *changes);

/* A copy in which booleans are "true" and "false": requests may have them in any case, "True" above all, as the
   API reference writes it. */
struct attribute_type_list attribute_with_usual_booleans(
	struct arena *arena, const struct user_pool *pool, const struct attribute_type_list *list);

/* Plain e-mail address; "+" and 2 to 15 digits. */
bool attribute_is_email(str value);
bool attribute_is_phone_number(str value);

/* Names are in the schema and given once, values of their type and within their bounds. Raises
 * InvalidParameter. */
RESULT attribute_check_values(
	struct request *request, const struct user_pool *pool, const struct attribute_type_list *list);

/* Every attribute that the pool requires is there. Raises InvalidParameter
   "Attributes did not conform to the schema: email: The attribute is required". */
RESULT attribute_check_required(
	struct request *request, const struct user_pool *pool, const struct attribute_type_list *list);

/* What the service alone sets, or an administrator: sub, identities and what is verified. */
bool attribute_is_kept_from_users(str name);

/* Users may set them through that client; what is kept from users is not. Raises NotAuthorized. */
RESULT attribute_check_writable(
	struct request *request, const struct client *client, const struct attribute_type_list *list);
