/* SPDX-License-Identifier: Apache-2.0 */
/* Who signed a request, and what it may do. principal_authorize() is the one place where permission is
   checked. */
#pragma once

#include "base/request.h"

struct message_request;

struct principal {
	str access_key_id;
	str account_id;
	str arn; /* "arn:aws:iam::123456789012:root", or ":user/" and the id of a key that is no root key */
	bool is_root;
};

/* Finds the key that signed the message (the root key of the settings, else a stored one) and checks the
   signature; `services`, ended by NULL, are the names that its scope may carry. An unknown key takes the time
   of a known one. When it fails, `*out` has nothing but the id of
   a known key whose signature it is not. Raises MissingAuthenticationToken, IncompleteSignature, UnrecognizedClient,
   InvalidSignature, and what access_key_find() raises. */
RESULT principal_authenticate(struct request *request, const struct message_request *message,
	const char *const *services, struct principal *out);

/* Whether the principal may perform `action` ("cognito-idp:ListUsers") on `resource` (an ARN or "*"). Until
   there are policies, root keys may do everything and others nothing. Raises AccessDenied. */
RESULT principal_authorize(
	struct request *request, const struct principal *principal, str action, str resource);
