/* SPDX-License-Identifier: Apache-2.0 */
/* Start of libsodium, OpenSSL and liboath. libsodium takes its randomness from base/entropy.h, so that what a test
   fixes is fixed everywhere. OpenSSL reads no configuration file: it costs time at each start, and the algorithms here
   are not for a system file to change. */
#include "crypto/library.h"

#include <liboath/oath.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <sodium.h>

#include "base/entropy.h"
#include "base/fatal.h"

static const char *generator_name(void)
{
	return "entropy_fill";
}

static uint32_t generator_number(void)
{
	uint32_t number;
	entropy_fill(&number, sizeof number);
	return number;
}

static void start(void)
{
	/* libsodium keeps the address and wants it writable. */
	static randombytes_implementation generator = {
		.implementation_name = generator_name,
		.random = generator_number,
		.buf = entropy_fill,
	};
	randombytes_set_implementation(&generator);
	if (sodium_init() < 0)
		fatal("libsodium cannot start");
	if (!OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL))
		fatal("OpenSSL cannot start");
	if (oath_init() != OATH_OK)
		fatal("liboath cannot start");
}

void library_start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, start);
}
