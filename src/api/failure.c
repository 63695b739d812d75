/* SPDX-License-Identifier: Apache-2.0 */
/* Failures on the wire. */
#include "api/failure.h"

#include "base/jsontext.h"
#include "base/log.h"

/* A message has 2 KiB at most, and an escape makes six bytes of one. */
enum { BODY_MAX = 16 * 1024, HEADER_VALUE_MAX = 1024 };

/* Seconds until there is room again, whatever the rate: each is one of requests per second. */
#define RETRY_AFTER "1"

static const struct {
	str content_type;
	bool has_aws_status;
} protocols[] = {
	[FAILURE_AWS_JSON] = { STR_INIT("application/x-amz-json-1.1"), true },
	[FAILURE_REST] = { STR_INIT("application/json"), false },
};

/* What may stand in a header as it is: RFC 9110, 5.5. */
static bool is_header_value(str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return text.len > 0 && text.len <= HEADER_VALUE_MAX;
}

static void hide_internal_error(struct request *request)
{
	if (request->error != ERROR_INTERNAL)
		return;
	log_event(LOG_ERROR, "internal_error", LOG_TEXT("id", request->id),
		LOG_TEXT("operation", request->operation), LOG_TEXT("message", request->message),
		LOG_TEXT("detail", request->detail), LOG_TEXT("file", str_of(request->failed_file)),
		LOG_NUMBER("line", request->failed_line));
	request->message = STR("Internal server error");
}

static str render(struct request *request, str name)
{
	struct buf body = buf_new(request->arena, BODY_MAX);
	buf_add_char(&body, '{');
	jsontext_add_string_member(&body, STR("__type"), name);
	jsontext_add_string_member(&body, STR("message"), request->message);
	jsontext_add_string_member(&body, STR("reasonCode"), request->reason_code);
	buf_add_char(&body, '}');
	return buf_str(&body);
}

void failure_answer(struct request *request, enum failure_protocol protocol, struct message_response *response)
{
	const struct error_kind *kind = error_kind(request->error);
	str name = str_of(kind->name);
	hide_internal_error(request);
	response->status = protocols[protocol].has_aws_status ? kind->aws_status : kind->rest_status;
	response->body = render(request, name);
	message_add_header(response, STR("Content-Type"), protocols[protocol].content_type);
	message_add_header(response, STR("x-amzn-errortype"), name);
	if (protocol == FAILURE_REST && request->error == ERROR_TOO_MANY_REQUESTS)
		message_add_header(response, STR("Retry-After"), STR(RETRY_AFTER));
	if (is_header_value(request->message))
		message_add_header(response, STR("x-amzn-ErrorMessage"), request->message);
}
