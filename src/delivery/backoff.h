/* SPDX-License-Identifier: Apache-2.0 */
/* How long to wait before the next try: 5 seconds, doubled by each failure up to 15 minutes, and up to a
   quarter more by chance, so that what failed together does not come back together. */
#pragma once

#include <stdint.h>

/* Milliseconds after the failure that was number `failures` in a row, counted from 1. */
int64_t backoff_delay(int64_t failures);
