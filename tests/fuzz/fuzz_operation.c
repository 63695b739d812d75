/* SPDX-License-Identifier: Apache-2.0 */
/* The inputs of all operations: the name of one, a line end, and the JSON of its input; or the method, path
   and query of the administration in place of the name. What was decoded is written as JSON and decoded from
   that again, as stored documents are: the same comes out. */
#include "fuzz/fuzz.h"

#include "api/admin_input.h"
#include "api/admin_path.h"
#include "api/call.h"
#include "base/buf.h"
#include "spec/decode.h"
#include "spec/missing.h"
#include "spec/render.h"

enum { RENDERED_MAX = 16 * 1024 * 1024 };

/* --- Which operation --- */

static bool is_called(const struct spec_operation *operation, str name, const struct message_request *message)
{
	if (str_is_set(name))
		return str_equal(operation->name, name);
	return str_equal(operation->rest_method, message->method) &&
	       admin_path_fits(operation->rest_path, message->path);
}

static const struct spec_operation *find_operation(str name, const struct message_request *message)
{
	for (size_t i = 0; spec_services[i]; i++)
		for (size_t k = 0; k < spec_services[i]->operation_count; k++)
			if (is_called(&spec_services[i]->operations[k], name, message))
				return &spec_services[i]->operations[k];
	return NULL;
}

/* --- What comes of its input --- */

static str rendered(struct request *request, const struct spec_type *type, const void *structure)
{
	struct buf text = buf_new(request->arena, RENDERED_MAX);
	spec_render(&text, type, structure);
	assert(!text.overflowed);
	return buf_str(&text);
}

static void check_round_trip(struct request *request, const struct spec_type *type, const void *input)
{
	void *again = arena_alloc(request->arena, type->size);
	str text = rendered(request, type, input);
	result decoded = spec_decode_stored(request, request->arena, type, text, again);
	assert(result_is_ok(decoded));
	assert(str_equal(rendered(request, type, again), text));
}

static RESULT read(struct request *request, const struct spec_operation *operation,
	const struct message_request *message, const struct jsontree **tree)
{
	if (str_is_set(message->path))
		return admin_input_read(request, operation, message, tree);
	return call_parse(request, message->body, tree);
}

static RESULT decode(struct request *request, const struct spec_operation *operation,
	const struct message_request *message, void *input)
{
	const struct jsontree *tree;
	TRY(read(request, operation, message, &tree));
	return spec_decode(request, operation->input, tree, input);
}

static void try_input(struct request *request, const struct spec_operation *operation,
	const struct message_request *message)
{
	void *input = arena_alloc(request->arena, operation->input->size);
	if (result_is_ok(decode(request, operation, message, input))) {
		assert(!str_is_set(spec_missing(operation->input, input)));
		check_round_trip(request, operation->input, input);
	} else {
		assert(request->error == ERROR_SERIALIZATION || request->error == ERROR_INVALID_PARAMETER);
		fuzz_check_failure(request);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct message_header type = { STR_INIT("Content-Type"), STR_INIT("application/json") };
	struct request *request = request_new();
	struct message_request message = { .headers = &type, .header_count = 1 };
	str body = fuzz_text(data, size), name = str_split(&body, '\n'), target = name;
	message.method = str_split(&target, ' ');
	if (str_is_set(target)) {
		name = STR_NONE;
		message.query = target;
		message.path = str_split(&message.query, '?');
	}
	message.body = body;
	const struct spec_operation *operation = find_operation(name, &message);
	if (operation)
		try_input(request, operation, &message);
	request_free(&request);
	return 0;
}
