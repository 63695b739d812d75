/* SPDX-License-Identifier: Apache-2.0 */
/* Password policy and password material. Letters count as upper or lower case by Unicode, so that a policy
   does not demand a foreign alphabet. Symbols are those that Cognito documents, the space inside of a
   password among them. */
#include "userpool/password.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "base/utf8.h"
#include "crypto/password_hash.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/srp.h"
#include "userpool/pool.h"

enum { RANDOM_LENGTH = 12, LENGTH_MAX = 256 };

static struct pattern uppercase = PATTERN_INIT("(?s).*\\p{Lu}.*");
static struct pattern lowercase = PATTERN_INIT("(?s).*\\p{Ll}.*");
static struct pattern number = PATTERN_INIT("(?s).*\\p{Nd}.*");
static struct pattern symbol = PATTERN_INIT("(?s).*[\\^$*.\\[\\]{}()?\"!@#%&/\\\\,><':;|_~`=+ -].*");

static const struct password_policy_type *policy_of(const struct user_pool *pool)
{
	return pool->settings.policies->password_policy;
}

struct rule {
	size_t offset; /* of the switch in struct password_policy_type */
	struct pattern *pattern;
	const char *reason;
};

static const struct rule rules[] = {
	{ offsetof(struct password_policy_type, require_uppercase), &uppercase, "uppercase" },
	{ offsetof(struct password_policy_type, require_lowercase), &lowercase, "lowercase" },
	{ offsetof(struct password_policy_type, require_numbers), &number, "numeric" },
	{ offsetof(struct password_policy_type, require_symbols), &symbol, "symbol" },
};

static bool is_on(const struct password_policy_type *policy, const struct rule *rule)
{
	const struct optional_bool *value =
		(const struct optional_bool *)(const void *)((const char *)policy + rule->offset);
	return optional_bool_or(*value, false);
}

/* What the model says of passwords holds however they come. */
static RESULT check_form(struct request *request, str password)
{
	static struct pattern form = PATTERN_INIT("[\\S]+(.*[\\S]+)?");
	if (utf8_length(password) > LENGTH_MAX || !pattern_matches(&form, password))
		return FAIL(request, INVALID_PASSWORD,
			"Password did not conform with policy: Password must have at most %d characters and no space at its "
			"ends",
			LENGTH_MAX);
	return OK;
}

result password_check_policy(struct request *request, const struct user_pool *pool, str password)
{
	const struct password_policy_type *policy = policy_of(pool);
	if (utf8_length(password) < (size_t)policy->minimum_length.value)
		return FAIL(request, INVALID_PASSWORD,
			"Password did not conform with policy: Password not long enough");
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (is_on(policy, &rules[i]) && !pattern_matches(rules[i].pattern, password))
			return FAIL(request, INVALID_PASSWORD,
				"Password did not conform with policy: Password must have %s characters",
				rules[i].reason);
	return check_form(request, password);
}

static str seal_identity(struct request *request, str user_id)
{
	return arena_printf(request->arena, "pool_user:%.*s:srp_verifier", STR_ARG(user_id));
}

result password_make(struct request *request, const struct user_pool *pool, str user_id, str username,
	str password, struct password *out)
{
	struct srp_verifier srp = srp_verifier_make(request->arena, pool->short_name, username, password);
	TRY(password_hash_make(request, password, &out->phc));
	out->srp_salt = srp.salt_hex;
	out->sealed_srp_verifier =
		seal_close(request->sealer, request->arena, srp.verifier, seal_identity(request, user_id));
	out->set_at = request->now;
	return OK;
}

result password_matches(struct request *request, const struct password *kept, str password, bool *matches)
{
	*matches = false;
	if (!str_is_set(kept->phc))
		return password_hash_waste(request, password);
	return password_hash_check(request, kept->phc, password, matches);
}

result password_srp_verifier(
	struct request *request, str user_id, const struct password *kept, str *verifier, bool *found)
{
	*found = str_is_set(kept->sealed_srp_verifier);
	if (!*found)
		return OK;
	if (!seal_open(request->sealer, request->arena, kept->sealed_srp_verifier,
		    seal_identity(request, user_id), verifier)) {
		DETAIL(request, "the SRP verifier of user %.*s cannot be opened", STR_ARG(user_id));
		return FAIL(request, INTERNAL, "The user's password cannot be read.");
	}
	return OK;
}

/* One of each kind first, so that every policy is satisfied; which place a kind has tells nothing about the
   rest. Letters and digits that look alike are left out, and symbols that a mail program may take for markup.
 */
str password_random(struct request *request, const struct user_pool *pool)
{
	static const str kinds[] = { STR_INIT("ABCDEFGHJKLMNPQRSTUVWXYZ"),
		STR_INIT("abcdefghijkmnpqrstuvwxyz"), STR_INIT("23456789"), STR_INIT("!#%*?@-+") };
	size_t length = (size_t)policy_of(pool)->minimum_length.value;
	struct buf password = buf_new(request->arena, length + RANDOM_LENGTH);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		buf_add(&password, random_text(request->arena, kinds[i], 1));
	while (password.len < length || password.len < RANDOM_LENGTH)
		buf_add(&password,
			random_text(request->arena,
				STR("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"), 1));
	return buf_str(&password);
}
