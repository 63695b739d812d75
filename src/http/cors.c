/* SPDX-License-Identifier: Apache-2.0 */
/* Cross-origin access. Nothing is reflected that is not a plain token or a plain origin. */
#include "http/cors.h"

#include "base/fatal.h"
#include "http/framing.h"
#include "message/url.h"

enum { ORIGIN_MAX = 256, REQUEST_HEADERS_MAX = 1024 };

enum openness { CLOSED, OPEN, OPEN_WITH_CREDENTIALS };

static const str closed_paths[] = {
	STR_INIT("/admin"),
	STR_INIT("/gateway"),
	STR_INIT("/healthz"),
	STR_INIT("/metrics"),
	STR_INIT("/readyz"),
};

/* What people open themselves, whatever the pool: no other site's script has any business there. */
static const str closed_pages[] = {
	STR_INIT("/confirmUser"),
};

static bool is_below(str path, str folder)
{
	return str_has_prefix(path, folder) && (path.len == folder.len || path.data[folder.len] == '/');
}

/* Looks at the decoded path, so that an escaped letter opens nothing. */
static enum openness openness_of(struct arena *arena, str path)
{
	str decoded = path;
	if (str_equal(path, STR("/")))
		return OPEN_WITH_CREDENTIALS;
	if (str_find_char(path, '%') >= 0 && !url_decode(arena, path, false, &decoded))
		return CLOSED;
	for (size_t i = 0; i < ARRAY_LEN(closed_paths); i++)
		if (is_below(decoded, closed_paths[i]))
			return CLOSED;
	for (size_t i = 0; i < ARRAY_LEN(closed_pages); i++)
		if (str_has_suffix(decoded, closed_pages[i]))
			return CLOSED;
	return OPEN;
}

static bool is_token_list(str list)
{
	if (list.len > REQUEST_HEADERS_MAX)
		return false;
	for (size_t i = 0; i < list.len; i++)
		if (!framing_is_token_char(list.data[i]) && list.data[i] != ',' && list.data[i] != ' ')
			return false;
	return list.len > 0;
}

/* "null", or scheme://host[:port] (RFC 6454, 7): visible ASCII without what ends or lists header values. */
static bool is_origin(str origin)
{
	if (origin.len == 0 || origin.len > ORIGIN_MAX)
		return false;
	for (size_t i = 0; i < origin.len; i++)
		if (origin.data[i] <= ' ' || origin.data[i] > '~' || strchr("\"',;<>\\", origin.data[i]))
			return false;
	return true;
}

bool cors_is_preflight(struct arena *arena, const struct message_request *request)
{
	return str_equal(request->method, STR("OPTIONS")) &&
		str_is_set(message_header(request, STR("Origin"))) &&
		openness_of(arena, request->path) != CLOSED;
}

void cors_answer_preflight(struct arena *arena, const struct message_request *request,
	struct message_response *response)
{
	str wanted = message_header(request, STR("Access-Control-Request-Headers"));
	response->status = 200;
	response->body = STR("");
	message_add_header(
		response, STR("Access-Control-Allow-Methods"), STR("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
	if (is_token_list(wanted))
		message_add_header(response, STR("Access-Control-Allow-Headers"), arena_copy(arena, wanted));
	message_add_header(response, STR("Access-Control-Max-Age"), STR("172800"));
}

/* A cache must not hand one origin's answer to another, nor an answer without Origin to a page. */
static size_t echo_origin(str origin, struct message_header *headers)
{
	size_t count = 0;
	headers[count++] = (struct message_header){ STR("Vary"), STR("Origin") };
	if (!is_origin(origin))
		return count;
	headers[count++] = (struct message_header){ STR("Access-Control-Allow-Origin"), origin };
	headers[count++] = (struct message_header){ STR("Access-Control-Allow-Credentials"), STR("true") };
	return count;
}

size_t cors_headers(struct arena *arena, const struct message_request *request,
	struct message_header headers[CORS_HEADERS_MAX])
{
	size_t count = 0;
	enum openness openness = openness_of(arena, request->path);
	if (openness == CLOSED)
		return 0;
	if (openness == OPEN_WITH_CREDENTIALS)
		count = echo_origin(message_header(request, STR("Origin")), headers);
	else
		headers[count++] = (struct message_header){ STR("Access-Control-Allow-Origin"), STR("*") };
	/* Without this list a browser hides them, and Amplify reads the error's name from the first. */
	headers[count++] = (struct message_header){ STR("Access-Control-Expose-Headers"),
		STR("x-amzn-errortype,x-amzn-requestid,x-amzn-ErrorMessage,Date") };
	return count;
}
