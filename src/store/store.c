/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the engine and keeps the server's lock. Anything about a database system is in the engine's folder.
 */
#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "base/settings.h"
#include "store/catalogue.h"
#include "store/engine.h"
#include "store/postgres/engine.h"
#include "store/sqlite/engine.h"
#include "store/statements.h"

static const struct store_engine *const engines[] = { &sqlite_engine, &postgres_engine };

static const struct store_engine *engine_of(str scheme)
{
	for (size_t i = 0; i < ARRAY_LEN(engines); i++)
		if (str_equal(scheme, str_of(engines[i]->scheme)))
			return engines[i];
	return NULL;
}

struct store *store_open(struct arena *arena, const struct settings *settings, str *problem)
{
	return store_open_catalogue(arena, settings, &store_catalogue, problem);
}

struct store *store_open_catalogue(struct arena *arena, const struct settings *settings,
	const struct store_catalogue *catalogue, str *problem)
{
	str location = settings->database;
	if (!str_is_set(location))
		location = arena_printf(arena, "sqlite:%.*s/poolwarden.db", STR_ARG(settings->data_dir));
	str scheme = str_split(&location, ':');
	const struct store_engine *engine = engine_of(scheme);
	if (!engine || str_is_empty(location)) {
		*problem = STR("the database must be given as sqlite:PATH or postgresql://HOST/DATABASE");
		return NULL;
	}
	const char *data_dir = arena_copy(arena, settings->data_dir).data;
	if (!file_make_folder(data_dir)) {
		*problem = arena_printf(arena, "cannot make %s: %s", data_dir, strerror(errno));
		return NULL;
	}
	struct store *store = engine->open(arena, settings, location, catalogue, problem);
	if (!store)
		return NULL;
	store->engine = engine;
	store->settings = settings;
	store->lock = -1;
	return store;
}

bool store_lock_exclusively(struct arena *arena, struct store *store, str *problem)
{
	str path = arena_printf(arena, "%.*s/lock", STR_ARG(store->settings->data_dir));
	int lock = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0) {
		store->lock = lock;
		return true;
	}
	*problem =
		errno == EWOULDBLOCK
			? arena_printf(arena, "another server uses %.*s", STR_ARG(store->settings->data_dir))
			: arena_printf(arena, "cannot lock %s: %s", path.data, strerror(errno));
	if (lock >= 0)
		close(lock);
	return false;
}

bool store_is_locked(const struct store *store)
{
	return store->lock >= 0 && !store->engine->is_shared;
}

bool store_is_shared(const struct store *store)
{
	return store->engine->is_shared;
}

void store_close(struct store **handle)
{
	struct store *store = *handle;
	if (!store)
		return;
	*handle = NULL;
	int lock = store->lock;
	store->engine->close(store);
	if (lock >= 0)
		close(lock);
}

struct store_follow_up {
	struct store_follow_up *next;
	void (*run)(void *context);
	void *context;
};

struct transaction {
	store_write_function *run;
	void *context;
	const void *original; /* a copy of it, as it came */
	size_t size;
	bool has_run;
};

struct store_companion {
	void (*begin)(void *context);
	store_write_function *end;
	void *context;
};

/* What that try has written down in the context is undone; where it wrote nothing the context may be constant. */
static void start_again(struct transaction *transaction)
{
	if (transaction->has_run && transaction->size &&
		memcmp(transaction->context, transaction->original, transaction->size) != 0)
		memcpy(transaction->context, transaction->original, transaction->size);
	transaction->has_run = true;
}

/* What an earlier transaction or an engine's earlier try of this one asked for is void: it was not committed. */
static RESULT run_transaction(struct request *request, void *context)
{
	struct transaction *transaction = context;
	const struct store_companion *companion = request->companion;
	request->follow_ups = NULL;
	start_again(transaction);
	if (companion)
		companion->begin(companion->context);
	TRY(transaction->run(request, transaction->context));
	return companion ? companion->end(request, companion->context) : OK;
}

static void follow_up(struct request *request)
{
	struct store_follow_up *next = request->follow_ups;
	request->follow_ups = NULL;
	for (; next; next = next->next)
		next->run(next->context);
}

result store_write_sized(struct request *request, store_write_function *run, void *context, size_t size)
{
	if (store_engine_is_writing(request))
		return run(request, context);
	store_engine_release(request);
	struct transaction transaction = { .run = run, .context = context, .size = context ? size : 0 };
	transaction.original = arena_copy(request->arena, (str){ context, transaction.size }).data;
	TRY(request->store->engine->write(request->store, request, run_transaction, &transaction));
	follow_up(request);
	return OK;
}

void store_accompany(
	struct request *request, void (*begin)(void *), store_write_function *end, void *context)
{
	assert(!store_engine_is_writing(request));
	request->companion = ARENA_NEW(request->arena, struct store_companion);
	*request->companion = (struct store_companion){ .begin = begin, .end = end, .context = context };
}

void store_after_commit(struct request *request, void (*run)(void *), void *context)
{
	assert(store_engine_is_writing(request));
	struct store_follow_up *added = ARENA_NEW(request->arena, struct store_follow_up);
	*added = (struct store_follow_up){ .run = run, .context = context };
	struct store_follow_up **end = &request->follow_ups;
	while (*end)
		end = &(*end)->next;
	*end = added;
}

struct store_statistics store_statistics(const struct store *store)
{
	return store->engine->statistics(store);
}

unsigned store_schema_version(void)
{
	return store_catalogue.migrations[store_catalogue.migration_count - 1].version;
}
