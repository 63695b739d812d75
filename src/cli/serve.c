/* SPDX-License-Identifier: Apache-2.0 */
/* The server's life: each part stands on those before it, and goes before them. */
#include "cli/serve.h"

#include "config.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "api/api.h"
#include "api/probe.h"
#include "audit/tally.h"
#include "base/log.h"
#include "cli/credentials_file.h"
#include "cli/foundation.h"
#include "cli/notification.h"
#include "cli/refusal.h"
#include "cli/stop_signal.h"
#include "delivery/census.h"
#include "delivery/outbox.h"
#include "http/server.h"
#include "oauth/confirm_user.h"
#include "oauth/discovery.h"
#include "store/store.h"
#include "userpool/expiry.h"
#include "userpool/last_refresh.h"
#include "userpool/pool_key_stock.h"
#include "userpool/pool_migration.h"

struct serving {
	struct arena *arena;
	const struct option_outcome *outcome;
	struct settings settings; /* not changed any more once a thread reads them */
	str log_file; /* the one that SIGHUP opens again */
	struct foundation foundation;
	struct http_server *http;
	struct pool_key_stock *stock;
	struct expiry *expiry;
	struct last_refresh *last_refresh;
	struct pool_migrator *migrator;
	struct tally *tally;
	struct outbox *outbox;
	struct census *census;
	str problem;
};

/* --- Answering --- */

static bool answer_ready(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	return discovery_answer_ready(request, message, response) ||
	       confirm_user_answer_ready(request, message, response) ||
	       probe_answer_ready(request, message, response);
}

static void answer(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	if (!discovery_answer(request, message, response) && !confirm_user_answer(request, message, response) &&
		!probe_answer(request, message, response))
		api_handle(request, message, response);
}

/* --- Beginning --- */

/* As many heaps as threads can run at once. The C library would make eight for each processor, and every one keeps what
   a burst has left in it. */
static void bound_heaps(void)
{
	mallopt(M_ARENA_MAX, (int)sysconf(_SC_NPROCESSORS_ONLN));
}

static bool find_root_key(struct serving *serving)
{
	struct settings *settings = &serving->settings;
	if (str_is_set(settings->root_access_key_id))
		return true;
	/* Another key than the other servers' would be good at this one only. */
	const struct foundation *foundation = &serving->foundation;
	bool may_make = foundation->is_first || !store_is_shared(foundation->store);
	return credentials_file_load(serving->arena, settings->data_dir, may_make, &settings->root_access_key_id,
		&settings->root_secret_access_key, &serving->problem);
}

static str listening_url(const struct serving *serving)
{
	return option_default_public_url(serving->arena, &serving->settings, http_server_port(serving->http));
}

static bool listen_and_settle(struct serving *serving)
{
	serving->http = http_server_listen(serving->arena, &serving->settings, &serving->problem);
	if (!serving->http)
		return false;
	if (!str_is_set(serving->settings.public_url))
		serving->settings.public_url = listening_url(serving);
	return true;
}

static bool serve(struct serving *serving)
{
	const struct settings *settings = &serving->settings;
	struct foundation *foundation = &serving->foundation;
	const struct http_handlers handlers = {
		.ready = answer_ready,
		.blocking = answer,
		.prepare = foundation_lend,
		.context = foundation,
		.loggable_path = api_loggable_path,
	};
	serving->stock = pool_key_stock_start(settings, foundation->sealer, foundation->store);
	serving->expiry = expiry_start(settings, foundation->sealer, foundation->store);
	serving->last_refresh = last_refresh_start(settings, foundation->sealer, foundation->store);
	serving->migrator = pool_migrator_start(settings, foundation->sealer, foundation->store);
	serving->tally = tally_start(settings, foundation->sealer, foundation->store);
	serving->outbox = outbox_start(settings, foundation->store, foundation->sealer);
	serving->census = census_start(settings, foundation->store);
	return http_server_serve(serving->arena, serving->http, &handlers, &serving->problem);
}

