/* SPDX-License-Identifier: Apache-2.0 */
/* The document as a whole, and the one copy that is served. */
#include "api/openapi.h"

#include <assert.h>
#include <pthread.h>

#include "api/admin_path.h"
#include "api/failure.h"
#include "api/openapi_operation.h"
#include "api/openapi_schema.h"
#include "base/jsontext.h"

enum { DOCUMENT_MAX = 8 * 1024 * 1024 };

static pthread_once_t built = PTHREAD_ONCE_INIT;
static struct arena *document_arena; /* keeps the document for the process's life */
static str document;

static void add_info(struct buf *out)
{
	jsontext_add_name(out, STR("info"));
	buf_add_char(out, '{');
	jsontext_add_string_member(out, STR("title"), STR("Poolwarden administration"));
	jsontext_add_string_member(out, STR("version"), STR("1.0.0"));
	jsontext_add_string_member(out, STR("description"),
		STR("The operations of the API as REST. A member means the same in a path, a query and a body; given "
		    "twice it must have the same value. Success is 200. Timestamps are seconds since 1970."));
	jsontext_add_name(out, STR("license"));
	buf_add_char(out, '{');
	jsontext_add_string_member(out, STR("name"), STR("Apache License 2.0"));
	jsontext_add_string_member(out, STR("identifier"), STR("Apache-2.0"));
	buf_add(out, STR("}}"));
}

static void add_servers(struct buf *out)
{
	jsontext_add_name(out, STR("servers"));
	buf_add(out, STR("[{"));
	jsontext_add_string_member(out, STR("url"), STR(ADMIN_PATH_ROOT));
	buf_add(out, STR("}]"));
}

static void add_security_schemes(struct buf *out)
{
	jsontext_add_name(out, STR("securitySchemes"));
	buf_add_char(out, '{');
	jsontext_add_name(out, STR(OPENAPI_SECURITY_SCHEME));
	buf_add_char(out, '{');
	jsontext_add_string_member(out, STR("type"), STR("apiKey"));
	jsontext_add_string_member(out, STR("in"), STR("header"));
	jsontext_add_string_member(out, STR("name"), STR("Authorization"));
	jsontext_add_string_member(out, STR("description"),
		STR("AWS Signature Version 4 (AWS4-HMAC-SHA256) over method, path, query, headers and body, for the "
		    "service that is the operation's tag; the query form of the signature counts too."));
	buf_add(out, STR("}}"));
}

static void build(void)
{
	document_arena = arena_new();
	struct buf out = buf_new(document_arena, DOCUMENT_MAX);
	buf_add_char(&out, '{');
	jsontext_add_string_member(&out, STR("openapi"), STR("3.1.0"));
	add_info(&out);
	add_servers(&out);
	openapi_operation_add_all(&out);
	jsontext_add_name(&out, STR("components"));
	buf_add_char(&out, '{');
	openapi_schema_add_all(&out);
	add_security_schemes(&out);
	buf_add(&out, STR("}}"));
	assert(!out.overflowed);
	document = buf_str(&out);
}

static RESULT check_method(struct request *request, const struct message_request *message)
{
	if (!str_equal(message->method, STR("GET")))
		return FAIL(request, METHOD_NOT_ALLOWED, "The method is not allowed at this path.");
	return OK;
}

void openapi_handle(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	if (!result_is_ok(check_method(request, message))) {
		failure_answer(request, FAILURE_REST, response);
		message_add_header(response, STR("Allow"), STR("GET, HEAD"));
		return;
	}
	pthread_once(&built, build);
	response->status = 200;
	response->body = document;
	message_add_header(response, STR("Content-Type"), STR("application/json"));
	message_add_header(response, STR("Cache-Control"), STR("public, max-age=3600"));
}
