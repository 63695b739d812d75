/* SPDX-License-Identifier: Apache-2.0 */
/* The socket that the server listens on. */
#pragma once

#include "base/arena.h"

/* Listens on ADDRESS:PORT or [V6]:PORT; port 0 takes a free one. Returns the socket, non-blocking, or -1 with a
   text for the operator in `*problem`. */
int listener_open(struct arena *arena, str address, str *problem);

/* The port that a socket is bound to. */
unsigned listener_port(int socket);
