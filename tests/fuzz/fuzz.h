/* SPDX-License-Identifier: Apache-2.0 */
/* What a fuzz target is: one function that takes any bytes, and aborts when something is wrong. libFuzzer
   calls it again and again; replay.c calls it once for each file of the corpus. */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline str fuzz_text(const uint8_t *data, size_t size)
{
	return (str){ (const char *)data, size };
}

/* A failed request has a code and a text that a protocol can carry: the answer is JSON again. */
void fuzz_check_failure(struct request *request);
