/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/userpool/authenticator.h"

#include "crypto/totp.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/software_token.h"

enum { BITS = 5, NEAR = 3 };

/* Base32 (RFC 4648) without padding. */
static str decode(struct arena *arena, str text)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char *bytes = arena_alloc(arena, text.len);
	unsigned pending = 0, count = 0;
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		const char *place = strchr(alphabet, text.data[i]);
		assert_non_null(place);
		pending = pending << BITS | (unsigned)(place - alphabet);
		count += BITS;
		if (count >= 8) {
			count -= 8;
			bytes[len++] = (unsigned char)(pending >> count);
		}
	}
	return (str){ (const char *)bytes, len };
}

str authenticator_code(struct request *request, str secret_text, int64_t steps)
{
	return totp_code(
		request->arena, decode(request->arena, secret_text), totp_step(request->now) + steps);
}

static bool is_near(struct request *request, str secret_text, str code)
{
	for (int64_t step = -NEAR; step <= NEAR; step++)
		if (str_equal(authenticator_code(request, secret_text, step), code))
			return true;
	return false;
}

str authenticator_wrong_code(struct request *request, str secret_text)
{
	int number = 0;
	str code = STR("000000");
	while (is_near(request, secret_text, code))
		code = arena_printf(request->arena, "%06d", ++number);
	return code;
}

struct enrolment {
	struct user user;
	str text, device_name;
};

static RESULT enroll(struct request *request, void *context)
{
	struct enrolment *enrolment = context;
	bool is_right;
	TRY(software_token_offer(request, &enrolment->user, &enrolment->text));
	TRY(software_token_verify(request, &enrolment->user, authenticator_code(request, enrolment->text, -1),
		enrolment->device_name, &is_right));
	assert_true(is_right);
	return OK;
}

str authenticator_enroll(struct request *request, str pool_id, const char *username, str device_name)
{
	struct enrolment enrolment = {
		.user = house_find_user(request, pool_id, username),
		.device_name = device_name,
	};
	assert_ok(request, store_write(request, enroll, &enrolment));
	return enrolment.text;
}
