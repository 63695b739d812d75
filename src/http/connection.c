/* SPDX-License-Identifier: Apache-2.0 */
/* Connections and their deadlines. A deadline is set without a lock; one thread looks at all of them each second. */
#include "http/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/fatal.h"

struct connection_list {
	pthread_mutex_t lock;
	pthread_cond_t stopped;
	bool stopping;
	pthread_t sweeper;
	struct connection *first;
	atomic_uint_fast64_t length, total;
};

/* A socket that is shut down wakes its event loop, which then sees the end and closes it. */
static void shut_overdue(struct connection_list *list)
{
	int64_t now = clock_monotonic_us();
	for (struct connection *c = list->first; c; c = c->next)
		if (atomic_load_explicit(&c->deadline, memory_order_relaxed) < now)
			shutdown(c->socket, SHUT_RDWR);
}

static void *sweep(void *argument)
{
	struct connection_list *list = argument;
	pthread_mutex_lock(&list->lock);
	while (!list->stopping) {
		struct timespec until;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&list->stopped, &list->lock, &until);
		shut_overdue(list);
	}
	pthread_mutex_unlock(&list->lock);
	return NULL;
}

struct connection_list *connection_list_new(void)
{
	struct connection_list *list = calloc(1, sizeof *list);
	if (!list)
		fatal("out of memory");
	pthread_mutex_init(&list->lock, NULL);
	pthread_cond_init(&list->stopped, NULL);
	if (pthread_create(&list->sweeper, NULL, sweep, list))
		fatal("cannot start a thread");
	return list;
}

void connection_list_free(struct connection_list **handle)
{
	struct connection_list *list = *handle;
	if (!list)
		return;
	pthread_mutex_lock(&list->lock);
	list->stopping = true;
	pthread_cond_signal(&list->stopped);
	pthread_mutex_unlock(&list->lock);
	pthread_join(list->sweeper, NULL);
	pthread_cond_destroy(&list->stopped);
	pthread_mutex_destroy(&list->lock);
	free(list);
	*handle = NULL;
}

uint64_t connection_list_length(const struct connection_list *list)
{
	return list->length;
}

uint64_t connection_list_total(const struct connection_list *list)
{
	return list->total;
}

static void find_address(struct connection *connection)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} peer;
	socklen_t len = sizeof peer;
	const char *text = NULL;
	if (getpeername(connection->socket, &peer.any, &len))
		return;
	if (peer.any.sa_family == AF_INET)
		text = inet_ntop(AF_INET, &peer.v4.sin_addr, connection->address_text, INET6_ADDRSTRLEN);
	else if (peer.any.sa_family == AF_INET6)
		text = inet_ntop(AF_INET6, &peer.v6.sin6_addr, connection->address_text, INET6_ADDRSTRLEN);
	connection->address = str_of(text);
}

struct connection *connection_open(struct connection_list *list, int socket, unsigned seconds)
{
	struct connection *connection = calloc(1, sizeof *connection);
	if (!connection)
		fatal("out of memory");
	connection->socket = socket;
	find_address(connection);
	connection_set_deadline(connection, clock_monotonic_us(), seconds);
	pthread_mutex_lock(&list->lock);
	connection->next = list->first;
	if (list->first)
		list->first->previous = connection;
	list->first = connection;
	pthread_mutex_unlock(&list->lock);
	list->length++;
	list->total++;
	return connection;
}

void connection_close(struct connection_list *list, struct connection **handle)
{
	struct connection *connection = *handle;
	if (!connection)
		return;
	pthread_mutex_lock(&list->lock);
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		list->first = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	pthread_mutex_unlock(&list->lock);
	list->length--;
	free(connection);
	*handle = NULL;
}

void connection_set_deadline(struct connection *connection, int64_t now, unsigned seconds)
{
	int64_t deadline = seconds ? now + (int64_t)seconds * 1000000 : INT64_MAX;
	atomic_store_explicit(&connection->deadline, deadline, memory_order_relaxed);
}
