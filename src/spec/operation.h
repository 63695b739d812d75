/* SPDX-License-Identifier: Apache-2.0 */
/* The operation table, generated from src/spec/<service>/<Operation>.json: all that the protocols need to decode,
   authorize, run and render an operation. */
#pragma once

#include "base/category.h"
#include "base/request.h"
#include "spec/type.h"

enum spec_caller {
	SPEC_PUBLIC, /* no credentials; a signature is ignored */
	SPEC_ACCESS_TOKEN, /* member AccessToken names the user; the handler sees to it where that is not required */
	SPEC_SIGV4, /* a signature, and permission for `action` on `resource` */
};

/* What the audit trail says of it. */
enum spec_trail {
	SPEC_TRAIL_CHANGE, /* everything */
	SPEC_TRAIL_READ, /* that it was not allowed */
	SPEC_TRAIL_DISCLOSURE, /* everything, though it changes nothing: it shows secrets, or who did what */
};

struct spec_operation {
	str name; /* "CreateUserPool" */
	const char *summary;
	enum spec_caller caller;
	enum spec_trail trail;
	enum category category; /* whose quota it counts towards */
	str action; /* "cognito-idp:CreateUserPool"; SPEC_SIGV4 only */
	str resource; /* ARN with {region}, {account} and {Member} to fill in, or "*" */
	str rest_method, rest_path; /* below /admin/v1; {Member} stands for a path segment */
	const struct spec_type *input; /* a structure */
	const struct spec_type *output; /* a structure; without members for an empty answer */
	const enum error_code *errors; /* those the API model lists */
	size_t error_count;

	/* The handler: `input` is decoded and valid, `output` zeroed; both have the table's C types. */
	RESULT (*run)(struct request *request, const void *input, void *output);
};

struct spec_service {
	const char *name; /* "cognito-idp" */
	const char *const *signing_names; /* services that its signatures may name, its own first; ends with NULL */
	str target_prefix; /* in X-Amz-Target, "AWSCognitoIdentityProviderService" */
	const struct spec_operation *operations; /* sorted by name */
	size_t operation_count;
};

/* Every service of this server; ends with NULL. */
extern const struct spec_service *const spec_services[];

/* NULL when the service has no such operation. */
const struct spec_operation *spec_operation_by_name(const struct spec_service *service, str name);

/* Whether the operation's spec lists that error, or any operation may raise it. */
bool spec_operation_lists_error(const struct spec_operation *operation, enum error_code code);
