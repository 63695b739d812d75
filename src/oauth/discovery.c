/* SPDX-License-Identifier: Apache-2.0 */
/* Discovery documents: made once per pool and kept. A copy is used until a pool changes in this process, and no longer
   than a few seconds, for pools that another process changed; the answer lets clients keep it far longer. */
#include "oauth/discovery.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/jsontext.h"
#include "userpool/cache.h"
#include "userpool/pool.h"
#include "userpool/pool_key.h"

enum { CACHED_POOLS = 256, KEPT_FOR = 5 * SECOND, DOCUMENT_MAX_BYTES = 16 * 1024 };

struct documents {
	str configuration, key_set;
};

/* --- Making --- */

static void add_endpoint(struct arena *arena, struct buf *text, const char *name, str issuer, const char *path)
{
	jsontext_add_string_member(text, str_of(name), arena_printf(arena, "%.*s%s", STR_ARG(issuer), path));
}

static void add_list(struct buf *text, const char *name, const char *const *values)
{
	jsontext_add_name(text, str_of(name));
	buf_add_char(text, '[');
	for (; *values; values++) {
		jsontext_add_separator(text);
		jsontext_add_string(text, str_of(*values));
	}
	buf_add_char(text, ']');
}

/* Member for member what Cognito shows of a pool without a domain. Discovery 1.0, 3 requires the endpoints of the
   browser's flows of every provider, and client libraries refuse a document without them. */
static str configuration(struct arena *arena, str issuer)
{
	static const char *const algorithms[] = { "RS256", NULL }, *const responses[] = { "code", "token", NULL },
				 *const scopes[] = { "openid", "email", "phone", "profile", NULL },
				 *const subjects[] = { "public", NULL },
				 *const methods[] = { "client_secret_basic", "client_secret_post", NULL };
	struct buf text = buf_new(arena, DOCUMENT_MAX_BYTES);
	buf_add_char(&text, '{');
	add_endpoint(arena, &text, "authorization_endpoint", issuer, "/oauth2/authorize");
	add_endpoint(arena, &text, "end_session_endpoint", issuer, "/logout");
	add_list(&text, "id_token_signing_alg_values_supported", algorithms);
	add_endpoint(arena, &text, "issuer", issuer, "");
	add_endpoint(arena, &text, "jwks_uri", issuer, "/.well-known/jwks.json");
	add_list(&text, "response_types_supported", responses);
	add_endpoint(arena, &text, "revocation_endpoint", issuer, "/oauth2/revoke");
	add_list(&text, "scopes_supported", scopes);
	add_list(&text, "subject_types_supported", subjects);
	add_endpoint(arena, &text, "token_endpoint", issuer, "/oauth2/token");
	add_list(&text, "token_endpoint_auth_methods_supported", methods);
	add_endpoint(arena, &text, "userinfo_endpoint", issuer, "/oauth2/userInfo");
	buf_add_char(&text, '}');
	return buf_str(&text);
}

static RESULT load(struct request *request, struct arena *arena, str pool_id, const void **object)
{
	struct documents *documents = ARENA_NEW(arena, struct documents);
	const struct user_pool *pool;
	const struct pool_keys *keys;
	TRY(pool_find(request, pool_id, &pool));
	TRY(pool_key_find(request, pool, &keys));
	documents->configuration = configuration(arena, pool->issuer);
	documents->key_set = arena_copy(arena, keys->jwks);
	*object = documents;
	return OK;
}

/* --- Keeping --- */

/* Lives as long as the process: threads may still hold copies when it ends. */
static struct cache *cached_documents;

static void make_cache(void)
{
	cached_documents = cache_new(CACHED_POOLS, load);
}

static struct cache *cache_of_all(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_cache);
	return cached_documents;
}

/* Must be read before what the copy is made of. */
static int64_t current_version(const struct request *request)
{
	uint64_t period = (uint64_t)(request->now / KEPT_FOR);
	return (int64_t)(period << 24 | (pool_generation() & 0xffffff));
}

/* --- Answering --- */

struct document {
	str suffix;
	size_t offset; /* in struct documents */
};

static const struct document kinds[] = {
	{ STR_INIT("/.well-known/jwks.json"), offsetof(struct documents, key_set) },
	{ STR_INIT("/.well-known/openid-configuration"), offsetof(struct documents, configuration) },
};

/* Letters, digits, '-' and '_': whatever else there is, no pool has it, and it needs no care in an answer. */
static bool is_pool_id(str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && c != '-' && c != '_')
			return false;
	}
	return text.len > 0;
}

/* NULL for a path that is not "/<pool id>" and one of the suffixes. */
static const struct document *document_of(str path, str *pool_id)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_has_suffix(path, kinds[i].suffix)) {
			*pool_id = str_slice(path, 1, path.len - kinds[i].suffix.len - 1);
			return path.len > kinds[i].suffix.len && is_pool_id(*pool_id) ? &kinds[i] : NULL;
		}
	return NULL;
}

static void answer(struct message_response *response, unsigned status, str cache_control, str body)
{
	response->status = status;
	response->body = body;
	message_add_header(response, STR("Content-Type"), STR("application/json"));
	message_add_header(response, STR("Cache-Control"), cache_control);
}

static void answer_document(struct message_response *response, const struct documents *documents,
	const struct document *document)
{
	const str *body = (const str *)(const void *)((const char *)documents + document->offset);
	answer(response, 200, STR("public, max-age=3600"), *body);
}

static void answer_failure(struct request *request, struct message_response *response)
{
	struct buf body = buf_new(request->arena, DOCUMENT_MAX_BYTES);
	buf_add_char(&body, '{');
	jsontext_add_string_member(&body, STR("message"), request->message);
	buf_add_char(&body, '}');
	answer(response, error_kind(request->error)->rest_status, STR("no-store"), buf_str(&body));
}

static bool is_get(const struct message_request *message)
{
	return str_equal(message->method, STR("GET"));
}

bool discovery_answer_ready(struct request *request, const struct message_request *message,
	struct message_response *response)
{
	str pool_id;
	const void *documents;
	const struct document *document = document_of(message->path, &pool_id);
	if (!document || !is_get(message) ||
		!cache_peek(cache_of_all(), request, pool_id, current_version(request), &documents))
		return false;
	answer_document(response, documents, document);
	return true;
}

bool discovery_answer(struct request *request, const struct message_request *message,
	struct message_response *response)
{
	str pool_id;
	const void *documents;
	const struct document *document = document_of(message->path, &pool_id);
	if (!document)
		return false;
	if (!is_get(message)) {
		answer(response, 405, STR("no-store"), STR("{\"message\":\"Method not allowed.\"}"));
		message_add_header(response, STR("Allow"), STR("GET, HEAD"));
	} else if (result_is_ok(cache_get(
			   cache_of_all(), request, pool_id, current_version(request), &documents))) {
		answer_document(response, documents, document);
	} else {
		answer_failure(request, response);
	}
	return true;
}
