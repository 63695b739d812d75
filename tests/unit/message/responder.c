/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem, strcasestr */
#include "unit/message/responder.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/cases.h"

enum { HEARD_MAX = 100000 };

/* The length that the headers name. */
static size_t body_length(struct arena *arena, str headers)
{
	const char *text = arena_copy(arena, headers).data;
	const char *found = strcasestr(text, "\r\nContent-Length:");
	return found ? (size_t)atoi(found + sizeof "\r\nContent-Length:" - 1) : 0;
}

/* Whether `heard` is a whole request. */
static bool is_whole(struct arena *arena, str heard)
{
	const char *end = memmem(heard.data, heard.len, "\r\n\r\n", 4);
	if (!end)
		return false;
	size_t head = (size_t)(end - heard.data) + 4;
	return heard.len - head >= body_length(arena, str_slice(heard, 0, head));
}

static bool hear_request(struct responder *responder, int client)
{
	char byte;
	size_t before = responder->heard.len;
	while (read(client, &byte, 1) == 1) {
		buf_add_char(&responder->heard, byte);
		if (is_whole(responder->arena, str_from(buf_str(&responder->heard), before)))
			return true;
	}
	return false;
}

static void *serve(void *argument)
{
	struct responder *responder = argument;
	int client = accept(responder->listener, NULL, NULL);
	for (size_t i = 0; i < responder->requests && hear_request(responder, client) && responder->answer; i++)
		assert_true(write(client, responder->answer, strlen(responder->answer)) >= 0);
	while (responder->is_slow && hear_request(responder, client))
		;
	close(client);
	return NULL;
}

void responder_start(struct responder *responder)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	responder->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	responder->arena = arena_new();
	responder->heard = buf_new(responder->arena, HEARD_MAX);
	responder->requests = responder->requests ? responder->requests : 1;
	assert_int_equal(bind(responder->listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(responder->listener, 1), 0);
	assert_int_equal(getsockname(responder->listener, (struct sockaddr *)&address, &len), 0);
	responder->port = ntohs(address.sin_port);
	assert_int_equal(pthread_create(&responder->thread, NULL, serve, responder), 0);
}

str responder_heard(struct responder *responder)
{
	if (responder->thread)
		pthread_join(responder->thread, NULL);
	responder->thread = 0;
	return arena_copy(responder->arena, buf_str(&responder->heard));
}

void responder_stop(struct responder *responder)
{
	responder_heard(responder);
	close(responder->listener);
	arena_free(&responder->arena);
}
