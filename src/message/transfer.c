/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl, as far as its users agree. */
#include "message/transfer.h"

#include <pthread.h>

#include "base/fatal.h"

static void prepare_library(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		fatal("curl_global_init failed");
}

void transfer_prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, prepare_library);
}

void transfer_set_path(CURL *handle, struct arena *arena, str proxy, str ca_file)
{
	/* An empty text turns off what the variables http_proxy, all_proxy and no_proxy ask for. */
	curl_easy_setopt(handle, CURLOPT_PROXY, str_is_set(proxy) ? arena_copy(arena, proxy).data : "");
	curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
	curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (str_is_set(ca_file))
		curl_easy_setopt(handle, CURLOPT_CAINFO, arena_copy(arena, ca_file).data);
	/* Signals belong to the process; a timeout needs none with threads that resolve names. */
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
}
