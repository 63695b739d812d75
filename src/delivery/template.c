/* SPDX-License-Identifier: Apache-2.0 */
/* Templates are read once from left to right, and what is written is never read again: no value can bring in
   a placeholder, and the work stays linear in the template. */
#include "delivery/template.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "message/html.h"

static const struct template_default defaults[TEMPLATE_KIND_COUNT] = {
	[TEMPLATE_VERIFICATION] = {
		.subject = STR_INIT("Your verification code"),
		.email = STR_INIT("Your confirmation code is {####}"),
		.sms = STR_INIT("Your confirmation code is {####}"),
	},
	[TEMPLATE_VERIFICATION_LINK] = {
		.subject = STR_INIT("Your verification link"),
		.email = STR_INIT("Follow this link to verify your e-mail address: {##Verify e-mail##}"),
	},
	[TEMPLATE_INVITATION] = {
		.subject = STR_INIT("Your temporary password"),
		.email = STR_INIT("Your username is {username} and temporary password is {####}."),
		.sms = STR_INIT("Your username is {username} and temporary password is {####}."),
	},
	[TEMPLATE_FORGOT_PASSWORD] = {
		.subject = STR_INIT("Your password reset code"),
		.email = STR_INIT("Your password reset code is {####}"),
		.sms = STR_INIT("Your password reset code is {####}"),
	},
	[TEMPLATE_AUTHENTICATION] = {
		.subject = STR_INIT("Your authentication code"),
		.email = STR_INIT("Your authentication code is {####}"),
		.sms = STR_INIT("Your authentication code is {####}"),
	},
};

const struct template_default *template_default(enum template_kind kind)
{
	return &defaults[kind];
}

static const struct placeholder {
	str text;
	size_t value; /* offset in struct template_values */
} placeholders[] = {
	{ .text = STR_INIT("{####}"), .value = offsetof(struct template_values, code) },
	{ .text = STR_INIT("{username}"), .value = offsetof(struct template_values, username) },
};

static void add_value(struct buf *out, str value, bool html)
{
	if (html)
		html_add(out, value);
	else
		buf_add(out, value);
}

/* The text of a link at the beginning of `text`; absent when there is none. It ends at the next brace of
   either kind, so that no search goes over the same text twice. */
static str link_text(str text)
{
	str opening = STR("{##"), closing = STR("##");
	if (!str_has_prefix(text, opening))
		return STR_NONE;
	size_t end = opening.len;
	while (end < text.len && text.data[end] != '{' && text.data[end] != '}')
		end++;
	str inner = str_slice(text, opening.len, end - opening.len);
	if (end == text.len || text.data[end] == '{' || !str_has_suffix(inner, closing))
		return STR_NONE;
	return str_slice(inner, 0, inner.len - closing.len);
}

static void add_link(struct buf *out, str text, str url, bool html)
{
	if (!html) {
		buf_add(out, text);
		buf_add(out, STR(" "));
		buf_add(out, url);
		return;
	}
	buf_add(out, STR("<a href=\""));
	html_add(out, url);
	buf_add(out, STR("\">"));
	buf_add(out, text);
	buf_add(out, STR("</a>"));
}

/* Writes the value of the placeholder at the beginning of `text`; its length, or 0 when nothing was written. */
static size_t replace(struct buf *out, str text, const struct template_values *values)
{
	for (size_t i = 0; i < ARRAY_LEN(placeholders); i++) {
		str value = *(const str *)((const char *)values + placeholders[i].value);
		if (!str_has_prefix(text, placeholders[i].text))
			continue;
		if (!str_is_set(value))
			return 0;
		add_value(out, value, values->html);
		return placeholders[i].text.len;
	}
	str inner = str_is_set(values->link) ? link_text(text) : STR_NONE;
	if (!str_is_set(inner))
		return 0;
	add_link(out, inner, values->link, values->html);
	return inner.len + STR("{####}").len;
}

str template_render(struct arena *arena, str text, const struct template_values *values)
{
	struct buf out = buf_new(arena, TEMPLATE_MAX);
	while (text.len && !out.overflowed) {
		size_t read = text.data[0] == '{' ? replace(&out, text, values) : 0;
		if (!read) {
			buf_add_char(&out, text.data[0]);
			read = 1;
		}
		text = str_from(text, read);
	}
	return out.overflowed ? STR_NONE : buf_str(&out);
}
