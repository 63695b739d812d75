/* SPDX-License-Identifier: Apache-2.0 */
/* Signing. Everything that a signer sends is covered by its signature. */
#include "delivery/aws_signer.h"

#include "base/clock.h"
#include "crypto/signature_v4.h"
#include "message/canonical.h"

#define SIGNED_HEADERS "content-type;host;x-amz-date"

/* Cuts "https://host:port/path?query"; an empty path is "/" on the wire. */
static str split_url(str url, struct message_request *message)
{
	ptrdiff_t colon = str_find_char(url, ':');
	str rest = str_from(url, (size_t)colon + sizeof "://" - 1);
	str query = rest;
	str place = str_split(&query, '?');
	ptrdiff_t slash = str_find_char(place, '/');
	message->query = query;
	message->path = slash < 0 ? STR("/") : str_from(place, (size_t)slash);
	return slash < 0 ? place : str_slice(place, 0, (size_t)slash);
}

void aws_signer_sign(struct arena *arena, const struct aws_signer *signer, int64_t now, str method, str url,
	str content_type, str body, struct message_header headers[AWS_SIGNER_HEADERS])
{
	struct message_request message = { .method = method, .headers = headers, .body = body };
	str timestamp = clock_iso8601_basic(arena, now);
	str scope = arena_printf(arena, "%.*s/%.*s/%.*s/" SIGNATURE_V4_TERMINATOR,
		STR_ARG(str_slice(timestamp, 0, sizeof "20150830" - 1)), STR_ARG(signer->region),
		STR_ARG(signer->service));
	headers[message.header_count++] = (struct message_header){ STR("Content-Type"), content_type };
	headers[message.header_count++] = (struct message_header){ STR("Host"), split_url(url, &message) };
	headers[message.header_count++] = (struct message_header){ STR("X-Amz-Date"), timestamp };
	str canonical =
		canonical_request(arena, &message, STR(SIGNED_HEADERS), signature_v4_hash(arena, body));
	str signature = signature_v4_sign(arena, signer->secret, scope, timestamp, canonical);
	headers[message.header_count] = (struct message_header){
		STR("Authorization"),
		arena_printf(arena,
			SIGNATURE_V4_ALGORITHM " Credential=%.*s/%.*s, SignedHeaders=" SIGNED_HEADERS
					       ", Signature=%.*s",
			STR_ARG(signer->access_key_id), STR_ARG(scope), STR_ARG(signature)),
	};
}
