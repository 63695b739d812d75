/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes and UUIDs. The fixed sequence for wire tests is splitmix64; it never runs unless a test asks
 * for it. */
#define _GNU_SOURCE
#include "base/entropy.h"

#include <stdatomic.h>
#include <sys/random.h>

#include "base/fatal.h"

static atomic_uint_fast64_t fixed_state;

void entropy_fix(uint64_t seed)
{
	fixed_state = seed;
}

static uint64_t next_fixed(void)
{
	const uint64_t step = 0x9e3779b97f4a7c15u;
	uint64_t z = atomic_fetch_add(&fixed_state, step) + step;
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

/* Each request has one: many times faster than sixteen "%02x". */
static str format_uuid(struct arena *arena, const unsigned char bytes[16])
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(arena, UUID_TEXT_LEN + 1), *at = text;
	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		*at++ = digits[bytes[i] >> 4];
		*at++ = digits[bytes[i] & 15];
	}
	return (str){ text, UUID_TEXT_LEN };
}

/* Each request takes one, so a thread fetches the bytes of several with one system call. A UUID is a name,
   not a secret; keys and codes come from entropy_fill() alone. */
static void fill_uuid(unsigned char bytes[16])
{
	static _Thread_local unsigned char stock[512];
	static _Thread_local size_t left;
	if (fixed_state) {
		entropy_fill(bytes, 16);
		return;
	}
	if (!left) {
		entropy_fill(stock, sizeof stock);
		left = sizeof stock;
	}
	left -= 16;
	memcpy(bytes, stock + left, 16);
}

str uuid_from(struct arena *arena, const unsigned char bytes[16])
{
	unsigned char b[16];
	memcpy(b, bytes, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	return format_uuid(arena, b);
}

str uuid_new(struct arena *arena)
{
	unsigned char bytes[16];
	fill_uuid(bytes);
	return uuid_from(arena, bytes);
}
