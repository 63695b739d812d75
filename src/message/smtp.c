/* SPDX-License-Identifier: Apache-2.0 */
/* SMTP through libcurl. */
#include "message/smtp.h"

#include <curl/curl.h>

#include "base/fatal.h"
#include "message/loopback.h"
#include "message/mail.h"
#include "message/transfer.h"

enum { CONNECT_SECONDS = 10, TOTAL_SECONDS = 30 };

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

static bool is_on_this_machine(const struct smtp_server *server)
{
	str rest = str_from(server->url, (size_t)str_find_char(server->url, ':') + sizeof "://" - 1);
	return loopback_is_host(str_split(&rest, '/'));
}

/* A log-in must not be read, or asked for by somebody else, between two machines: whoever is in between need
   only take STARTTLS out of the server's greeting. */
static bool needs_tls(const struct smtp_server *server)
{
	return server->require_tls || str_has_prefix(server->url, STR("smtps://")) ||
	       (str_is_set(server->username) && !is_on_this_machine(server));
}

/* Where plain text would do, an unknown certificate is no worse; where TLS is needed it must be a good one.
 */
static void set_security(CURL *handle, const struct smtp_server *server)
{
	bool is_optional = !needs_tls(server);
	curl_easy_setopt(handle, CURLOPT_USE_SSL, is_optional ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
	curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, is_optional ? 0L : 1L);
	curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, is_optional ? 0L : 2L);
}

static void set_server(CURL *handle, const struct smtp_server *server, struct arena *arena)
{
	curl_easy_setopt(handle, CURLOPT_URL, arena_copy(arena, server->url).data);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	transfer_set_path(handle, arena, STR_NONE, server->ca_file);
	curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT, (long)TOTAL_SECONDS);
	if (str_is_set(server->username)) {
		curl_easy_setopt(handle, CURLOPT_USERNAME, arena_copy(arena, server->username).data);
		curl_easy_setopt(handle, CURLOPT_PASSWORD,
			str_is_set(server->password) ? arena_copy(arena, server->password).data : "");
	}
}

/* What libcurl reports while it talks to the server. */
struct conversation {
	str rest; /* of the content */
	bool named_recipient; /* from then on answers are about this message, before about all */
	char said[CURL_ERROR_SIZE];
};

static int note_command(CURL *handle, curl_infotype kind, char *data, size_t len, void *context)
{
	(void)handle;
	struct conversation *conversation = context;
	if (kind == CURLINFO_HEADER_OUT && str_has_prefix((str){ data, len }, STR("RCPT ")))
		conversation->named_recipient = true;
	return 0;
}

/* 53x is about login and encryption (RFC 4954, 6; RFC 3207, 4), 421 about the server (RFC 5321, 3.8). */
static enum smtp_outcome outcome_of(const struct conversation *conversation, long answer)
{
	if (!conversation->named_recipient || answer < 400 || answer == 421 || answer / 10 == 53)
		return SMTP_DOWN;
	return answer < 500 ? SMTP_DEFERRED : SMTP_REFUSED;
}

static enum smtp_outcome converse(
	CURL *handle, struct conversation *conversation, struct arena *arena, str *problem)
{
	curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, conversation->said);
	curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, note_command);
	curl_easy_setopt(handle, CURLOPT_DEBUGDATA, conversation);
	curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(handle, CURLOPT_READFUNCTION, hand_out);
	curl_easy_setopt(handle, CURLOPT_READDATA, &conversation->rest);
	CURLcode code = curl_easy_perform(handle);
	if (code == CURLE_OK)
		return SMTP_SENT;
	long answer = 0;
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
	*problem = arena_printf(arena, "%s (last answer %ld)",
		*conversation->said ? conversation->said : curl_easy_strerror(code), answer);
	return outcome_of(conversation, answer);
}

enum smtp_outcome smtp_send(const struct smtp_server *server, struct arena *arena, str from_address,
	str to_address, str content, str *problem)
{
	if (!mail_address_is_plain(from_address) || !mail_address_is_plain(to_address)) {
		*problem = STR("an address is not plain");
		return SMTP_REFUSED;
	}
	transfer_prepare();
	CLEANUP(close_handle) CURL *handle = curl_easy_init();
	CLEANUP(free_list)
	struct curl_slist *recipients =
		curl_slist_append(NULL, arena_printf(arena, "<%.*s>", STR_ARG(to_address)).data);
	if (!handle || !recipients)
		fatal("out of memory");
	set_server(handle, server, arena);
	set_security(handle, server);
	curl_easy_setopt(
		handle, CURLOPT_MAIL_FROM, arena_printf(arena, "<%.*s>", STR_ARG(from_address)).data);
	curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
	struct conversation conversation = { .rest = content };
	return converse(handle, &conversation, arena, problem);
}
