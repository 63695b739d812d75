/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of messages, AWS Signature Version 4 (AWS4-HMAC-SHA256):
   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
   Stricter than the algorithm where it leaves a choice: one signature fits one message. */
#pragma once

#include "base/clock.h"
#include "base/request.h"

struct message_request;

/* How far the signer's clock may be from ours, and how long a signature is good that says nothing itself. */
enum { SIGNATURE_SKEW = 5 * MINUTE };

/* What the signature of a message says of itself; nothing of it is to be believed before signature_fits(). */
struct signature {
	str access_key_id;
	str date, region, service, terminator; /* "20150830", "us-east-1", "cognito-idp", "aws4_request" */
	str scope; /* these four, joined by '/' */
	str signed_headers; /* "host;x-amz-date" */
	str hex; /* lower case, when it is right */
	str timestamp; /* "20150830T123600Z" */
	int64_t signed_at; /* the same in milliseconds */
	int64_t lifetime; /* milliseconds that it is good from then on */
	bool has_security_token; /* X-Amz-Security-Token, as temporary credentials have one */
};

/* What can be said without the key: that the signature is of now, for this region and one of `services`
   (ended by NULL), and covers all that it must: the host and every header X-Amz-*. Raises InvalidSignature.
 */
RESULT signature_check(struct request *request, const struct message_request *message,
	const struct signature *signature, const char *const *services);

/* Whether the holder of `secret` signed this message, body included. Takes the same time for any secret. */
bool signature_fits(struct arena *arena, const struct message_request *message,
	const struct signature *signature, str secret);
