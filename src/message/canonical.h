/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical request of Signature Version 4: one text for all spellings of a message.
   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
#pragma once

#include "base/arena.h"

struct message_request;

/* Longest canonical request, in bytes, and most query parameters. */
enum { CANONICAL_MAX = 256 * 1024, CANONICAL_PARAMETERS_MAX = 256 };

/* The canonical request over the headers in `signed_headers` ("host;x-amz-date"); the payload hash is
   `payload_hash` in hexadecimal. The parameter X-Amz-Signature is left out. Absent when a signed header is
   missing, the query is no query, or it gets too long. */
str canonical_request(
	struct arena *arena, const struct message_request *message, str signed_headers, str payload_hash);
