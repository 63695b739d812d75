/* SPDX-License-Identifier: Apache-2.0 */
/* TLS of the HTTP server, with keys and certificates made for each run, as libcurl sees it. */
#include "unit/cases.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/log.h"
#include "base/settings.h"
#include "http/server.h"

static struct arena *arena;
static char folder[] = "/tmp/test_tls.XXXXXX";

static str path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

static FILE *create(const char *name)
{
	FILE *file = fopen(path_of(name).data, "w");
	assert_non_null(file);
	return file;
}

static void write_key(EVP_PKEY *key, const char *name)
{
	FILE *file = create(name);
	assert_true(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
	fclose(file);
}

static void write_certificate(EVP_PKEY *key, const char *name)
{
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_get_subject_name(certificate);
	FILE *file = create(name);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(certificate, subject);
	X509_set_pubkey(certificate, key);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	assert_true(PEM_write_X509(file, certificate));
	fclose(file);
	X509_free(certificate);
}

static int make_files(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
	(void)state;
	arena = arena_new();
	assert_non_null(mkdtemp(folder));
	write_key(key, "key.pem");
	write_key(other, "other.pem");
	write_certificate(key, "cert.pem");
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	return 0;
}

static int remove_files(void **state)
{
	static const char *const names[] = { "key.pem", "other.pem", "cert.pem" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(path_of(names[i]).data);
	rmdir(folder);
	arena_free(&arena);
	return 0;
}

static void answer(struct request *request, const struct message_request *message, struct message_response *response)
{
	(void)request;
	response->status = message->is_tls ? 200 : 500;
	response->body = STR("ok");
}

static struct http_server *start(const char *cert, const char *key, struct settings *settings, str *problem)
{
	static const struct http_handlers handlers = { .blocking = answer };
	*settings = (struct settings){ .listen = STR("127.0.0.1:0"),
		.http_threads = 2,
		.worker_threads = 1,
		.queue_limit = 8,
		.body_limit = 1024,
		.connection_limit = 16,
		.idle_timeout = 30,
		.tls_cert = path_of(cert),
		.tls_key = path_of(key) };
	return http_server_start(arena, settings, &handlers, problem);
}

static size_t swallow(char *data, size_t size, size_t count, void *unused)
{
	(void)data, (void)unused;
	return size * count;
}

/* The status of one request, 0 when none came. `highest` is one of CURL_SSLVERSION_MAX_... */
static long ask(const char *scheme, unsigned port, long highest)
{
	long status = 0;
	CURL *handle = curl_easy_init();
	curl_easy_setopt(handle, CURLOPT_URL, arena_printf(arena, "%s://127.0.0.1:%u/", scheme, port).data);
	curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(handle, CURLOPT_SSLVERSION, highest);
	curl_easy_setopt(handle, CURLOPT_PROXY, "");
	curl_easy_setopt(handle, CURLOPT_TIMEOUT, 20L);
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_perform(handle);
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(handle);
	return status;
}

static void test_versions(void **state)
{
	struct settings settings;
	str problem = STR("");
	struct http_server *server = start("cert.pem", "key.pem", &settings, &problem);
	(void)state;
	assert_str_equal(problem, STR(""));
	unsigned port = http_server_port(server);
	assert_int_equal(ask("https", port, CURL_SSLVERSION_MAX_TLSv1_3), 200);
	assert_int_equal(ask("https", port, CURL_SSLVERSION_MAX_TLSv1_2), 200);
	assert_int_equal(ask("https", port, CURL_SSLVERSION_MAX_TLSv1_1), 0);
	assert_int_equal(ask("http", port, CURL_SSLVERSION_MAX_DEFAULT), 0);
	http_server_drain_and_stop(&server);
}

static void test_unusable_files_are_named(void **state)
{
	static const struct {
		const char *cert, *key, *says;
	} cases[] = {
		{ "cert.pem", "other.pem", "cannot speak TLS with certificate" },
		{ "key.pem", "key.pem", "cannot speak TLS with certificate" },
		{ "absent.pem", "key.pem", "cannot read" },
		{ "cert.pem", "absent.pem", "cannot read" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct settings settings;
		str problem = STR("");
		assert_null(start(cases[i].cert, cases[i].key, &settings, &problem));
		assert_case(str_has_prefix(problem, str_of(cases[i].says)), cases[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_unusable_files_are_named),
	};
	log_set_level(LOG_ERROR);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
