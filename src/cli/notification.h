/* SPDX-License-Identifier: Apache-2.0 */
/* What a service manager hears of a server: datagrams to the socket that NOTIFY_SOCKET names, as sd_notify(3) says,
   without systemd's library. Nothing happens where nobody listens. */
#pragma once

#include "base/str.h"

/* It serves at this URL from now on, and again after a reload. */
void notification_ready(str url);

/* It reads its configuration again. */
void notification_reloading(void);

/* It has begun to end. */
void notification_stopping(void);
