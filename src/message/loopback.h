/* SPDX-License-Identifier: Apache-2.0 */
/* Whether somebody is on this machine, told by an address or a name that leads nowhere else. */
#pragma once

#include "base/str.h"

/* A numeric address of the loopback network: 127.0.0.0/8, ::1, and the former written as IPv6. */
bool loopback_is_address(str address);

/* "host" or "host:port", as in URLs and the header Host: such an address, an IPv6 one in brackets, or "localhost". */
bool loopback_is_host(str host);
