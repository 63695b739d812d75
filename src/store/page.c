/* SPDX-License-Identifier: Apache-2.0 */
/* Page tokens. */
#include "store/page.h"

#include "base/encode.h"
#include "crypto/seal.h"

static str identity(struct request *request, str list)
{
	return arena_printf(request->arena, "page:%.*s", STR_ARG(list));
}

str page_token(struct request *request, str list, str key)
{
	str sealed = seal_close(request->sealer, request->arena, key, identity(request, list));
	return base64url_encode(request->arena, sealed);
}

result page_key(struct request *request, str list, str token, str *key)
{
	str sealed;
	*key = STR_NONE;
	if (!str_is_set(token))
		return OK;
	if (!base64url_decode(request->arena, token, &sealed) ||
		!seal_open(request->sealer, request->arena, sealed, identity(request, list), key))
		return FAIL(request, INVALID_PARAMETER, "Invalid pagination token.");
	return OK;
}
