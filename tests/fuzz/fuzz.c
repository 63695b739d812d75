/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include "api/failure.h"
#include "base/jsontree.h"
#include "base/log.h"
#include "base/utf8.h"

void fuzz_check_failure(struct request *request)
{
	struct message_response response = { .status = 0 };
	assert(request->error > ERROR_NONE && request->error < ERROR_COUNT);
	assert(request->error != ERROR_INTERNAL);
	assert(utf8_is_valid(request->message));
	failure_answer(request, FAILURE_AWS_JSON, &response);
	assert(response.status >= 400 && response.status < 500);
	assert(jsontree_parse(request->arena, response.body, NULL));
}
