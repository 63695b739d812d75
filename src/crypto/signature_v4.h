/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of AWS Signature Version 4, for those who check signatures and those who make them:
   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
#pragma once

#include "base/arena.h"

#define SIGNATURE_V4_ALGORITHM	"AWS4-HMAC-SHA256"
#define SIGNATURE_V4_TERMINATOR "aws4_request"

/* The signature in lower-case hexadecimal of a canonical request (message/canonical.h) by the holder of `secret`.
   `scope` is "20150830/us-east-1/iam/aws4_request", `timestamp` "20150830T123600Z". Keys on the way are wiped. */
str signature_v4_sign(struct arena *arena, str secret, str scope, str timestamp, str canonical);

/* SHA-256 in lower-case hexadecimal, as payloads and canonical requests are hashed. */
str signature_v4_hash(struct arena *arena, str data);
