/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes and UUIDs. The fixed sequence for wire tests is splitmix64; it never runs unless a test asks for it. */
#define _GNU_SOURCE
#include "base/entropy.h"

#include <stdatomic.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/fatal.h"

static atomic_uint_fast64_t fixed_state;

void entropy_fix(uint64_t seed)
{
	fixed_state = seed;
}

static uint64_t next_fixed(void)
{
	uint64_t z = fixed_state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void fill_fixed(unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (unsigned char)(next_fixed() >> 56);
}

void entropy_fill(void *bytes, size_t len)
{
	if (fixed_state) {
		fill_fixed(bytes, len);
		return;
	}
	for (size_t done = 0; done < len;) {
		ssize_t got = getrandom((char *)bytes + done, len - done, 0);
		if (got < 0)
			fatal("getrandom failed");
		done += (size_t)got;
	}
}

str uuid_new(struct arena *arena)
{
	unsigned char b[16];
	entropy_fill(b, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	return arena_printf(arena,
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
		b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}