static bool open_log(struct serving *serving)
{
	serving->log_file = serving->settings.log_file;
	if (log_open(serving->log_file.data))
		return true;
	serving->problem = arena_printf(serving->arena, "cannot open the log file %.*s: %s",
		STR_ARG(serving->log_file), strerror(errno));
	return false;
}

static bool begin(struct serving *serving)
{
	return open_log(serving) &&
	       foundation_open(serving->arena, &serving->settings, &serving->foundation, &serving->problem) &&
	       store_lock_exclusively(serving->arena, serving->foundation.store, &serving->problem) &&
	       find_root_key(serving) && listen_and_settle(serving) && serve(serving);
}

static void announce(const struct serving *serving)
{
	str url = listening_url(serving);
	/* Whoever closed standard output does not want to know. */
	printf("listening on %.*s\n", STR_ARG(url));
	fflush(stdout);
	notification_ready(url);
	log_event(LOG_INFO, "listening", LOG_TEXT("url", url),
		LOG_TEXT("public_url", serving->settings.public_url),
		LOG_TEXT("data_dir", serving->settings.data_dir), LOG_TEXT("version", STR(PACKAGE_VERSION)));
}

/* --- Ending --- */

static void end(struct serving *serving)
{
	http_server_drain_and_stop(&serving->http);
	census_stop(&serving->census);
	if (serving->outbox)
		outbox_stop(&serving->outbox);
	tally_stop(&serving->tally);
	pool_migrator_stop(&serving->migrator);
	last_refresh_stop(&serving->last_refresh);
	expiry_stop(&serving->expiry);
	pool_key_stock_stop(&serving->stock);
	foundation_close(&serving->foundation);
}

/* --- Reading the configuration again --- */

static void set_log_level(str name)
{
	enum log_level level;
	if (log_level_parse(name, &level))
		log_set_level(level);
}

/* Also when nothing else can be read again: whoever moved the log away must not find it growing. */
static void follow_log(struct serving *serving, str path)
{
	serving->log_file = str_is_set(path) ? arena_copy(serving->arena, path) : STR_NONE;
	if (!log_open(serving->log_file.data))
		log_event(LOG_ERROR, "log_file", LOG_TEXT("path", path),
			LOG_TEXT("problem", str_of(strerror(errno))));
}

/* Threads read the other settings without a lock: they need a new start. */
static void reload(void *context)
{
	struct serving *serving = context;
	struct arena *arena = arena_new();
	struct option_outcome again;
	str problem;
	notification_reloading();
	bool is_good = option_reload(arena, serving->outcome, &again, &problem);
	if (is_good)
		set_log_level(again.settings.log_level);
	follow_log(serving, is_good ? again.settings.log_file : serving->log_file);
	log_event(is_good ? LOG_INFO : LOG_ERROR, is_good ? "reloaded" : "not_reloaded",
		LOG_TEXT("log_level", is_good ? again.settings.log_level : STR_NONE),
		LOG_TEXT("problem", is_good ? STR_NONE : problem));
	notification_ready(listening_url(serving));
	arena_free(&arena);
}

/* --- All of it --- */

static int serve_until_stopped(struct serving *serving)
{
	announce(serving);
	int number = stop_signal_await(reload, serving);
	log_event(
		LOG_INFO, "stopping", LOG_TEXT("signal", number == SIGTERM ? STR("SIGTERM") : STR("SIGINT")));
	notification_stopping();
	end(serving);
	log_event(LOG_INFO, "stopped");
	return STATUS_OK;
}

static int serve_or_refuse(struct serving *serving)
{
	if (begin(serving))
		return serve_until_stopped(serving);
	end(serving);
	return refusal_failed(serving->problem);
}

int serve_run(struct option_outcome *outcome)
{
	if (outcome->word_count)
		return refusal_usage(STR("serve takes options only"));
	struct arena *arena = arena_new();
	struct serving serving = { .arena = arena, .outcome = outcome, .settings = outcome->settings };
	bound_heaps();
	stop_signal_hold();
	set_log_level(outcome->settings.log_level);
	int status = serve_or_refuse(&serving);
	arena_free(&arena);
	return status;
}
