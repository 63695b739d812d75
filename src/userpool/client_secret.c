/* SPDX-License-Identifier: Apache-2.0 */
/* Client secrets. Their ids are "<client id>--<seconds since 1970>", as AddUserPoolClientSecret shows them. */
#include "userpool/client_secret.h"

#include "base/clock.h"
#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/secret.h"
#include "store/statements.h"

enum { SECRET_LEN = 52 };

static str identity(struct arena *arena, str client_id, str id)
{
	return arena_printf(arena, "user_pool_client:%.*s:%.*s", STR_ARG(client_id), STR_ARG(id));
}

str client_secret_new(struct request *request)
{
	return random_text(request->arena, STR("abcdefghijklmnopqrstuvwxyz0123456789"), SECRET_LEN);
}

result client_secret_insert(struct request *request, str client_id, str secret)
{
	str id = arena_printf(request->arena, "%.*s--%lld", STR_ARG(client_id), (long long)(request->now / SECOND));
	return store_user_pool_client_secret_insert(request,
		&(struct store_user_pool_client_secret_insert_in){
			.client_id = client_id,
			.id = id,
			.sealed_secret = seal_close(request->sealer, request->arena, secret,
				identity(request->arena, client_id, id)),
			.now = request->now,
		},
		NULL);
}

result client_secret_load(struct request *request, struct arena *arena, str client_id, const str **secrets,
	size_t *count)
{
	struct store_user_pool_client_secret_all_row *rows;
	size_t row_count;
	TRY(store_user_pool_client_secret_all(request,
		&(struct store_user_pool_client_secret_all_in){ .client_id = client_id }, &rows, &row_count));
	str *opened = ARENA_ARRAY(arena, str, row_count);
	for (size_t i = 0; i < row_count; i++)
		if (!seal_open(request->sealer, arena, rows[i].sealed_secret,
			    identity(request->arena, client_id, rows[i].id), &opened[i])) {
			DETAIL(request, "client secret %.*s cannot be opened", STR_ARG(rows[i].id));
			return FAIL(request, INTERNAL, "The client's secret cannot be read.");
		}
	*secrets = opened;
	*count = row_count;
	return OK;
}

/* All secrets are tried, so that time does not tell which one fits. */
bool client_secret_hash_matches(struct arena *arena, const str *secrets, size_t count, str client_id, str username,
	str secret_hash)
{
	const str parts[] = { username, client_id };
	bool matches = false;
	str claimed;
	if (!base64_decode(arena, secret_hash, &claimed))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct digest expected = digest_hmac_sha256_parts(secrets[i], parts, 2);
		matches |= secret_equal(digest_str(&expected), claimed);
	}
	return matches;
}

bool client_secret_matches(const str *secrets, size_t count, str secret)
{
	bool matches = false;
	for (size_t i = 0; i < count; i++)
		matches |= secret_equal(secrets[i], secret);
	return matches;
}
