/* SPDX-License-Identifier: Apache-2.0 */
/* One path item per template, one operation object per method. GET and DELETE take what is not in the path from the
   query, POST and PUT from the body; that is how clients are told to do it, api/admin_input.c takes either. */
#include "api/openapi_operation.h"

#include "api/admin_input.h"
#include "api/admin_path.h"
#include "api/openapi_schema.h"
#include "base/jsontext.h"

/* The largest of methods' names and lists of errors. */
enum { METHOD_MAX = 16, DESCRIPTION_MAX = 4096 };

static bool takes_body(const struct spec_operation *operation)
{
	return str_equal(operation->rest_method, STR("POST")) || str_equal(operation->rest_method, STR("PUT"));
}

/* --- Parameters --- */

static void add_parameter(struct buf *out, const struct spec_field *field, bool is_in_path)
{
	jsontext_add_separator(out);
	buf_add_char(out, '{');
	jsontext_add_string_member(out, STR("name"), field->name);
	jsontext_add_string_member(out, STR("in"), is_in_path ? STR("path") : STR("query"));
	jsontext_add_boolean_member(out, STR("required"), is_in_path || field->required);
	jsontext_add_name(out, STR("schema"));
	openapi_schema_add_reference(out, field->type);
	buf_add_char(out, '}');
}

static void add_parameters(struct buf *out, const struct spec_operation *operation)
{
	jsontext_add_name(out, STR("parameters"));
	buf_add_char(out, '[');
	for (size_t i = 0; i < operation->input->field_count; i++) {
		const struct spec_field *field = &operation->input->fields[i];
		bool is_in_path = admin_path_has(operation->rest_path, field->name);
		if (is_in_path || (!takes_body(operation) && admin_input_is_for_query(field->type)))
			add_parameter(out, field, is_in_path);
	}
	buf_add_char(out, ']');
}

static void add_content(struct buf *out)
{
	jsontext_add_name(out, STR("content"));
	buf_add(out, STR("{\"application/json\":{\"schema\":"));
}

static void add_request_body(struct buf *out, const struct spec_operation *operation)
{
	if (!takes_body(operation))
		return;
	jsontext_add_name(out, STR("requestBody"));
	buf_add_char(out, '{');
	jsontext_add_boolean_member(out, STR("required"), openapi_schema_requires_body(operation));
	add_content(out);
	openapi_schema_add_body(out, operation);
	buf_add(out, STR("}}}"));
}

/* --- Responses --- */

static bool may_raise(const struct spec_operation *operation, enum error_code code)
{
	switch (code) {
	case ERROR_MISSING_AUTHENTICATION_TOKEN:
	case ERROR_INCOMPLETE_SIGNATURE:
	case ERROR_INVALID_SIGNATURE:
	case ERROR_UNRECOGNIZED_CLIENT:
	case ERROR_ACCESS_DENIED:
		return operation->caller == SPEC_SIGV4;
	case ERROR_UNSUPPORTED_MEDIA_TYPE:
	case ERROR_REQUEST_TOO_LARGE:
		return true;
	default:
		return spec_operation_lists_error(operation, code);
	}
}

/* The names of all errors with that status, separated by commas; empty when there are none. */
static str errors_with_status(struct arena *arena, const struct spec_operation *operation, unsigned status)
{
	struct buf names = buf_new(arena, DESCRIPTION_MAX);
	for (enum error_code code = ERROR_NONE + 1; code < ERROR_COUNT; code++)
		if (error_kind(code)->rest_status == status && may_raise(operation, code))
			buf_printf(&names, "%s%s", names.len ? ", " : "", error_kind(code)->name);
	return buf_str(&names);
}

static void add_response(struct buf *out, unsigned status, str description)
{
	jsontext_add_name(out, arena_printf(out->arena, "%u", status));
	buf_add_char(out, '{');
	jsontext_add_string_member(out, STR("description"), description);
	add_content(out);
}

static void add_responses(struct buf *out, const struct spec_operation *operation)
{
	jsontext_add_name(out, STR("responses"));
	buf_add_char(out, '{');
	add_response(out, 200, STR("Done."));
	openapi_schema_add_reference(out, operation->output);
	buf_add(out, STR("}}}"));
	for (unsigned status = 400; status < 600; status++) {
		str names = errors_with_status(out->arena, operation, status);
		if (str_is_empty(names))
			continue;
		add_response(out, status, names);
		openapi_schema_add_error_reference(out);
		buf_add(out, STR("}}}"));
	}
	buf_add_char(out, '}');
}

/* --- Operations --- */

static str lower_case(struct arena *arena, str method)
{
	struct buf lower = buf_new(arena, METHOD_MAX);
	for (size_t i = 0; i < method.len; i++)
		buf_add_char(&lower, (char)(method.data[i] | ' '));
	return buf_str(&lower);
}

static void add_security(struct buf *out, const struct spec_operation *operation)
{
	jsontext_add_name(out, STR("security"));
	buf_add(out, operation->caller == SPEC_SIGV4 ? STR("[{\"" OPENAPI_SECURITY_SCHEME "\":[]}]") : STR("[]"));
}

static void add_operation(struct buf *out, const struct spec_service *service, const struct spec_operation *operation)
{
	jsontext_add_name(out, lower_case(out->arena, operation->rest_method));
	buf_add_char(out, '{');
	jsontext_add_string_member(out, STR("operationId"), operation->name);
	jsontext_add_string_member(out, STR("summary"), str_of(operation->summary));
	jsontext_add_name(out, STR("tags"));
	buf_add_char(out, '[');
	jsontext_add_string(out, str_of(service->name));
	buf_add_char(out, ']');
	add_security(out, operation);
	add_parameters(out, operation);
	add_request_body(out, operation);
	add_responses(out, operation);
	buf_add_char(out, '}');
}

static bool is_first_at_path(const struct spec_service *service, const struct spec_operation *operation)
{
	for (const struct spec_operation *before = service->operations; before < operation; before++)
		if (str_equal(before->rest_path, operation->rest_path))
			return false;
	return true;
}

static void add_path(struct buf *out, const struct spec_service *service, str path)
{
	jsontext_add_name(out, path);
	buf_add_char(out, '{');
	for (size_t i = 0; i < service->operation_count; i++)
		if (str_equal(service->operations[i].rest_path, path))
			add_operation(out, service, &service->operations[i]);
	buf_add_char(out, '}');
}

void openapi_operation_add_all(struct buf *out)
{
	jsontext_add_name(out, STR("paths"));
	buf_add_char(out, '{');
	for (size_t i = 0; spec_services[i]; i++) {
		const struct spec_service *service = spec_services[i];
		for (size_t k = 0; k < service->operation_count; k++)
			if (is_first_at_path(service, &service->operations[k]))
				add_path(out, service, service->operations[k].rest_path);
	}
	buf_add_char(out, '}');
}
