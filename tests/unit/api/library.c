/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/api/library.h"

#include <stdio.h>

#include "base/fatal.h"
#include "base/settings.h"
#include "iam/principal.h"
#include "spec/operation.h"
#include "userpool/access_token.h"


struct library library;

static const struct settings settings = {
	.region = STR_INIT("us-east-1"),
	.account_id = STR_INIT("123456789012"),
};

struct request *library_open(void)
{
	struct request *request = request_new();
	request->settings = &settings;
	library = (struct library){ 0 };
	return request;
}

/* --- The door --- */

result principal_authenticate(struct request *request, const struct message_request *message,
	const char *const *services, struct principal *out)
{
	(void)message, (void)services;
	*out = (struct principal){ .is_root = true };
	return library.refuses_signature ? FAIL(request, INVALID_SIGNATURE, "Wrong signature") : OK;
}

result principal_authorize(struct request *request, const struct principal *principal, str action, str resource)
{
	(void)principal, (void)action;
	snprintf(library.resource, sizeof library.resource, "%.*s", STR_ARG(resource));
	return library.refuses_action ? FAIL(request, ACCESS_DENIED, "Not allowed") : OK;
}

result access_token_authenticate(struct request *request, str token)
{
	snprintf(library.token, sizeof library.token, "%.*s", STR_ARG(token));
	return str_equal(token, STR("good")) ? OK : FAIL(request, NOT_AUTHORIZED, "Invalid Access Token");
}

/* --- Types --- */

enum shelf { SHELF_UNSET, SHELF_NOVELS, SHELF_MAPS };

struct book_request {
	str book_id;
	str title;
	struct optional_int limit;
	struct optional_bool is_lent;
	enum shelf shelf;
	struct str_list names;
	struct str_map notes;
	str access_token;
};

struct book_response {
	str greeting;
	str book_id;
	str title;
	struct optional_int limit;
	struct optional_bool is_lent;
	enum shelf shelf;
	struct str_list names;
	struct str_map notes;
};

static struct pattern identifier = PATTERN_INIT("[\\w-]+");
static const str shelves[] = { STR_INIT(""), STR_INIT("NOVELS"), STR_INIT("MAPS") };

static const struct spec_type text_type = {
	.name = "TextType", .kind = SPEC_STRING, .size = sizeof(str), .max = { true, 20 },
};
static const struct spec_type id_type = {
	.name = "BookIdType", .kind = SPEC_STRING, .size = sizeof(str), .min = { true, 1 }, .pattern = &identifier,
};
static const struct spec_type token_type = {
	.name = "TokenType", .kind = SPEC_STRING, .size = sizeof(str), .is_sensitive = true,
};
static const struct spec_type limit_type = {
	.name = "LimitType", .kind = SPEC_INTEGER, .size = sizeof(struct optional_int), .max = { true, 60 },
};
static const struct spec_type flag_type = {
	.name = "FlagType", .kind = SPEC_BOOLEAN, .size = sizeof(struct optional_bool),
};
static const struct spec_type shelf_type = {
	.name = "ShelfType", .kind = SPEC_ENUM, .size = sizeof(enum shelf), .values = shelves, .value_count = 2,
};
static const struct spec_type names_type = {
	.name = "NamesType", .kind = SPEC_LIST, .size = sizeof(struct str_list), .element = &text_type,
};
static const struct spec_type notes_type = {
	.name = "NotesType", .kind = SPEC_MAP, .size = sizeof(struct str_map), .key = &text_type,
	.element = &text_type,
};

#define FIELD(structure, wire, member, field_type, c_type) \
	{ .name = STR_INIT(wire), .type = (field_type), .offset = SPEC_OFFSET(struct structure, member, c_type) }
