/* SPDX-License-Identifier: Apache-2.0 */
/* Which protocol a path belongs to. */
#include "api/api.h"

#include "api/admin_path.h"
#include "api/admin_rest.h"
#include "api/aws_json.h"
#include "api/failure.h"
#include "api/openapi.h"
#include "base/fatal.h"

struct route {
	str path;
	bool is_prefix;
	void (*handle)(struct request *, const struct message_request *, struct message_response *);
};

static const struct route routes[] = {
	{ .path = STR_INIT("/"), .handle = aws_json_handle },
	{ .path = STR_INIT(ADMIN_PATH_ROOT "/"), .is_prefix = true, .handle = admin_rest_handle },
	{ .path = STR_INIT("/admin/openapi.json"), .handle = openapi_handle },
};

static bool leads_to(const struct route *route, str path)
{
	return route->is_prefix ? str_has_prefix(path, route->path) : str_equal(path, route->path);
}

str api_loggable_path(struct arena *arena, str path)
{
	return str_has_prefix(path, STR(ADMIN_PATH_ROOT "/")) ? admin_rest_loggable_path(arena, path) : path;
}

static RESULT refuse(struct request *request)
{
	return FAIL(request, NOT_FOUND, "There is nothing at this path.");
}

void api_handle(struct request *request, const struct message_request *message, struct message_response *response)
{
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (leads_to(&routes[i], message->path)) {
			routes[i].handle(request, message, response);
			return;
		}
	}
	if (!result_is_ok(refuse(request)))
		failure_answer(request, FAILURE_REST, response);
}
