/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a confirmation link. Nothing that the URL holds is ever shown or sent back. */
#include "oauth/confirm_user.h"

#include "base/fatal.h"
#include "base/utf8.h"
#include "message/url.h"
#include "oauth/page.h"
#include "userpool/confirmation_code.h"
#include "userpool/confirmation_link.h"
#include "userpool/sign_up.h"

enum {
	PARAMETERS_MAX = 16, /* mail programs and trackers add some of their own */
	VALUE_MAX_BYTES = 512, /* 128 characters of UTF-8 */
};

/* --- The link --- */

struct link {
	str pool_id;
	str client_id, user_name, code;
};

static const struct parameter {
	str name;
	size_t offset; /* in struct link */
} parameters[] = {
	{ STR_INIT(CONFIRMATION_LINK_CLIENT), offsetof(struct link, client_id) },
	{ STR_INIT(CONFIRMATION_LINK_USER), offsetof(struct link, user_name) },
	{ STR_INIT(CONFIRMATION_LINK_CODE), offsetof(struct link, code) },
};

static bool is_value(str text)
{
	return !str_is_empty(text) && text.len <= VALUE_MAX_BYTES && utf8_is_valid(text);
}

/* The value of the one pair of that name. Of two a proxy might have checked the one and we take the other. */
static bool find_once(const struct url_pair *pairs, size_t count, str name, str *value)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		if (str_equal(pairs[i].name, name)) {
			*value = pairs[i].value;
			found++;
		}
	return found == 1 && is_value(*value);
}

static bool read_link(struct request *request, const struct message_request *message, struct link *link)
{
	struct url_pair *pairs;
	size_t count;
	if (!url_pairs(request->arena, message->query, PARAMETERS_MAX, &pairs, &count))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(parameters); i++)
		if (!find_once(
			    pairs, count, parameters[i].name, (str *)((char *)link + parameters[i].offset)))
			return false;
	return confirmation_code_is_for_link(link->code);
}

/* "/<pool id>/confirmUser"; whether there is such a pool shows later. */
static bool is_ours(str path, str *pool_id)
{
	str suffix = STR(CONFIRMATION_LINK_PATH);
	if (!str_has_suffix(path, suffix))
		return false;
	*pool_id = str_slice(path, 1, path.len - suffix.len - 1);
	return path.len > suffix.len + 1 && path.data[0] == '/' && str_find_char(*pool_id, '/') < 0;
}

/* --- Answering --- */

static const struct outcome {
	enum error_code error;
	enum page_name page;
	unsigned status;
} outcomes[] = {
	{ ERROR_CODE_MISMATCH, PAGE_CONFIRM_DEAD, 400 },
	{ ERROR_RESOURCE_NOT_FOUND, PAGE_CONFIRM_DEAD, 400 },
	{ ERROR_NOT_AUTHORIZED, PAGE_CONFIRM_DEAD, 400 },
	{ ERROR_USER_NOT_FOUND, PAGE_CONFIRM_DEAD, 400 }, /* deleted while we looked */
	{ ERROR_ALIAS_EXISTS, PAGE_CONFIRM_TAKEN, 409 },
	{ ERROR_LIMIT_EXCEEDED, PAGE_CONFIRM_LIMIT, 429 },
	{ ERROR_SERVICE_UNAVAILABLE, PAGE_CONFIRM_FAILED, 503 },
};

/* The failure itself stays in the request, where the log and the counters find it. */
static void answer_failure(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		if (outcomes[i].error == request->error) {
			page_answer(request, message, outcomes[i].page, PAGE_PROBLEM, outcomes[i].status,
				response);
			return;
		}
	page_answer(request, message, PAGE_CONFIRM_FAILED, PAGE_PROBLEM, 500, response);
}

static void confirm(struct request *request, const struct message_request *message, const struct link *link,
	struct message_response *response)
{
	if (result_is_ok(sign_up_confirm_by_link(
		    request, link->pool_id, link->client_id, link->user_name, link->code)))
		page_answer(request, message, PAGE_CONFIRM_DONE, PAGE_SUCCESS, 200, response);
	else
		answer_failure(request, message, response);
}

static void answer_method(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	page_answer(request, message, PAGE_CONFIRM_DEAD, PAGE_PROBLEM, 405, response);
	message_add_header(response, STR("Allow"), STR("GET, HEAD, POST"));
}

static bool answer(struct request *request, const struct message_request *message, bool may_block,
	struct message_response *response)
{
	struct link link;
	bool is_post = str_equal(message->method, STR("POST"));
	if (!is_ours(message->path, &link.pool_id))
		return false;
	if (!is_post && !str_equal(message->method, STR("GET")))
		answer_method(request, message, response);
	else if (!read_link(request, message, &link))
		page_answer(request, message, PAGE_CONFIRM_DEAD, PAGE_PROBLEM, 400, response);
	else if (!is_post)
		page_answer(request, message, PAGE_CONFIRM_ASK, PAGE_QUESTION, 200, response);
	else if (may_block)
		confirm(request, message, &link, response);
	else
		return false;
	return true;
}

bool confirm_user_answer(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	return answer(request, message, true, response);
}

bool confirm_user_answer_ready(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	return answer(request, message, false, response);
}
