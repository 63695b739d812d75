/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing filters: NAME OPERATOR "VALUE", with \" and \\ inside of the quotes. */
#include "userpool/user_filter.h"

#include "base/buf.h"
#include "base/fatal.h"

static const struct {
	const char *name;
	enum user_filter_subject subject;
	bool has_prefixes;
} subjects[] = {
	{ "username", USER_FILTER_USERNAME, true },
	{ "sub", USER_FILTER_SUB, true },
	{ "cognito:user_status", USER_FILTER_STATUS, false },
	{ "status", USER_FILTER_ENABLED, false },
	{ "email", USER_FILTER_ATTRIBUTE, true },
	{ "phone_number", USER_FILTER_ATTRIBUTE, true },
	{ "name", USER_FILTER_ATTRIBUTE, true },
	{ "given_name", USER_FILTER_ATTRIBUTE, true },
	{ "family_name", USER_FILTER_ATTRIBUTE, true },
	{ "preferred_username", USER_FILTER_ATTRIBUTE, true },
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == ':';
}

static str take_name(str *text)
{
	size_t len = 0;
	while (len < text->len && is_name_char(text->data[len]))
		len++;
	str name = str_slice(*text, 0, len);
	*text = str_trim(str_from(*text, len));
	return name;
}

static bool take(str *text, str token)
{
	if (!str_has_prefix(*text, token))
		return false;
	*text = str_trim(str_from(*text, token.len));
	return true;
}

/* A quoted value that is the rest of the text. */
static bool take_value(struct arena *arena, str text, str *value)
{
	struct buf unescaped = buf_new(arena, text.len);
	if (text.len < 2 || text.data[0] != '"' || text.data[text.len - 1] != '"')
		return false;
	str quoted = str_slice(text, 1, text.len - 2);
	for (size_t i = 0; i < quoted.len; i++) {
		if (quoted.data[i] == '"')
			return false;
		/* A backslash at the end would have escaped the closing quote. */
		if (quoted.data[i] == '\\' && ++i == quoted.len)
			return false;
		buf_add_char(&unescaped, quoted.data[i]);
	}
	*value = buf_str(&unescaped);
	return true;
}

static RESULT refuse(struct request *request)
{
	return FAIL(request, INVALID_PARAMETER, "Error while parsing filter");
}

static RESULT set_subject(struct request *request, str name, struct user_filter *filter)
{
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		if (!str_equal(name, str_of(subjects[i].name)))
			continue;
		filter->subject = subjects[i].subject;
		filter->attribute = filter->subject == USER_FILTER_ATTRIBUTE ? name : STR_NONE;
		return filter->is_prefix && !subjects[i].has_prefixes ? refuse(request) : OK;
	}
	return FAIL(request, INVALID_PARAMETER, "Users cannot be filtered by %.*s.", STR_ARG(name));
}

result user_filter_parse(struct request *request, str text, struct user_filter *filter)
{
	*filter = (struct user_filter){ .subject = USER_FILTER_ALL };
	text = str_trim(text);
	if (str_is_empty(text))
		return OK;
	str name = take_name(&text);
	filter->is_prefix = take(&text, STR("^="));
	if (str_is_empty(name) || (!filter->is_prefix && !take(&text, STR("="))) ||
		!take_value(request->arena, text, &filter->value))
		return refuse(request);
	return set_subject(request, name, filter);
}
