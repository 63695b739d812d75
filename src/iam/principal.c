/* SPDX-License-Identifier: Apache-2.0 */
/* Principals: finding the key of a signature, and permission. */
#include "iam/principal.h"

#include "base/settings.h"
#include "iam/access_key.h"
#include "iam/signature.h"
#include "iam/signature_form.h"

/* Signed with in the place of a key that there is not. */
#define NO_SECRET STR("0000000000000000000000000000000000000000")

static bool is_root_key(const struct settings *settings, str access_key_id)
{
	return str_is_set(settings->root_access_key_id) && str_is_set(settings->root_secret_access_key) &&
	       str_equal(access_key_id, settings->root_access_key_id);
}

static RESULT find_key(struct request *request, str access_key_id, struct access_key *key, bool *found)
{
	const struct settings *settings = request->settings;
	*found = is_root_key(settings, access_key_id);
	if (!*found)
		return access_key_find(request, access_key_id, key, found);
	*key = (struct access_key){
		.id = settings->root_access_key_id,
		.secret = settings->root_secret_access_key,
		.is_root = true,
	};
	return OK;
}

static RESULT refuse_client(struct request *request)
{
	return FAIL(request, UNRECOGNIZED_CLIENT, "The security token included in the request is invalid.");
}

/* The answer tells an unknown key from a wrong secret, as that of AWS does; the time it takes tells nothing.
 */
static RESULT verify(struct request *request, const struct message_request *message,
	const struct signature *signature, struct access_key *key)
{
	bool found;
	TRY(find_key(request, signature->access_key_id, key, &found));
	bool fits = signature_fits(request->arena, message, signature, found ? key->secret : NO_SECRET);
	if (!found)
		return refuse_client(request);
	if (!fits) {
		DETAIL(request, "access key %.*s", STR_ARG(key->id));
		return FAIL(request, INVALID_SIGNATURE,
			"The request signature we calculated does not match the signature you provided. "
			"Check "
			"your AWS Secret Access Key and signing method. Consult the service documentation "
			"for "
			"details.");
	}
	/* Tokens belong to temporary keys, and those here are permanent. */
	return signature->has_security_token ? refuse_client(request) : OK;
}

static str arn_of(struct request *request, const struct access_key *key)
{
	str account_id = request->settings->account_id;
	if (key->is_root)
		return arena_printf(request->arena, "arn:aws:iam::%.*s:root", STR_ARG(account_id));
	return arena_printf(
		request->arena, "arn:aws:iam::%.*s:user/%.*s", STR_ARG(account_id), STR_ARG(key->id));
}

result principal_authenticate(struct request *request, const struct message_request *message,
	const char *const *services, struct principal *out)
{
	struct signature signature;
	struct access_key key = { .id = STR_NONE };
	*out = (struct principal){ .is_root = false };
	TRY(signature_form_read(request, message, &signature));
	TRY(signature_check(request, message, &signature, services));
	result outcome = verify(request, message, &signature, &key);
	out->access_key_id = key.id;
	TRY(outcome);
	*out = (struct principal){
		.access_key_id = key.id,
		.account_id = request->settings->account_id,
		.arn = arn_of(request, &key),
		.is_root = key.is_root,
	};
	return OK;
}

result principal_authorize(
	struct request *request, const struct principal *principal, str action, str resource)
{
	if (principal->is_root)
		return OK;
	return FAIL(request, ACCESS_DENIED, "User: %.*s is not authorized to perform: %.*s on resource: %.*s",
		STR_ARG(principal->arn), STR_ARG(action), STR_ARG(resource));
}
