/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a request and of its failure. */
#include "base/request.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/entropy.h"
#include "base/utf8.h"

enum { UTF8_CHARACTER_MAX = 4 };

struct request *request_new(void)
{
	struct arena *arena = arena_new();
	struct request *request = ARENA_NEW(arena, struct request);
	request->arena = arena;
	request->id = uuid_new(arena);
	request->now = clock_now();
	return request;
}

void request_free(struct request **request)
{
	if (!*request)
		return;
	struct arena *arena = (*request)->arena;
	*request = NULL;
	arena_free(&arena);
}

/* The length of a cut text without the part of a UTF-8 character at its end. */
static int whole_characters(const char *text, int len)
{
	int shortest = len - UTF8_CHARACTER_MAX;
	for (int end = len; end > shortest; end--)
		if (utf8_is_valid((str){ text, (size_t)end }))
			return end;
	return len;
}

static str format_text(struct arena *arena, const char *format, va_list arguments)
{
	char text[2048];
	int len = vsnprintf(text, sizeof text, format, arguments);
	if (len < 0)
		fatal("vsnprintf failed");
	if ((size_t)len >= sizeof text)
		len = whole_characters(text, sizeof text - 1);
	return arena_copy(arena, (str){ text, (size_t)len });
}

result request_fail(struct request *request, enum error_code code, const char *file, int line,
	const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	request->error = code;
	request->message = format_text(request->arena, format, arguments);
	request->failed_file = file;
	request->failed_line = line;
	va_end(arguments);
	return (result){ false };
}

void request_add_detail(struct request *request, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	str added = format_text(request->arena, format, arguments);
	va_end(arguments);
	request->detail = str_is_set(request->detail) ?
		arena_printf(request->arena, "%.*s; %.*s", STR_ARG(request->detail), STR_ARG(added)) :
		added;
}

void request_clear_failure(struct request *request)
{
	request->error = ERROR_NONE;
	request->message = request->reason_code = request->detail = STR_NONE;
	request->failed_file = NULL;
	request->failed_line = 0;
}
