/* SPDX-License-Identifier: Apache-2.0 */
/* The administration. A path may belong to several operations, told apart by method. */
#include "api/admin_rest.h"

#include "api/admin_input.h"
#include "api/admin_path.h"
#include "api/call.h"
#include "api/failure.h"
#include "base/buf.h"

/* Room for every method there is. */
enum { METHODS_MAX = 64 };

/* Walks the operations whose path fits; start with *index 0. NULL at the end. */
static const struct spec_operation *next_at_path(const struct spec_service *service, str path, size_t *index)
{
	while (*index < service->operation_count) {
		const struct spec_operation *operation = &service->operations[(*index)++];
		if (admin_path_fits(operation->rest_path, path))
			return operation;
	}
	return NULL;
}

static const struct spec_operation *find_at_path(const struct spec_service *service, str path, str method)
{
	const struct spec_operation *operation;
	size_t index = 0;
	while ((operation = next_at_path(service, path, &index)))
		if (str_equal(operation->rest_method, method))
			return operation;
	return NULL;
}

/* "GET, PUT"; empty when nothing is at that path. */
static str methods_at_path(struct arena *arena, str path)
{
	struct buf methods = buf_new(arena, METHODS_MAX);
	for (size_t i = 0; spec_services[i]; i++) {
		const struct spec_operation *operation;
		size_t index = 0;
		while ((operation = next_at_path(spec_services[i], path, &index)))
			buf_printf(&methods, "%s%.*s", methods.len ? ", " : "", STR_ARG(operation->rest_method));
	}
	return buf_str(&methods);
}

str admin_rest_loggable_path(struct arena *arena, str path)
{
	for (size_t i = 0; spec_services[i]; i++) {
		size_t index = 0;
		const struct spec_operation *operation = next_at_path(spec_services[i], path, &index);
		if (operation)
			return admin_path_without_secrets(arena, operation, path);
	}
	return path;
}

static RESULT find_operation(struct request *request, const struct message_request *message, struct call *call)
{
	for (size_t i = 0; spec_services[i]; i++) {
		const struct spec_operation *operation =
			find_at_path(spec_services[i], message->path, message->method);
		if (operation) {
			*call = call_begin(request, spec_services[i], operation);
			return OK;
		}
	}
	if (str_is_empty(methods_at_path(request->arena, message->path)))
		return FAIL(request, NOT_FOUND, "There is nothing at this path.");
	return FAIL(request, METHOD_NOT_ALLOWED, "The method is not allowed at this path.");
}

static RESULT answer(struct request *request, const struct message_request *message, str *output)
{
	struct call call;
	const struct jsontree *input;
	TRY(find_operation(request, message, &call));
	TRY(call_authenticate(request, message, &call));
	TRY(admin_input_read(request, call.operation, message, &input));
	return call_run(request, &call, input, output);
}

void admin_rest_handle(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	result outcome = answer(request, message, &response->body);
	call_end(request, outcome);
	if (result_is_ok(outcome)) {
		response->status = 200;
		message_add_header(response, STR("Content-Type"), STR("application/json"));
		return;
	}
	failure_answer(request, FAILURE_REST, response);
	if (request->error == ERROR_METHOD_NOT_ALLOWED)
		message_add_header(response, STR("Allow"), methods_at_path(request->arena, message->path));
}
