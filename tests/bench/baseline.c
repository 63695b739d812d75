/* SPDX-License-Identifier: Apache-2.0 */
/* What the server is held against: the work that nobody can leave out, and nothing around it. One line of output,
   operations per second, except for `http`, which serves until it is killed.

       baseline sign SECONDS          two RSA-2048 signatures
       baseline hash SECONDS          one argon2id of 19 MiB and 2 passes, two RSA-2048 signatures
       baseline sync SECONDS FOLDER   one small write, one fdatasync
       baseline http BYTES            a bare libmicrohttpd that answers everything with that many bytes */
#define _GNU_SOURCE /* pwrite */
#include <fcntl.h>
#include <microhttpd.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/request.h"
#include "base/settings.h"
#include "crypto/password_hash.h"
#include "crypto/signing_key.h"

enum { SIGNATURES = 2, DIGEST_BYTES = 32, SMALL_WRITE = 512, MICROSECONDS = 1000000 };

static void must(int outcome, const char *what)
{
	if (outcome <= 0)
		fatal("%s failed", what);
}

static double rate_of(void (*operation)(void *), void *context, const char *seconds)
{
	int64_t start = clock_monotonic_us(), end = start + atoi(seconds) * (int64_t)MICROSECONDS, now;
	int64_t count = 0;
	do {
		operation(context);
		count++;
		now = clock_monotonic_us();
	} while (now < end);
	return (double)count * MICROSECONDS / (double)(now - start);
}

/* --- Signatures: OpenSSL itself, with all that can be set up once set up --- */

static EVP_PKEY_CTX *prepare_signer(void)
{
	EVP_PKEY *key = EVP_RSA_gen(SIGNING_KEY_BITS);
	EVP_PKEY_CTX *signer = EVP_PKEY_CTX_new(key, NULL);
	must(EVP_PKEY_sign_init(signer), "EVP_PKEY_sign_init");
	must(EVP_PKEY_CTX_set_rsa_padding(signer, RSA_PKCS1_PADDING), "EVP_PKEY_CTX_set_rsa_padding");
	must(EVP_PKEY_CTX_set_signature_md(signer, EVP_sha256()), "EVP_PKEY_CTX_set_signature_md");
	EVP_PKEY_free(key);
	return signer;
}

static void sign_twice(void *signer)
{
	static const unsigned char digest[DIGEST_BYTES] = { 1 };
	for (int i = 0; i < SIGNATURES; i++) {
		unsigned char signature[SIGNATURE_LEN];
		size_t len = sizeof signature;
		must(EVP_PKEY_sign(signer, signature, &len, digest, sizeof digest), "EVP_PKEY_sign");
	}
}

static int sign(char **arguments)
{
	EVP_PKEY_CTX *signer = prepare_signer();
	printf("%.1f\n", rate_of(sign_twice, signer, arguments[0]));
	EVP_PKEY_CTX_free(signer);
	return 0;
}

/* --- Passwords: the server's own hash, since that is what must be paid --- */

static const struct settings settings = { .argon2_memory_kib = 19456, .argon2_passes = 2 };

static void hash_and_sign(void *signer)
{
	struct request *request = request_new();
	request->settings = &settings;
	must(result_is_ok(password_hash_waste(request, STR("Passw0rd!"))), "argon2id");
	request_free(&request);
	sign_twice(signer);
}

static int hash(char **arguments)
{
	EVP_PKEY_CTX *signer = prepare_signer();
	printf("%.1f\n", rate_of(hash_and_sign, signer, arguments[0]));
	EVP_PKEY_CTX_free(signer);
	return 0;
}

/* --- The disk: the same block again and again, which asks the least of it --- */

static void write_and_sync(void *context)
{
	const int *file = context;
	static const char block[SMALL_WRITE] = "sign-up";
	must(pwrite(*file, block, sizeof block, 0) == sizeof block, "pwrite");
	must(fdatasync(*file) == 0, "fdatasync");
}

static int sync_small(char **arguments)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/bench-XXXXXX", arguments[1]);
	int file = mkstemp(path);
	must(file >= 0, path);
	unlink(path);
	printf("%.1f\n", rate_of(write_and_sync, &file, arguments[0]));
	close(file);
	return 0;
}

/* --- HTTP: the server's library and threads, one answer made beforehand --- */

static enum MHD_Result answer(void *response, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_size, void **context)
{
	(void)url, (void)method, (void)version, (void)upload, (void)upload_size;
	/* The library closes a connection that is answered at the first of its two calls. */
	if (!*context) {
		*context = response;
		return MHD_YES;
	}
	return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

static int http(char **arguments)
{
	size_t len = (size_t)atol(arguments[0]);
	char *body = calloc(len, 1);
	if (!body)
		fatal("out of memory");
	memset(body, 'x', len);
	struct MHD_Response *response = MHD_create_response_from_buffer(len, body, MHD_RESPMEM_PERSISTENT);
	must(MHD_add_response_header(response, "Content-Type", "application/json"),
		"MHD_add_response_header");
	struct MHD_Daemon *daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, response, MHD_OPTION_END);
	must(daemon != NULL, "MHD_start_daemon");
	printf("listening on http://127.0.0.1:%u\n",
		(unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	for (;;)
		pause();
}

static const struct {
	const char *name;
	int argument_count;
	int (*run)(char **arguments);
} commands[] = {
	{ "sign", 1, sign },
	{ "hash", 1, hash },
	{ "sync", 2, sync_small },
	{ "http", 1, http },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0 && argc == commands[i].argument_count + 2)
			return commands[i].run(argv + 2);
	fputs("usage: baseline sign SECONDS | hash SECONDS | sync SECONDS FOLDER | http BYTES\n", stderr);
	return 2;
}
