/* SPDX-License-Identifier: Apache-2.0 */
/* Loopback addresses. */
#include "message/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* Reads a whole numeric address; false when it is anything else. */
static bool read_address(str text, int family, void *bytes)
{
	char copy[INET6_ADDRSTRLEN];
	if (!text.len || text.len >= sizeof copy || memchr(text.data, '\0', text.len))
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return inet_pton(family, copy, bytes) == 1;
}

static bool is_v6(str address)
{
	struct in6_addr bytes;
	return read_address(address, AF_INET6, &bytes) &&
	       (IN6_IS_ADDR_LOOPBACK(&bytes) || (IN6_IS_ADDR_V4MAPPED(&bytes) && bytes.s6_addr[12] == IN_LOOPBACKNET));
}

static bool is_v4(str address)
{
	unsigned char bytes[sizeof(struct in_addr)];
	return read_address(address, AF_INET, bytes) && bytes[0] == IN_LOOPBACKNET;
}

bool loopback_is_address(str address)
{
	return str_is_set(address) && (is_v4(address) || is_v6(address));
}

/* ":80", or nothing. */
static bool is_port_part(str text)
{
	for (size_t i = 1; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return str_is_empty(text) || (text.data[0] == ':' && text.len > 1);
}

bool loopback_is_host(str host)
{
	if (str_has_prefix(host, STR("["))) {
		ptrdiff_t end = str_find_char(host, ']');
		return end > 0 && is_v6(str_slice(host, 1, (size_t)end - 1)) &&
		       is_port_part(str_from(host, (size_t)end + 1));
	}
	ptrdiff_t colon = str_find_char(host, ':');
	str name = colon < 0 ? host : str_slice(host, 0, (size_t)colon);
	return (is_v4(name) || str_equal_ignoring_ascii_case(name, STR("localhost"))) &&
	       is_port_part(str_from(host, name.len));
}
