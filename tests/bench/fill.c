/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a pool with users who have signed in once, by the product's own functions, thousands in a
   transaction:

       fill DATA_DIR POOL_ID CLIENT_ID COUNT SAMPLES

   Users are called user.NNNNNN@example.com (the pool must take an address for a user name, and have
   custom:plan) and come in no order. Each is in the group `everyone` and in one of a hundred users,
   team-NNNN. All have one password and share its hash, made with the least that argon2id takes here; the SRP
   verifiers have the right size and fit nobody. Prints `sub address refresh-token` of that many users from
   all over the pool; progress goes to standard error. */
#include <stdio.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/request.h"
#include "base/settings.h"
#include "cli/foundation.h"
#include "store/sqlite/connection.h"
#include "store/store.h"
#include "userpool/client.h"
#include "userpool/group.h"
#include "userpool/membership.h"
#include "userpool/new_user.h"
#include "userpool/pool.h"
#include "userpool/sign_in.h"
#include "userpool/sign_in_name.h"
#include "userpool/user.h"

#define SHARED_PASSWORD "Passw0rd!"

enum {
	BATCH = 50000,
	TEAM = 100,
	STRIDE = 7919, /* a prime: walks through all numbers below a count that it does not divide, in no
			  order */
	PROGRESS = 10000,
};

struct filling {
	struct foundation foundation;
	str pool_id, client_id;
	struct password password;
	long count, samples, done;
};

static void must(const struct request *request, result outcome)
{
	if (!result_is_ok(outcome))
		fatal("%.*s (%.*s)", STR_ARG(request->message), STR_ARG(request->detail));
}

/* --- Groups --- */

static void create_group(struct filling *filling, str name)
{
	struct request *request = foundation_request(&filling->foundation);
	const struct create_group_request input = { .group_name = name, .user_pool_id = filling->pool_id };
	struct group_type created;
	must(request, group_create(request, &input, &created));
	request_free(&request);
}

static str team_name(struct arena *arena, long number)
{
	return arena_printf(arena, "team-%04ld", number / TEAM);
}

static void create_groups(struct filling *filling)
{
	struct arena *arena = arena_new();
	create_group(filling, STR("everyone"));
	for (long number = 0; number < filling->count; number += TEAM)
		create_group(filling, team_name(arena, number));
	arena_free(&arena);
}

/* --- Users --- */

static void make_password(struct filling *filling, struct arena *arena)
{
	struct request *request = foundation_request(&filling->foundation);
	const struct user_pool *pool;
	struct password made;
	must(request, pool_find(request, filling->pool_id, &pool));
	must(request,
		password_make(request, pool, STR("nobody"), STR("nobody"), STR(SHARED_PASSWORD), &made));
	filling->password = (struct password){
		.phc = arena_copy(arena, made.phc),
		.srp_salt = arena_copy(arena, made.srp_salt),
		.sealed_srp_verifier = arena_copy(arena, made.sealed_srp_verifier),
		.set_at = made.set_at,
	};
	request_free(&request);
}

static struct attribute_type_list attributes_of(struct arena *arena, long number)
{
	static const str plans[] = { STR_INIT("free"), STR_INIT("team"), STR_INIT("enterprise") };
	const struct attribute_type attributes[] = {
		{ STR("email_verified"), STR("true") },
		{ STR("name"), arena_printf(arena, "Jane Doe the %ldth", number) },
		{ STR("locale"), STR("en-GB") },
		{ STR("custom:plan"), plans[number % (long)ARRAY_LEN(plans)] },
	};
	struct attribute_type_list list = { ARENA_ARRAY(arena, struct attribute_type, ARRAY_LEN(attributes)),
		0 };
	for (; list.count < ARRAY_LEN(attributes); list.count++)
		list.items[list.count] = attributes[list.count];
	return list;
}

