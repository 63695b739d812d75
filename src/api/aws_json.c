/* SPDX-License-Identifier: Apache-2.0 */
/* awsJson 1.1. */
#include "api/aws_json.h"

#include "api/call.h"
#include "api/failure.h"

#define MEDIA_TYPE STR("application/x-amz-json-1.1")

static RESULT check_form(struct request *request, const struct message_request *message)
{
	if (!str_equal(message->method, STR("POST")))
		return FAIL(request, METHOD_NOT_ALLOWED, "Operations are called by POST.");
	if (!message_has_media_type(message, MEDIA_TYPE))
		return FAIL(request, UNSUPPORTED_MEDIA_TYPE, "The Content-Type must be application/x-amz-json-1.1.");
	return OK;
}

static const struct spec_service *find_service(str target_prefix)
{
	for (size_t i = 0; spec_services[i]; i++)
		if (str_equal(spec_services[i]->target_prefix, target_prefix))
			return spec_services[i];
	return NULL;
}

/* "AWSCognitoIdentityProviderService.SignUp" */
static RESULT find_operation(struct request *request, const struct message_request *message, struct call *call)
{
	str name = message_header(message, STR("X-Amz-Target"));
	const struct spec_service *service = find_service(str_split(&name, '.'));
	const struct spec_operation *operation = service ? spec_operation_by_name(service, name) : NULL;
	if (!operation)
		return FAIL(request, UNKNOWN_OPERATION, "The operation is not known.");
	*call = call_begin(request, service, operation);
	return OK;
}

static RESULT answer(struct request *request, const struct message_request *message, str *output)
{
	struct call call;
	const struct jsontree *input;
	TRY(check_form(request, message));
	TRY(find_operation(request, message, &call));
	TRY(call_authenticate(request, message, &call));
	TRY(call_parse(request, message->body, &input));
	return call_run(request, &call, input, output);
}

void aws_json_handle(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	result outcome = answer(request, message, &response->body);
	call_end(request, outcome);
	if (result_is_ok(outcome)) {
		response->status = 200;
		message_add_header(response, STR("Content-Type"), MEDIA_TYPE);
		return;
	}
	failure_answer(request, FAILURE_AWS_JSON, response);
	if (request->error == ERROR_METHOD_NOT_ALLOWED)
		message_add_header(response, STR("Allow"), STR("POST, OPTIONS"));
}
