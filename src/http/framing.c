/* SPDX-License-Identifier: Apache-2.0 */
/* Framing. The library below settles some of these doubts silently; here they are errors.
   Not seen from here: a NUL in the target or in a value, where the library ends the text. */
#include "http/framing.h"

#include <string.h>

static size_t count_header(const struct message_request *message, str name)
{
	size_t count = 0;
	for (size_t i = 0; i < message->header_count; i++)
		count += str_equal_ignoring_ascii_case(message->headers[i].name, name);
	return count;
}

static bool is_digits(str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.len > 0;
}

/* RFC 9110, 5.6.2. */
bool framing_is_token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!framing_is_token_char(text.data[i]))
			return false;
	return text.len > 0;
}

/* Targets (RFC 9112, 3.2) have no white space and no control characters. */
static bool is_visible(str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~')
			return false;
	return true;
}

/* RFC 9110, 5.5: control characters are invalid in a value, and some dangerous. */
static bool is_value(str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool is_header(const struct message_header *header)
{
	return is_token(header->name) && is_value(header->value);
}

static bool is_target(const struct message_request *message)
{
	return str_has_prefix(message->path, STR("/")) && is_visible(message->path) &&
	       is_visible(message->query);
}

static RESULT check_length(struct request *request, const struct message_request *message, str version)
{
	size_t lengths = count_header(message, STR("Content-Length"));
	size_t encodings = count_header(message, STR("Transfer-Encoding"));
	if (lengths + encodings > 1)
		return FAIL(request, SERIALIZATION, "The length of the body is ambiguous");
	if (lengths && !is_digits(message_header(message, STR("Content-Length"))))
		return FAIL(request, SERIALIZATION, "Content-Length is not a number");
	if (encodings && (str_equal(version, STR("HTTP/1.0")) ||
				 !str_equal_ignoring_ascii_case(
					 message_header(message, STR("Transfer-Encoding")), STR("chunked"))))
		return FAIL(request, SERIALIZATION, "Transfer-Encoding is not supported");
	return OK;
}

RESULT framing_check(struct request *request, const struct message_request *message, str version)
{
	if (!is_token(message->method))
		return FAIL(request, SERIALIZATION, "The method is not valid");
	if (!is_target(message))
		return FAIL(request, SERIALIZATION, "The request target is not valid");
	for (size_t i = 0; i < message->header_count; i++)
		if (!is_header(&message->headers[i]))
			return FAIL(request, SERIALIZATION, "A header is not valid");
	if (count_header(message, STR("Host")) > 1)
		return FAIL(request, SERIALIZATION, "More than one Host");
	return check_length(request, message, version);
}

int64_t framing_length(const struct message_request *message)
{
	int64_t length = 0;
	str text = message_header(message, STR("Content-Length"));
	if (str_is_set(text) && !str_to_int64(text, &length))
		return INT64_MAX;
	return length;
}
