/* SPDX-License-Identifier: Apache-2.0 */
/* What all traffic to servers of others has in common. */
#pragma once

#include <curl/curl.h>

#include "base/arena.h"

/* Has to be called before any other call of the library; any thread, any number of times. */
void transfer_prepare(void);

/* Goes through `proxy`, or straight when that is absent: never by what the environment says. TLS 1.2 and newer alone,
   trusting the certificates in the PEM file `ca_file`, or those of the system when that is absent. */
void transfer_set_path(CURL *handle, struct arena *arena, str proxy, str ca_file);
