/* SPDX-License-Identifier: Apache-2.0 */
/* Filter expressions of ListUsers. What was understood, written in its plainest form, is understood as the
 * same. */
#include "fuzz/fuzz.h"

#include "base/buf.h"
#include "userpool/user_filter.h"

static const char *const names[] = {
	[USER_FILTER_USERNAME] = "username",
	[USER_FILTER_SUB] = "sub",
	[USER_FILTER_STATUS] = "cognito:user_status",
	[USER_FILTER_ENABLED] = "status",
};

static str spelled(struct arena *arena, const struct user_filter *filter)
{
	struct buf text = buf_new(arena, 4 * filter->value.len + 1024);
	if (filter->subject == USER_FILTER_ALL)
		return STR("");
	buf_add(&text, filter->subject == USER_FILTER_ATTRIBUTE ? filter->attribute
								: str_of(names[filter->subject]));
	buf_add(&text, filter->is_prefix ? STR("^=\"") : STR("=\""));
	for (size_t i = 0; i < filter->value.len; i++) {
		char c = filter->value.data[i];
		if (c == '"' || c == '\\')
			buf_add_char(&text, '\\');
		buf_add_char(&text, c);
	}
	buf_add_char(&text, '"');
	return buf_str(&text);
}

static void check(struct request *request, const struct user_filter *filter)
{
	struct user_filter again;
	result parsed = user_filter_parse(request, spelled(request->arena, filter), &again);
	assert(result_is_ok(parsed));
	assert(again.subject == filter->subject);
	assert(again.is_prefix == filter->is_prefix);
	assert(str_equal(again.attribute, filter->attribute));
	assert(str_equal(again.value, filter->value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request *request = request_new();
	struct user_filter filter;
	if (result_is_ok(user_filter_parse(request, fuzz_text(data, size), &filter)))
		check(request, &filter);
	else
		fuzz_check_failure(request);
	request_free(&request);
	return 0;
}
