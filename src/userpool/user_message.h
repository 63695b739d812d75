/* SPDX-License-Identifier: Apache-2.0 */
/* What a pool writes to its users: a code, a link or a temporary password, by the pool's own templates or the
   default ones, to the address that an attribute holds. */
#pragma once

#include "base/request.h"
#include "delivery/template.h"
#include "spec/cognito_idp.h"
#include "userpool/attempt.h"

struct user;
struct user_pool;

/* Where a message goes. */
struct user_address {
	enum delivery_medium_type medium;
	str attribute; /* "email" or "phone_number"; absent: nowhere */
	str value;
};

/* Where the code of a sign-up goes: to the phone number or the e-mail address, whichever the pool verifies
   and the user has; the phone number first. */
struct user_address user_message_verification_address(const struct user_pool *pool, const struct user *user);

/* The address that a user has for a medium. */
struct user_address user_message_address(const struct user *user, enum delivery_medium_type medium);

/* A value of "email" or "phone_number" as an address; nowhere when it is empty or another attribute's. */
struct user_address user_message_address_of(str attribute, str value);

/* What limits messages to an address that strangers can cause, by signing up or by changing an attribute:
   accounts are free, so limits of each account do not protect who owns the address. To be counted in the
   transaction that sends. */
struct attempt_subject user_message_limit(
	struct request *request, const struct user_pool *pool, const struct user_address *address);

/* Inside a transaction: counts a message to the address. False once there were as many as may be; then none
   is to be sent, and the caller, who may not know whose address it is, not told. */
RESULT user_message_may_send(struct request *request, const struct user_pool *pool,
	const struct user_address *address, bool *may_send);

/* Inside a transaction: composes the message and leaves it to the outbox. `secret` is the code, the
   password or the URL of the link, `name` what the user is called by. Raises CodeDeliveryFailure. */
RESULT user_message_send(struct request *request, const struct user_pool *pool,
	const struct user_address *address, enum template_kind kind, str secret, str name);

/* The same work for a message that nobody gets; see outbox_pretend(). */
RESULT user_message_pretend(struct request *request, const struct user_pool *pool,
	const struct user_address *address, enum template_kind kind, str secret, str name);

/* CodeDeliveryDetails, the address masked. */
struct code_delivery_details_type *user_message_details(
	struct request *request, const struct user_address *address);
