/* SPDX-License-Identifier: Apache-2.0 */
/* Judging redirect URIs by their scheme and host. */
#include "userpool/redirect_uri.h"

#include "base/fatal.h"

/* They run or show something in the browser instead of going to an app. */
static const str refused_schemes[] = {
	STR_INIT("javascript"),
	STR_INIT("data"),
	STR_INIT("vbscript"),
	STR_INIT("file"),
	STR_INIT("about"),
	STR_INIT("blob"),
};

static const str loopback_hosts[] = { STR_INIT("localhost"), STR_INIT("127.0.0.1"), STR_INIT("[::1]") };

static bool is_in(const str *list, size_t count, str text)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal_ignoring_ascii_case(list[i], text))
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 3986, 3.1. */
static bool is_scheme(str text)
{
	if (str_is_empty(text) || !is_letter(text.data[0]))
		return false;
	for (size_t i = 1; i < text.len; i++) {
		char c = text.data[i];
		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.')
			return false;
	}
	return true;
}

/* Space, control characters and backslashes make browsers and servers read a URI differently. */
static bool is_plain(str uri)
{
	for (size_t i = 0; i < uri.len; i++)
		if ((unsigned char)uri.data[i] <= ' ' || uri.data[i] == '\x7f' || uri.data[i] == '\\')
			return false;
	return true;
}

/* The host of an authority, a literal address with its brackets; absent when a user name stands in front. */
static str host_of(str authority)
{
	if (str_find_char(authority, '@') >= 0)
		return STR_NONE;
	ptrdiff_t bracket = str_has_prefix(authority, STR("[")) ? str_find_char(authority, ']') : -1;
	if (bracket >= 0)
		return str_slice(authority, 0, (size_t)bracket + 1);
	return str_split(&authority, ':');
}

static str web_host(str after_scheme)
{
	if (!str_has_prefix(after_scheme, STR("//")))
		return STR_NONE;
	str authority = str_from(after_scheme, 2);
	authority = str_split(&authority, '/');
	authority = str_split(&authority, '?');
	return host_of(authority);
}

bool redirect_uri_is_acceptable(str uri)
{
	ptrdiff_t colon = str_find_char(uri, ':');
	if (colon < 0 || !is_plain(uri) || str_find_char(uri, '#') >= 0)
		return false;
	str scheme = str_slice(uri, 0, (size_t)colon), rest = str_from(uri, (size_t)colon + 1);
	if (str_equal_ignoring_ascii_case(scheme, STR("https")))
		return !str_is_empty(web_host(rest));
	if (str_equal_ignoring_ascii_case(scheme, STR("http")))
		return is_in(loopback_hosts, ARRAY_LEN(loopback_hosts), web_host(rest));
	return is_scheme(scheme) && !is_in(refused_schemes, ARRAY_LEN(refused_schemes), scheme);
}
