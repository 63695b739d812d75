/* SPDX-License-Identifier: Apache-2.0 */
/* Probes. */
#include "api/probe.h"

#include "api/failure.h"
#include "base/fatal.h"
#include "store/statements.h"

/* Any statement will do that reads a page of the database; there is no such pool. */
static RESULT read_store(struct request *request)
{
	struct store_user_pool_version_row row;
	bool found;
	return store_user_pool_version(
		request, &(struct store_user_pool_version_in){ .id = STR("readyz") }, &row, &found);
}

static const struct probe {
	str path;
	RESULT (*check)(struct request *request); /* NULL: answering is proof enough */
} probes[] = {
	{ .path = STR_INIT("/healthz") },
	{ .path = STR_INIT("/readyz"), .check = read_store },
};

static const struct probe *find_probe(str path)
{
	for (size_t i = 0; i < ARRAY_LEN(probes); i++)
		if (str_equal(path, probes[i].path))
			return &probes[i];
	return NULL;
}

static void answer_status(struct message_response *response, bool is_well)
{
	response->status = is_well ? 200 : 503;
	response->body = is_well ? STR("{\"status\":\"ok\"}") : STR("{\"status\":\"unavailable\"}");
	message_add_header(response, STR("Content-Type"), STR("application/json"));
}

static RESULT check_method(struct request *request, const struct message_request *message)
{
	if (!str_equal(message->method, STR("GET")))
		return FAIL(request, METHOD_NOT_ALLOWED, "The method is not allowed at this path.");
	return OK;
}

static void answer(struct request *request, const struct message_request *message, const struct probe *probe,
	struct message_response *response)
{
	if (result_is_ok(check_method(request, message))) {
		/* A failure stays in the request, where the log finds it. */
		answer_status(response, !probe->check || result_is_ok(probe->check(request)));
	} else {
		failure_answer(request, FAILURE_REST, response);
		message_add_header(response, STR("Allow"), STR("GET, HEAD"));
	}
	message_add_header(response, STR("Cache-Control"), STR("no-store"));
}

bool probe_answer(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	const struct probe *probe = find_probe(message->path);
	if (probe)
		answer(request, message, probe, response);
	return probe != NULL;
}

bool probe_answer_ready(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	const struct probe *probe = find_probe(message->path);
	if (!probe || probe->check)
		return false;
	answer(request, message, probe, response);
	return true;
}
