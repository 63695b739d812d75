/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: lines of text, sealed. */
#include "userpool/srp_block.h"

#include "base/encode.h"
#include "crypto/seal.h"
#include "userpool/client.h"

static str identity(struct request *request, const struct client *client)
{
	return arena_printf(request->arena, "srp_block:%.*s", STR_ARG(client->id));
}

str srp_block_subject(struct request *request, str pool_id, str username, bool exists)
{
	str data = arena_printf(request->arena, "%d:%.*s:%.*s", exists, STR_ARG(pool_id), STR_ARG(username));
	struct digest hash = seal_hash(request->sealer, STR("srp_block"), data);
	return hex_encode(request->arena, digest_str(&hash));
}

str srp_block_seal(struct request *request, const struct client *client, const struct srp_block *block)
{
	str text = arena_printf(request->arena, "%lld\n%.*s\n%.*s\n%.*s\n%.*s", (long long)block->issued_at,
		STR_ARG(block->subject), STR_ARG(block->client_public),
		STR_ARG(hex_encode(request->arena, block->server_private)), STR_ARG(block->server_public));
	return seal_close(request->sealer, request->arena, text, identity(request, client));
}

bool srp_block_open(struct request *request, const struct client *client, str sealed, struct srp_block *block)
{
	str text;
	if (!seal_open(request->sealer, request->arena, sealed, identity(request, client), &text))
		return false;
	bool is_time = str_to_int64(str_split(&text, '\n'), &block->issued_at);
	block->subject = str_split(&text, '\n');
	block->client_public = str_split(&text, '\n');
	bool is_private = hex_decode(request->arena, str_split(&text, '\n'), &block->server_private);
	block->server_public = text;
	return is_time && is_private && str_is_set(text);
}
