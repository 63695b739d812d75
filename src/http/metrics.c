/* SPDX-License-Identifier: Apache-2.0 */
/* Who may read the metrics, and the answer. */
#include "http/metrics.h"

#include "base/exposition.h"
#include "base/fatal.h"
#include "base/settings.h"
#include "crypto/secret.h"
#include "http/metric_family.h"
#include "http/reply.h"
#include "message/loopback.h"

enum { EXPOSITION_MAX = 8 * 1024 * 1024 };

/* --- Who may read --- */

static bool was_passed_on(const struct message_request *message)
{
	static const str names[] = { STR_INIT("Forwarded"), STR_INIT("Via"), STR_INIT("X-Forwarded-For"),
		STR_INIT("X-Forwarded-Host"), STR_INIT("X-Real-IP") };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is_set(message_header(message, names[i])))
			return true;
	return false;
}

/* "https://host:port" and what follows: the middle. */
static str host_of_url(str url)
{
	ptrdiff_t colon = str_find_char(url, ':');
	str rest = str_from(url, (size_t)colon + sizeof "://" - 1);
	return str_split(&rest, '/');
}

/* A page of elsewhere can have a browser ask this machine, but not under its own name. */
static bool is_from_this_machine(const struct settings *settings, const struct message_request *message)
{
	return loopback_is_host(host_of_url(settings->public_url)) && loopback_is_address(message->client_address) &&
	       loopback_is_host(message_header(message, STR("Host"))) && !was_passed_on(message);
}

static bool shows_token(const struct settings *settings, const struct message_request *message)
{
	str value = message_header(message, STR("Authorization"));
	str scheme = str_split(&value, ' ');
	return str_equal_ignoring_ascii_case(scheme, STR("Bearer")) &&
	       secret_equal(str_trim(value), settings->metrics_token);
}

/* Whether the path leads anywhere. */
static bool is_there(const struct settings *settings, const struct message_request *message)
{
	return settings->metrics && str_equal(message->path, STR("/metrics")) &&
	       (str_is_set(settings->metrics_token) || is_from_this_machine(settings, message));
}

/* --- The answer --- */

static RESULT check(
	struct request *request, const struct settings *settings, const struct message_request *message)
{
	if (str_is_set(settings->metrics_token) && !shows_token(settings, message))
		return FAIL(request, UNAUTHORIZED, "Metrics are for those who have the token.");
	if (!str_equal(message->method, STR("GET")))
		return FAIL(request, METHOD_NOT_ALLOWED, "The method is not allowed at this path.");
	return OK;
}

static RESULT collect(struct request *request, const struct exchange_host *host, str *text)
{
	struct buf out = buf_new(request->arena, EXPOSITION_MAX);
	metric_family_add_all(&out, host, request->store);
	*text = buf_str(&out);
	return out.overflowed ? FAIL(request, INTERNAL, "The metrics are too long") : OK;
}

static void refuse(struct request *request, struct message_response *response)
{
	reply_from_failure(request, response);
	response->status = error_kind(request->error)->rest_status;
	if (request->error == ERROR_UNAUTHORIZED)
		message_add_header(response, STR("WWW-Authenticate"), STR("Bearer realm=\"metrics\""));
	if (request->error == ERROR_METHOD_NOT_ALLOWED)
		message_add_header(response, STR("Allow"), STR("GET, HEAD"));
}

bool metrics_answer(const struct exchange_host *host, struct request *request, const struct message_request *message,
	struct message_response *response)
{
	if (!is_there(host->settings, message))
		return false;
	if (!result_is_ok(check(request, host->settings, message)) ||
		!result_is_ok(collect(request, host, &response->body))) {
		refuse(request, response);
		return true;
	}
	response->status = 200;
	message_add_header(response, STR("Content-Type"), STR(EXPOSITION_MEDIA_TYPE));
	return true;
}
