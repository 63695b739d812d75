/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets in memory: compared without telling how much of them fits, and wiped. */
#pragma once

#include "base/str.h"

/* Takes the same time for every content of one length; the lengths may leak. An absent text equals nothing, not
   even another absent one. */
bool secret_equal(str a, str b);

/* Zeroes the bytes, whatever the optimizer thinks of it. */
void secret_wipe(void *bytes, size_t len);