static void add_user(
	struct request *request, struct filling *filling, str address, long number, struct user *user)
{
	const struct attribute_type_list attributes = attributes_of(request->arena, number);
	const struct user_pool *pool;
	struct name_claim claim = { .taken = ERROR_USERNAME_EXISTS };
	must(request, pool_find(request, filling->pool_id, &pool));
	must(request, new_user_prepare(request, pool, address, &attributes, user, &claim.attribute));
	user->status = USER_STATUS_TYPE_CONFIRMED;
	user->password = filling->password;
	must(request, user_insert(request, pool, user, &claim));
}

static str sign_in(struct request *request, const struct filling *filling, const struct user *user)
{
	const struct client *client;
	struct sign_in sign_in;
	str refresh_token;
	must(request, client_find(request, filling->client_id, &client));
	sign_in_prepare(request, client, user, &sign_in, &refresh_token);
	must(request, sign_in_insert(request, &sign_in, user, refresh_token));
	return refresh_token;
}

static void add(struct request *request, struct filling *filling)
{
	struct user user;
	long number = filling->done * STRIDE % filling->count;
	str address = arena_printf(request->arena, "user.%06ld@example.com", number);
	add_user(request, filling, address, number, &user);
	must(request, membership_add(request, filling->pool_id, user.username, STR("everyone")));
	must(request,
		membership_add(request, filling->pool_id, user.username, team_name(request->arena, number)));
	str refresh_token = sign_in(request, filling, &user);
	if (filling->done * filling->samples / filling->count !=
		(filling->done + 1) * filling->samples / filling->count)
		printf("%.*s %.*s %.*s\n", STR_ARG(user.id), STR_ARG(address), STR_ARG(refresh_token));
}

/* What a transaction writes stays in memory until it is committed: pages of indexes are hit again and again.
 */
static void keep_pages(const struct request *request)
{
	if (!sqlite_connection_execute(
		    (struct sqlite_connection *)request->connection, "PRAGMA cache_size=-1048576"))
		fatal("cannot set the size of the cache");
}

/* Each user has a request of its own on the transaction of the batch, so that memory goes again. */
static RESULT add_batch(struct request *batch, void *context)
{
	struct filling *filling = context;
	keep_pages(batch);
	for (long end = filling->done + BATCH; filling->done < end && filling->done < filling->count;
		filling->done++) {
		struct request *request = foundation_request(&filling->foundation);
		request->connection = batch->connection;
		add(request, filling);
		request->connection = NULL;
		request_free(&request);
		if (filling->done % PROGRESS == 0)
			fprintf(stderr, "\r%ld of %ld users", filling->done, filling->count);
	}
	return OK;
}

static void add_users(struct filling *filling)
{
	while (filling->done < filling->count) {
		struct request *request = foundation_request(&filling->foundation);
		must(request, store_write(request, add_batch, filling));
		request_free(&request);
	}
	fprintf(stderr, "\r%ld of %ld users\n", filling->done, filling->count);
}

int main(int argc, char **argv)
{
	if (argc != 6) {
		fputs("usage: fill DATA_DIR POOL_ID CLIENT_ID COUNT SAMPLES\n", stderr);
		return 2;
	}
	struct arena *arena = arena_new();
	const struct settings settings = {
		.data_dir = str_of(argv[1]),
		.region = STR("us-east-1"),
		.public_url = STR("http://127.0.0.1"),
		.argon2_memory_kib = 1024,
		.argon2_passes = 1,
	};
	struct filling filling = { .pool_id = str_of(argv[2]),
		.client_id = str_of(argv[3]),
		.count = atol(argv[4]),
		.samples = atol(argv[5]) };
	str problem;
	if (!foundation_open(arena, &settings, &filling.foundation, &problem))
		fatal("%.*s", STR_ARG(problem));
	make_password(&filling, arena);
	create_groups(&filling);
	add_users(&filling);
	foundation_close(&filling.foundation);
	arena_free(&arena);
	return 0;
}
