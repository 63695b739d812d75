/* SPDX-License-Identifier: Apache-2.0 */
/* What one request carries through the house: its memory, its clock, and the error that ended it.
   Also results: a function that can fail returns RESULT, and the reason stands in the request.

   Two audiences: FAIL's text goes to the caller, DETAIL's to the log alone. */
#pragma once

#include "base/arena.h"
#include "base/error.h"

typedef struct {
	bool ok;
} result;

/* The return type of a function that can fail; the compiler refuses to drop it. */
#define RESULT __attribute__((warn_unused_result)) result

#define OK ((result){ true })

static inline bool result_is_ok(result r)
{
	return r.ok;
}

/* Returns early when `expression` failed. The only macro with hidden control flow. */
#define TRY(expression)                            \
	do {                                       \
		result try_result_ = (expression); \
		if (!try_result_.ok)               \
			return try_result_;        \
	} while (0)

struct request {
	struct arena *arena;
	str id; /* UUID text, x-amzn-RequestId */
	int64_t now; /* milliseconds since 1970, taken once at arrival */
	str client_address; /* numeric, without port */
	str user_agent; /* as the client calls itself, of any length and not always text; absent when it does not */
	str operation; /* what was asked for, "CreateUserPool"; absent until it is known */

	/* Why it failed; ERROR_NONE while it did not. */
	enum error_code error;
	str message; /* for the caller */
	str reason_code; /* second member of some InvalidParameterExceptions, else absent */
	str detail; /* for the log only */
	const char *failed_file;
	int failed_line;

	/* The user whose access token the request has, once that was checked; else NULL. userpool/access_token.h */
	const struct caller *caller;

	/* What the audit trail will say of the request; NULL: nothing. audit/trail.h */
	struct trail *trail;

	/* The running process's parts; set once when the request is made, never owned here. */
	const struct settings *settings; /* base/settings.h */
	const struct sealer *sealer; /* crypto/seal.h */
	struct store *store; /* store/store.h */

	/* store/ alone uses these: the read connection or write transaction that statements of this request run on, what
	   is written along with each transaction, and what waits for the transaction's commit. */
	struct store_connection *connection;
	struct store_companion *companion;
	struct store_follow_up *follow_ups;
};

/* A request with a fresh arena, id and clock. */
struct request *request_new(void);

/* Frees the arena and with it the request; nulls the pointer. */
void request_free(struct request **request);

/* Fails with an error code of base/error.def (without ERROR_) and a public text in printf form. */
#define FAIL(request, code, ...) request_fail((request), ERROR_##code, __FILE__, __LINE__, __VA_ARGS__)

/* Adds a reason for the log; the caller never sees it. May stand before or after FAIL. */
#define DETAIL(request, ...) request_add_detail((request), __VA_ARGS__)

RESULT request_fail(struct request *request, enum error_code code, const char *file, int line,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

void request_add_detail(struct request *request, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Forgets a failure that the caller of a function decided to live with. */
void request_clear_failure(struct request *request);