#define BOOK_FIELDS(structure)                                                         \
	FIELD(structure, "BookId", book_id, &id_type, str),                             \
		FIELD(structure, "Title", title, &text_type, str),                      \
		FIELD(structure, "Limit", limit, &limit_type, struct optional_int),     \
		FIELD(structure, "IsLent", is_lent, &flag_type, struct optional_bool),  \
		FIELD(structure, "Shelf", shelf, &shelf_type, enum shelf),              \
		FIELD(structure, "Names", names, &names_type, struct str_list),         \
		FIELD(structure, "Notes", notes, &notes_type, struct str_map)

static const struct spec_field request_fields[] = {
	BOOK_FIELDS(book_request),
	FIELD(book_request, "AccessToken", access_token, &token_type, str),
};
static const struct spec_field response_fields[] = { BOOK_FIELDS(book_response) };
static const struct spec_field greeting_fields[] = {
	{ .name = STR_INIT("Greeting"), .type = &text_type, .offset = offsetof(struct book_response, greeting),
		.required = true },
};

static const struct spec_type request_type = {
	.name = "BookRequest", .kind = SPEC_STRUCTURE, .size = sizeof(struct book_request), .fields = request_fields,
	.field_count = ARRAY_LEN(request_fields),
};
static const struct spec_type response_type = {
	.name = "BookResponse", .kind = SPEC_STRUCTURE, .size = sizeof(struct book_response),
	.fields = response_fields, .field_count = ARRAY_LEN(response_fields),
};
static const struct spec_type greeting_type = {
	.name = "GreetResponse", .kind = SPEC_STRUCTURE, .size = sizeof(struct book_response),
	.fields = greeting_fields, .field_count = ARRAY_LEN(greeting_fields),
};

/* --- Operations --- */

static result echo(struct request *request, const void *input, void *output)
{
	const struct book_request *in = input;
	struct book_response *out = output;
	(void)request;
	library.runs++;
	*out = (struct book_response){ .book_id = in->book_id, .title = in->title, .limit = in->limit,
		.is_lent = in->is_lent, .shelf = in->shelf, .names = in->names, .notes = in->notes };
	return OK;
}

static result greet(struct request *request, const void *input, void *output)
{
	struct book_response *out = output;
	(void)input;
	library.runs++;
	if (!library.forgets_greeting)
		out->greeting = STR("hello");
	DETAIL(request, "greeting was asked to fail");
	if (library.greeting_error)
		return request_fail(request, library.greeting_error, __FILE__, __LINE__, "No \"greeting\"");
	return OK;
}

static const enum error_code errors[] = { ERROR_USER_NOT_FOUND };

#define OPERATION(operation_name, who, method, path, output_type, handler)                                   \
	{ .name = STR_INIT(operation_name), .summary = "Serves a test.", .caller = (who),                     \
		.action = STR_INIT("library:" operation_name),                                                \
		.resource = STR_INIT("arn:aws:library:{region}:{account}:book/{BookId}"),                     \
		.rest_method = STR_INIT(method), .rest_path = STR_INIT(path), .input = &request_type,         \
		.output = (output_type), .errors = errors, .error_count = ARRAY_LEN(errors), .run = (handler) }

static const struct spec_operation operations[] = {
	OPERATION("BorrowBook", SPEC_SIGV4, "PUT", "/books/{BookId}", &response_type, echo),
	OPERATION("DescribeBook", SPEC_SIGV4, "GET", "/books/{BookId}", &response_type, echo),
	OPERATION("FindBooks", SPEC_PUBLIC, "GET", "/books", &response_type, echo),
	OPERATION("Greet", SPEC_PUBLIC, "POST", "/greetings", &greeting_type, greet),
	OPERATION("ReturnBook", SPEC_SIGV4, "DELETE", "/readers/{AccessToken}/books/{BookId}", &response_type, echo),
	OPERATION("WhoAmI", SPEC_ACCESS_TOKEN, "POST", "/who-am-i", &response_type, echo),
};

static const char *const signing_names[] = { "library", NULL };

static const struct spec_service service = {
	.name = "library",
	.signing_names = signing_names,
	.target_prefix = STR_INIT("LibraryService"),
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};

const struct spec_service *const spec_services[] = { &service, NULL };
