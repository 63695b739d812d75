/* SPDX-License-Identifier: Apache-2.0 */
/* Notifications. A manager that cannot be told gives up on its own; nothing is gained by a complaint. */
#include "cli/notification.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

enum { STATE_MAX = 512 };

/* "/run/systemd/notify", or "@name" for a name without a file. False for anything else. */
static bool find_address(struct sockaddr_un *address, socklen_t *len)
{
	str path = str_of(getenv("NOTIFY_SOCKET"));
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (path.len < 2 || path.len >= sizeof address->sun_path ||
		(path.data[0] != '/' && path.data[0] != '@'))
		return false;
	memcpy(address->sun_path, path.data, path.len);
	if (path.data[0] == '@')
		address->sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.len);
	return true;
}

static void notify(const char *state)
{
	struct sockaddr_un address;
	socklen_t len;
	if (!find_address(&address, &len))
		return;
	int opened = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (opened < 0)
		return;
	ssize_t sent = sendto(opened, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, len);
	(void)sent;
	close(opened);
}

void notification_ready(str url)
{
	char state[STATE_MAX];
	snprintf(state, sizeof state, "READY=1\nSTATUS=Serving at %.*s", STR_ARG(url));
	notify(state);
}

/* Without the time the manager could take it for a word of an earlier reload. */
void notification_reloading(void)
{
	char state[STATE_MAX];
	snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_monotonic_us());
	notify(state);
}

void notification_stopping(void)
{
	notify("STOPPING=1\nSTATUS=Answering what was asked, then ending");
}
