/* SPDX-License-Identifier: Apache-2.0 */
/* Where a message has its signature: in its header,
       Authorization: AWS4-HMAC-SHA256 Credential=AKIA.../20150830/us-east-1/iam/aws4_request,
	   SignedHeaders=host;x-amz-date, Signature=5d672d...
   or, when a URL is signed that somebody else shall use, in parameters X-Amz-* of its query.
   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
#pragma once

#include "base/request.h"

struct message_request;
struct signature;

/* Reads the one signature of a message. Texts are views into the message or live in the request's arena; they
   are printable ASCII without space. Raises MissingAuthenticationToken when there is none, InvalidSignature
   when there are two, IncompleteSignature when it lacks something or is malformed. No text from an
   Authorization header is repeated to the caller: it may hold a secret that ended up in the wrong place. */
RESULT signature_form_read(
	struct request *request, const struct message_request *message, struct signature *out);
