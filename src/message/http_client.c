/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP through libcurl. A thread has one handle, because connections and sessions of TLS belong to the handle. */
#include "message/http_client.h"

#include <assert.h>
#include <pthread.h>

#include "config.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "message/transfer.h"

enum { CONNECT_SECONDS = 10, FIRST_FINAL_STATUS = 200 };

/* --- Handles --- */

static pthread_key_t handle_key;

static void free_handle(void *handle)
{
	curl_easy_cleanup(handle);
}

static void make_key(void)
{
	transfer_prepare();
	if (pthread_key_create(&handle_key, free_handle))
		fatal("no more keys for threads");
}

/* The thread's handle as if it were new, but for the connections that it keeps. */
static CURL *take_handle(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_key);
	CURL *handle = pthread_getspecific(handle_key);
	if (handle) {
		curl_easy_reset(handle);
		return handle;
	}
	handle = curl_easy_init();
	if (!handle || pthread_setspecific(handle_key, handle))
		fatal("out of memory");
	return handle;
}

/* --- Headers --- */

static void free_list(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

static bool is_plain(str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
			return false;
	return true;
}

static void add_line(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);
	if (!longer)
		fatal("out of memory");
	*list = longer;
}

static struct curl_slist *header_list(struct arena *arena, const struct http_client_request *request)
{
	struct curl_slist *list = NULL;
	/* What the library would add by itself: a wait for "100 Continue", and a form's media type. */
	add_line(&list, "Expect:");
	add_line(&list, "Content-Type:");
	for (size_t i = 0; i < request->header_count; i++) {
		const struct message_header *header = &request->headers[i];
		assert(is_plain(header->name) && is_plain(header->value));
		str line = arena_printf(arena, "%.*s: %.*s", STR_ARG(header->name), STR_ARG(header->value));
		add_line(&list, line.data);
	}
	return list;
}

/* --- Sending --- */

static void set_request(CURL *handle, struct arena *arena, const struct http_client_request *request)
{
	assert(is_plain(request->url));
	curl_easy_setopt(handle, CURLOPT_URL, arena_copy(arena, request->url).data);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(handle, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT, (long)request->seconds);
	transfer_set_path(handle, arena, request->proxy, request->ca_file);
	if (request->takes_any_certificate) {
		curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (str_is_set(request->body)) {
		curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
		curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body.data);
	}
	curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, arena_copy(arena, request->method).data);
}

/* Ends the transfer where the body gets too long. */
static size_t take_body(char *data, size_t size, size_t count, void *context)
{
	struct buf *body = context;
	size_t len = size * count, room = body->max - body->len;
	buf_add(body, (str){ data, len < room ? len : room });
	return len <= room ? len : 0;
}

static enum http_client_outcome outcome_of(CURL *handle, CURLcode code, const char *said,
	struct http_client_answer *answer, struct arena *arena, str *problem)
{
	long status = 0, sent = 0;
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
	answer->status = (unsigned)status;
	answer->is_whole = code == CURLE_OK;
	if (status >= FIRST_FINAL_STATUS)
		return HTTP_CLIENT_ANSWERED;
	*problem = arena_copy(arena, str_of(*said ? said : curl_easy_strerror(code)));
	return sent ? HTTP_CLIENT_UNANSWERED : HTTP_CLIENT_UNREACHABLE;
}

enum http_client_outcome http_client_send(struct arena *arena, const struct http_client_request *request,
	struct http_client_answer *answer, str *problem)
{
	CURL *handle = take_handle();
	CLEANUP(free_list) struct curl_slist *headers = header_list(arena, request);
	struct buf body = buf_new(arena, request->answer_max);
	char said[CURL_ERROR_SIZE] = "";
	set_request(handle, arena, request);
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, said);
	CURLcode code = curl_easy_perform(handle);
	enum http_client_outcome outcome = outcome_of(handle, code, said, answer, arena, problem);
	answer->body = buf_str(&body);
	/* It points to this stack, and the list of headers goes. */
	curl_easy_reset(handle);
	return outcome;
}
