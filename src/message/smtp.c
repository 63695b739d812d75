/* SPDX-License-Identifier: Apache-2.0 */
/* SMTP through libcurl. */
#include "message/smtp.h"

#include <curl/curl.h>
#include <pthread.h>

#include "base/fatal.h"
#include "message/mail.h"

enum { CONNECT_SECONDS = 10, TOTAL_SECONDS = 30 };

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare_library(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		fatal("curl_global_init failed");
}

static void close_handle(CURL **handle)
{
	curl_easy_cleanup(*handle);
}

static void free_list(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

static size_t hand_out(char *room, size_t size, size_t count, void *rest)
{
	str *content = rest;
	size_t len = size * count < content->len ? size * count : content->len;
	memcpy(room, content->data, len);
	*content = str_from(*content, len);
	return len;
}

/* Where plain text would do, an unknown certificate is no worse; where TLS is required it must be a good one. */
static void set_security(CURL *handle, const struct smtp_server *server)
{
	bool is_optional = !server->require_tls && !str_has_prefix(server->url, STR("smtps://"));
	curl_easy_setopt(handle, CURLOPT_USE_SSL, is_optional ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
	curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, is_optional ? 0L : 1L);
	curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, is_optional ? 0L : 2L);
}

static void set_server(CURL *handle, const struct smtp_server *server, struct arena *arena)
{
	curl_easy_setopt(handle, CURLOPT_URL, arena_copy(arena, server->url).data);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(handle, CURLOPT_PROXY, "");
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT, (long)TOTAL_SECONDS);
	if (str_is_set(server->username)) {
		curl_easy_setopt(handle, CURLOPT_USERNAME, arena_copy(arena, server->username).data);
		curl_easy_setopt(handle, CURLOPT_PASSWORD,
			str_is_set(server->password) ? arena_copy(arena, server->password).data : "");
	}
}

/* 53x is about login and encryption (RFC 4954, 6; RFC 3207, 4): the message is not at fault. */
static bool is_final(CURLcode code, long answer)
{
	return answer >= 500 && answer <= 599 && answer / 10 != 53 && code != CURLE_LOGIN_DENIED &&
		code != CURLE_USE_SSL_FAILED;
}

static bool explain(CURL *handle, CURLcode code, const char *said, struct arena *arena, bool *is_permanent, str *problem)
{
	long answer = 0;
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
	*is_permanent = is_final(code, answer);
	*problem = arena_printf(arena, "%s (last answer %ld)", *said ? said : curl_easy_strerror(code), answer);
	return false;
}

bool smtp_send(const struct smtp_server *server, struct arena *arena, str from_address, str to_address, str content,
	bool *is_permanent, str *problem)
{
	char said[CURL_ERROR_SIZE] = "";
	*is_permanent = true;
	*problem = STR("an address is not plain");
	if (!mail_address_is_plain(from_address) || !mail_address_is_plain(to_address))
		return false;
	pthread_once(&once, prepare_library);
	CLEANUP(close_handle) CURL *handle = curl_easy_init();
	CLEANUP(free_list) struct curl_slist *recipients =
		curl_slist_append(NULL, arena_printf(arena, "<%.*s>", STR_ARG(to_address)).data);
	if (!handle || !recipients)
		fatal("out of memory");
	set_server(handle, server, arena);
	set_security(handle, server);
	curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, said);
	curl_easy_setopt(handle, CURLOPT_MAIL_FROM, arena_printf(arena, "<%.*s>", STR_ARG(from_address)).data);
	curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(handle, CURLOPT_READFUNCTION, hand_out);
	curl_easy_setopt(handle, CURLOPT_READDATA, &content);
	CURLcode code = curl_easy_perform(handle);
	if (code != CURLE_OK)
		return explain(handle, code, said, arena, is_permanent, problem);
	*is_permanent = false;
	*problem = STR_NONE;
	return true;
}
