/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of options. */
#include "cli/value.h"

#include <arpa/inet.h>

#include "base/category.h"
#include "base/log.h"
#include "message/loopback.h"

enum { REGION_MAX = 32, ACCOUNT_ID_LEN = 12, KEY_MIN = 16, KEY_MAX = 128, TOKEN_MAX = 4096, PORT_MAX = 65535 };

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_printable(char c)
{
	return c > ' ' && c <= '~';
}

static bool is_region(char c)
{
	return is_lower(c) || is_digit(c) || c == '-';
}

static bool consists_of(str text, bool (*is_member)(char))
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_member(text.data[i]))
			return false;
	return true;
}

bool value_is_region(str text)
{
	return text.len >= 2 && text.len <= REGION_MAX && consists_of(text, is_region) &&
		is_lower(text.data[0]) && text.data[text.len - 1] != '-';
}

bool value_is_account_id(str text)
{
	return text.len == ACCOUNT_ID_LEN && consists_of(text, is_digit);
}

static bool is_numeric_address(str address, int family)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char bytes[sizeof(struct in6_addr)];
	if (address.len >= sizeof text)
		return false;
	memcpy(text, address.data, address.len);
	text[address.len] = '\0';
	return strlen(text) == address.len && inet_pton(family, text, bytes) == 1;
}

static bool read_port(str text, unsigned *port)
{
	int64_t number;
	if (!text.len || !is_digit(text.data[0]) || !str_to_int64(text, &number) || number > PORT_MAX)
		return false;
	*port = (unsigned)number;
	return true;
}

bool value_split_listen_address(str text, str *address, unsigned *port)
{
	bool is_v6 = str_has_prefix(text, STR("["));
	if (is_v6)
		text = str_from(text, 1);
	*address = str_split(&text, is_v6 ? ']' : ':');
	if (is_v6 && (!str_is_set(text) || !str_equal(str_split(&text, ':'), STR(""))))
		return false;
	return is_numeric_address(*address, is_v6 ? AF_INET6 : AF_INET) && read_port(text, port);
}

bool value_is_listen_address(str text)
{
	str address;
	unsigned port;
	return value_split_listen_address(text, &address, &port);
}

bool value_is_database(str text)
{
	return str_has_prefix(text, STR("postgresql://")) ||
	       (str_has_prefix(text, STR("sqlite:")) && text.len > sizeof "sqlite:" - 1);
}

/* What stands behind one of two prefixes; absent when neither is there. */
static str behind_scheme(str text, str plain, str secure)
{
	if (str_has_prefix(text, plain))
		return str_from(text, plain.len);
	return str_has_prefix(text, secure) ? str_from(text, secure.len) : STR_NONE;
}

static bool has_any(str text, str characters)
{
	for (size_t i = 0; i < characters.len; i++)
		if (str_find_char(text, characters.data[i]) >= 0)
			return true;
	return false;
}

bool value_is_public_url(str text)
{
	str rest = behind_scheme(text, STR("http://"), STR("https://"));
	if (!rest.len || !consists_of(rest, is_printable) || has_any(rest, STR("?#@\"<>\\^`{|}")))
		return false;
	return rest.data[0] != '/' && rest.data[0] != ':' && rest.data[rest.len - 1] != '/';
}

bool value_is_smtp_url(str text)
{
	str rest = behind_scheme(text, STR("smtp://"), STR("smtps://"));
	return rest.len && consists_of(rest, is_printable) && rest.data[0] != '/' && rest.data[0] != ':' &&
		!has_any(rest, STR("?#@"));
}

/* "host:port" or "host" in front of the path, the query or the end. */
static str authority_of(str rest)
{
	rest = str_split(&rest, '?');
	return str_split(&rest, '/');
}

bool value_is_service_url(str text)
{
	str rest = behind_scheme(text, STR("http://"), STR("https://"));
	str authority = authority_of(rest);
	if (!rest.len || !consists_of(rest, is_printable) || has_any(rest, STR("#\"<>\\^`{|}")) ||
		has_any(authority, STR("@")) || !authority.len || authority.data[0] == ':')
		return false;
	return str_has_prefix(text, STR("https://")) || loopback_is_host(authority);
}

bool value_is_proxy_url(str text)
{
	str rest = behind_scheme(text, STR("http://"), STR("https://"));
	unsigned port;
	size_t at = rest.len;
	while (at > 0 && rest.data[at - 1] != ':')
		at--;
	return at > 1 && consists_of(rest, is_printable) && !has_any(rest, STR("/?#@\"<>\\^`{|}")) &&
	       read_port(str_from(rest, at), &port);
}

bool value_is_token(str text)
{
	return text.len >= KEY_MIN && text.len <= TOKEN_MAX && consists_of(text, is_printable);
}

bool value_is_log_level(str text)
{
	enum log_level level;
	return log_level_parse(text, &level);
}

bool value_is_access_key_id(str text)
{
	return text.len >= KEY_MIN && text.len <= KEY_MAX && consists_of(text, is_word);
}

bool value_is_secret_access_key(str text)
{
	return text.len >= KEY_MIN && text.len <= KEY_MAX && consists_of(text, is_printable);
}

bool value_is_quota(str text)
{
	struct category_rates rates;
	return category_rates_parse(text, &rates);
}

bool value_is_mailbox(str text)
{
	return str_find_char(text, '@') > 0 && !has_any(text, STR("\r\n"));
}
