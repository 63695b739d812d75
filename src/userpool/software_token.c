/* SPDX-License-Identifier: Apache-2.0 */
/* Software tokens. Which secret a code is for is never mixed up: a waiting one proves nothing at a sign-in,
   and the token that is in use cannot be tried out by verifying. */
#include "userpool/software_token.h"

#include "crypto/seal.h"
#include "store/statements.h"
#include "userpool/user.h"

#define WAITING  "waiting"
#define VERIFIED "verified"

static str seal_identity(struct request *request, const struct user *user)
{
	return arena_printf(request->arena, "software_token:%.*s:secret", STR_ARG(user->id));
}

result software_token_offer(struct request *request, const struct user *user, str *text)
{
	str secret = totp_secret_new(request->arena);
	TRY(user_check_there(request, user));
	*text = totp_secret_text(request->arena, secret);
	return store_software_token_set_waiting(request,
		&(struct store_software_token_set_waiting_in){
			.user_id = user->id,
			.sealed_secret = seal_close(
				request->sealer, request->arena, secret, seal_identity(request, user)),
		},
		NULL);
}

struct token {
	str secret, device_name;
	int64_t last_step;
};

static RESULT read(struct request *request, const struct user *user, str state, struct token *token)
{
	const struct store_software_token_get_in in = { .user_id = user->id, .state = state };
	struct store_software_token_get_row row;
	bool found;
	TRY(store_software_token_get(request, &in, &row, &found));
	if (!found)
		return FAIL(request, SOFTWARE_TOKEN_MFA_NOT_FOUND,
			"Software Token MFA does not exist for the user.");
	*token = (struct token){ .device_name = row.device_name, .last_step = row.last_step };
	if (!seal_open(request->sealer, request->arena, row.sealed_secret, seal_identity(request, user),
		    &token->secret)) {
		DETAIL(request, "the software token of user %.*s cannot be opened", STR_ARG(user->id));
		return FAIL(request, INTERNAL, "The user's software token cannot be read.");
	}
	return OK;
}

static RESULT delete(struct request *request, const struct user *user, str state)
{
	return store_software_token_delete(request,
		&(struct store_software_token_delete_in){ .user_id = user->id, .state = state }, NULL);
}

static RESULT replace(struct request *request, struct user *user, str device_name, int64_t step)
{
	const struct store_software_token_verify_in verified = {
		.user_id = user->id,
		.device_name = device_name,
		.last_step = step,
	};
	TRY(delete(request, user, STR(VERIFIED)));
	TRY(store_software_token_verify(request, &verified, NULL));
	return user_set_has_software_token(request, user, true);
}

result software_token_verify(
	struct request *request, struct user *user, str code, str device_name, bool *is_right)
{
	struct token token;
	int64_t step;
	TRY(read(request, user, STR(WAITING), &token));
	*is_right = totp_check(request->arena, token.secret, request->now, token.last_step, code, &step) ==
		    TOTP_RIGHT;
	return *is_right ? replace(request, user, device_name, step) : OK;
}

result software_token_check(
	struct request *request, const struct user *user, str code, enum totp_verdict *verdict)
{
	struct store_software_token_use_in in = { .user_id = user->id };
	struct token token;
	TRY(read(request, user, STR(VERIFIED), &token));
	*verdict =
		totp_check(request->arena, token.secret, request->now, token.last_step, code, &in.last_step);
	return *verdict == TOTP_RIGHT ? store_software_token_use(request, &in, NULL) : OK;
}

result software_token_device_name(struct request *request, const struct user *user, str *device_name)
{
	struct token token;
	TRY(read(request, user, STR(VERIFIED), &token));
	*device_name = token.device_name;
	return OK;
}

result software_token_remove(struct request *request, struct user *user)
{
	TRY(delete(request, user, STR(WAITING)));
	TRY(delete(request, user, STR(VERIFIED)));
	return user_set_has_software_token(request, user, false);
}
