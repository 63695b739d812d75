/* SPDX-License-Identifier: Apache-2.0 */
/* Codes. The hash covers user, purpose and address, so a code cannot be moved to another. */
#include "userpool/confirmation_code.h"

#include "audit/trail.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/secret.h"
#include "store/statements.h"
#include "userpool/user.h"

enum {
	DIGITS = 6,
	LINK_LEN = 43, /* of 62 letters and digits: 256 bits */
};

static const struct {
	const char *name;
	int64_t validity;
} purposes[CODE_PURPOSE_COUNT] = {
	[CODE_SIGN_UP] = { .name = "sign_up", .validity = DAY },
	[CODE_FORGOT_PASSWORD] = { .name = "forgot_password", .validity = HOUR },
	[CODE_VERIFY_EMAIL] = { .name = "verify_email", .validity = DAY },
	[CODE_VERIFY_PHONE_NUMBER] = { .name = "verify_phone_number", .validity = DAY },
};

static struct digest hash_of(
	struct request *request, const struct user *user, enum code_purpose purpose, str address, str code)
{
	str data = arena_printf(request->arena, "%.*s:%s:%.*s:%.*s", STR_ARG(user->id),
		purposes[purpose].name, STR_ARG(code), STR_ARG(address));
	return seal_hash(request->sealer, STR("confirmation_code"), data);
}

static RESULT keep(struct request *request, const struct user *user, enum code_purpose purpose,
	const struct user_address *address, str code)
{
	struct digest hash = hash_of(request, user, purpose, address->value, code);
	return store_confirmation_code_set(request,
		&(struct store_confirmation_code_set_in){
			.user_id = user->id,
			.purpose = str_of(purposes[purpose].name),
			.code_hash = digest_str(&hash),
			.attribute = address->attribute,
			.address = address->value,
			.expires_at = request->now + purposes[purpose].validity,
		},
		NULL);
}

result confirmation_code_make(struct request *request, const struct user *user, enum code_purpose purpose,
	const struct user_address *address, str *code)
{
	*code = random_digits(request->arena, DIGITS);
	return keep(request, user, purpose, address, *code);
}

result confirmation_code_make_for_link(struct request *request, const struct user *user,
	enum code_purpose purpose, const struct user_address *address, str *code)
{
	*code = random_token(request->arena, LINK_LEN);
	return keep(request, user, purpose, address, *code);
}

bool confirmation_code_is_for_link(str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.data[i];
		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'))
			return false;
	}
	return code.len == LINK_LEN;
}

static RESULT find(struct request *request, const struct user *user, enum code_purpose purpose,
	struct store_confirmation_code_get_row *row, bool *found)
{
	return store_confirmation_code_get(request,
		&(struct store_confirmation_code_get_in){
			.user_id = user->id, .purpose = str_of(purposes[purpose].name) },
		row, found);
}

/* Whether there was a code once, only who knows it is told. */
static enum code_verdict judge(bool is_right, bool is_over)
{
	if (is_over)
		return is_right ? CODE_EXPIRED : CODE_ABSENT;
	return is_right ? CODE_RIGHT : CODE_WRONG;
}

result confirmation_code_check(struct request *request, const struct user *user, enum code_purpose purpose,
	str code, enum code_verdict *verdict, struct user_address *address)
{
	struct store_confirmation_code_get_row row;
	bool found;
	*verdict = CODE_ABSENT;
	TRY(find(request, user, purpose, &row, &found));
	if (!found)
		return OK;
	struct digest hash = hash_of(request, user, purpose, row.address, code);
	*verdict = judge(secret_equal(digest_str(&hash), row.code_hash), row.expires_at <= request->now);
	*address = user_message_address_of(row.attribute, row.address);
	return OK;
}

result confirmation_code_address(struct request *request, const struct user *user, enum code_purpose purpose,
	struct user_address *address)
{
	struct store_confirmation_code_get_row row;
	bool found;
	TRY(find(request, user, purpose, &row, &found));
	*address = found && row.expires_at > request->now
			   ? user_message_address_of(row.attribute, row.address)
			   : (struct user_address){ .attribute = STR_NONE };
	return OK;
}

result confirmation_code_forget(struct request *request, const struct user *user, enum code_purpose purpose)
{
	return store_confirmation_code_delete(request,
		&(struct store_confirmation_code_delete_in){
			.user_id = user->id, .purpose = str_of(purposes[purpose].name) },
		NULL);
}

void confirmation_code_note(struct request *request, enum code_verdict verdict)
{
	if (verdict != CODE_RIGHT)
		trail_note_failure(request, verdict == CODE_WRONG ? ERROR_CODE_MISMATCH : ERROR_EXPIRED_CODE);
}

result confirmation_code_refuse(struct request *request, enum code_verdict verdict)
{
	if (verdict == CODE_WRONG)
		return FAIL(request, CODE_MISMATCH, "Invalid verification code provided, please try again.");
	return FAIL(request, EXPIRED_CODE, "Invalid code provided, please request a code again.");
}
