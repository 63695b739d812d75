/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing and wiping. */
#include "crypto/secret.h"

#include <sodium.h>

bool secret_equal(str a, str b)
{
	if (!a.data || !b.data || a.len != b.len)
		return false;
	return sodium_memcmp(a.data, b.data, a.len) == 0;
}

void secret_wipe(void *bytes, size_t len)
{
	sodium_memzero(bytes, len);
}
