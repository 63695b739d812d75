/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to services of AWS, and to those that speak like them, signed with Signature Version 4. */
#pragma once

#include "message/request.h"

/* Whose signature it is, and for whom. */
struct aws_signer {
	str region, service; /* "eu-west-1", "sns" */
	str access_key_id, secret;
};

enum { AWS_SIGNER_HEADERS = 4 };

/* The headers of a request with `body`, which may be empty, to `url` at the time `now`: Content-Type, Host, X-Amz-Date,
   Authorization. */
void aws_signer_sign(struct arena *arena, const struct aws_signer *signer, int64_t now, str method, str url,
	str content_type, str body, struct message_header headers[AWS_SIGNER_HEADERS]);
