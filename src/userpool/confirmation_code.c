/* SPDX-License-Identifier: Apache-2.0 */
/* Codes. The hash covers user, purpose and address, so a code is worth nothing once the address has changed.
 */
#include "userpool/confirmation_code.h"

#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/secret.h"
#include "store/statements.h"
#include "userpool/user.h"

enum { DIGITS = 6 };

static const struct {
	const char *name;
	int64_t validity;
} purposes[CODE_PURPOSE_COUNT] = {
	[CODE_SIGN_UP] = { .name = "sign_up", .validity = (int64_t)24 * HOUR },
};

static struct digest hash_of(
	struct request *request, const struct user *user, enum code_purpose purpose, str attribute, str code)
{
	str data = arena_printf(request->arena, "%.*s:%s:%.*s:%.*s", STR_ARG(user->id),
		purposes[purpose].name, STR_ARG(code), STR_ARG(user_attribute(user, attribute)));
	return seal_hash(request->sealer, STR("confirmation_code"), data);
}

result confirmation_code_make(
	struct request *request, const struct user *user, enum code_purpose purpose, str attribute, str *code)
{
	*code = random_digits(request->arena, DIGITS);
	struct digest hash = hash_of(request, user, purpose, attribute, *code);
	return store_confirmation_code_set(request,
		&(struct store_confirmation_code_set_in){
			.user_id = user->id,
			.purpose = str_of(purposes[purpose].name),
			.code_hash = digest_str(&hash),
			.attribute = attribute,
			.expires_at = request->now + purposes[purpose].validity,
		},
		NULL);
}

result confirmation_code_check(struct request *request, const struct user *user, enum code_purpose purpose,
	str code, enum code_verdict *verdict, str *attribute)
{
	const struct store_confirmation_code_get_in in = { .user_id = user->id,
		.purpose = str_of(purposes[purpose].name) };
	struct store_confirmation_code_get_row row;
	bool found;
	*verdict = CODE_EXPIRED;
	TRY(store_confirmation_code_get(request, &in, &row, &found));
	if (!found || row.expires_at <= request->now)
		return OK;
	struct digest hash = hash_of(request, user, purpose, row.attribute, code);
	*verdict = secret_equal(digest_str(&hash), row.code_hash) ? CODE_RIGHT : CODE_WRONG;
	*attribute = row.attribute;
	if (*verdict != CODE_RIGHT)
		return OK;
	return store_confirmation_code_delete(request,
		&(struct store_confirmation_code_delete_in){ .user_id = in.user_id, .purpose = in.purpose },
		NULL);
}

result confirmation_code_refuse(struct request *request, enum code_verdict verdict)
{
	if (verdict == CODE_WRONG)
		return FAIL(request, CODE_MISMATCH, "Invalid verification code provided, please try again.");
	return FAIL(request, EXPIRED_CODE, "Invalid code provided, please request a code again.");
}
