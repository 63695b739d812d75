/* SPDX-License-Identifier: Apache-2.0 */
/* Calls. The handler of an operation sees only input that its spec allows. */
#include "api/call.h"

#include "api/resource.h"
#include "api/throttle.h"
#include "audit/trail.h"
#include "base/log.h"
#include "spec/decode.h"
#include "spec/missing.h"
#include "spec/render.h"
#include "userpool/access_token.h"

enum { OUTPUT_MAX = 16 * 1024 * 1024 };

struct call call_begin(struct request *request, const struct spec_service *service,
	const struct spec_operation *operation)
{
	request->operation = operation->name;
	trail_begin(request, operation->trail);
	return (struct call){ .service = service, .operation = operation };
}

result call_authenticate(struct request *request, const struct message_request *message, struct call *call)
{
	if (call->operation->caller != SPEC_SIGV4)
		return OK;
	result outcome = principal_authenticate(request, message, call->service->signing_names, &call->principal);
	trail_note_access_key(request, call->principal.access_key_id);
	if (result_is_ok(outcome))
		trail_note_administrator(request);
	return outcome;
}

result call_parse(struct request *request, str body, const struct jsontree **input)
{
	/* The parser's reason may quote a secret from the body; neither the caller nor the log needs it. */
	*input = jsontree_parse(request->arena, str_is_empty(body) ? STR("{}") : body, NULL);
	if (*input)
		return OK;
	return FAIL(request, SERIALIZATION, "The request is not well-formed JSON.");
}

/* Where the token may be left out, the operation looks for somebody else to vouch for the user. To an operation that
   does not know what became of the token's user, it is a token of nobody. */
static RESULT authenticate_user(struct request *request, const struct spec_operation *operation, const void *input)
{
	const struct spec_field *token = spec_field_by_name(operation->input, STR("AccessToken"));
	str text = *(const str *)spec_field_in(token, input);
	if (!str_is_set(text) && !token->required)
		return OK;
	result outcome = access_token_authenticate(request, text);
	if (!result_is_ok(outcome) && !spec_operation_lists_error(operation, request->error))
		return FAIL(request, NOT_AUTHORIZED, "Invalid Access Token");
	return outcome;
}

static RESULT authorize(struct request *request, const struct call *call, const void *input)
{
	const struct spec_operation *operation = call->operation;
	switch (operation->caller) {
	case SPEC_PUBLIC:
		return OK;
	case SPEC_ACCESS_TOKEN:
		return authenticate_user(request, operation, input);
	case SPEC_SIGV4:
		return principal_authorize(request, &call->principal, operation->action,
			resource_name(request, operation, input));
	}
	return FAIL(request, INTERNAL, "Unknown kind of caller in an operation's table");
}

static void log_unlisted_error(const struct request *request, const struct spec_operation *operation)
{
	if (spec_operation_lists_error(operation, request->error))
		return;
	log_event(LOG_ERROR, "unlisted_error", LOG_TEXT("id", request->id), LOG_TEXT("operation", operation->name),
		LOG_TEXT("error", str_of(error_kind(request->error)->name)));
}

static void log_incomplete_output(const struct request *request, const struct spec_operation *operation,
	const void *output)
{
	str missing = spec_missing(operation->output, output);
	if (!str_is_set(missing))
		return;
	log_event(LOG_ERROR, "incomplete_output", LOG_TEXT("id", request->id),
		LOG_TEXT("operation", operation->name), LOG_TEXT("member", missing));
}

static RESULT render(struct request *request, const struct spec_operation *operation, const void *output,
	str *rendered)
{
	struct buf text = buf_new(request->arena, OUTPUT_MAX);
	log_incomplete_output(request, operation, output);
	spec_render(&text, operation->output, output);
	if (text.overflowed)
		return FAIL(request, INTERNAL, "The answer is larger than %d bytes", OUTPUT_MAX);
	*rendered = buf_str(&text);
	return OK;
}

static RESULT authorize_and_run(struct request *request, const struct call *call, const void *input, void *output)
{
	TRY(authorize(request, call, input));
	TRY(throttle(request, call->operation, input));
	return call->operation->run(request, input, output);
}

result call_run(struct request *request, const struct call *call, const struct jsontree *input, str *output)
{
	const struct spec_operation *operation = call->operation;
	void *decoded = arena_alloc(request->arena, operation->input->size);
	void *answer = arena_alloc(request->arena, operation->output->size);
	TRY(spec_decode(request, operation->input, input, decoded));
	result outcome = authorize_and_run(request, call, decoded, answer);
	if (!result_is_ok(outcome)) {
		log_unlisted_error(request, operation);
		return outcome;
	}
	return render(request, operation, answer, output);
}

void call_end(struct request *request, result outcome)
{
	trail_end(request, result_is_ok(outcome));
}
