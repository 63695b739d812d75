/* SPDX-License-Identifier: Apache-2.0 */
/* The cryptographic libraries, made ready. Every function of this room that needs it calls it by itself. */
#pragma once

/* Starts libsodium, OpenSSL and liboath once per process; cheap when done, safe from any thread. */
void library_start(void);
