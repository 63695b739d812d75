/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for bytes: hexadecimal, base64 and base64url (RFC 4648). Not constant-time: never decode a secret that
   an attacker may time; compare decoded secrets with secret_equal(). */
#pragma once

#include "base/arena.h"

/* Lower case. */
str hex_encode(struct arena *arena, str bytes);

/* Either case, an even number of digits; false otherwise. */
bool hex_decode(struct arena *arena, str text, str *bytes);

/* With padding. */
str base64_encode(struct arena *arena, str bytes);

/* Padding required, no white space, no other alphabet; false otherwise. */
bool base64_decode(struct arena *arena, str text, str *bytes);

/* Without padding, as JOSE wants it. */
str base64url_encode(struct arena *arena, str bytes);
bool base64url_decode(struct arena *arena, str text, str *bytes);
