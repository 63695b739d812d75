/* SPDX-License-Identifier: Apache-2.0 */
/* Headers of messages. */
#include "message/request.h"

#include <assert.h>

#include "base/fatal.h"

str message_header(const struct message_request *request, str name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (str_equal_ignoring_ascii_case(request->headers[i].name, name))
			return request->headers[i].value;
	return STR_NONE;
}

bool message_has_media_type(const struct message_request *request, str media_type)
{
	str parameters = message_header(request, STR("Content-Type"));
	str sent = str_trim(str_split(&parameters, ';'));
	return str_equal_ignoring_ascii_case(sent, media_type);
}

void message_add_header(struct message_response *response, str name, str value)
{
	assert(response->header_count < ARRAY_LEN(response->headers));
	response->headers[response->header_count++] = (struct message_header){ name, value };
}
