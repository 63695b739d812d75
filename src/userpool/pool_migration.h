/* SPDX-License-Identifier: Apache-2.0 */
/* Changing what a pool settles at its creation: required attributes, aliases, sign-in names, the rule of
   case.

   A migration gives every user the names that the new rules ask for, in a name space of its own beside the
   names that count, a batch of users in each transaction. What is written meanwhile writes both
   (userpool/sign_in_name.h). Once all users have them and nothing stood against that, one transaction puts
   rules and name space in the pool's row; so a pool never has half of it. A conflict ends with everything as
   it was. API: MigrateUserPool, DescribeUserPoolMigration, CancelUserPoolMigration,
   ListUserPoolMigrationConflicts. */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

struct pool_migrator;
struct sealer;
struct settings;
struct store;

/* Begins one; the migrator does it. Raises ResourceNotFound, InvalidParameter (rules that cannot be, or that
   the pool has), ConcurrentModification (one is under way). */
RESULT pool_migration_begin(struct request *request, const struct migrate_user_pool_request *input,
	struct user_pool_migration_type **migration);

/* The last one of a pool. Raises ResourceNotFound, also when there was none. */
RESULT pool_migration_describe(
	struct request *request, str pool_id, struct user_pool_migration_type **migration);

/* The same, which is ended where it is under way. */
RESULT pool_migration_cancel(
	struct request *request, str pool_id, struct user_pool_migration_type **migration);

/* A page of what stood against the last one. Raises ResourceNotFound, InvalidParameter (token). */
RESULT pool_migration_list_conflicts(struct request *request,
	const struct list_user_pool_migration_conflicts_request *input,
	struct list_user_pool_migration_conflicts_response *output);

/* Takes a migration that is under way one batch further, and removes some names of name spaces that nobody
   asks any more.
   `*wait` is the time until there is more to do, in milliseconds, or BACKGROUND_WHEN_ASKED. */
RESULT pool_migration_step(struct request *request, int64_t *wait);

/* Does steps in the background, also of what an earlier process left. What it is given must outlive it. One
 * at a time. */
struct pool_migrator *pool_migrator_start(
	const struct settings *settings, const struct sealer *sealer, struct store *store);

/* Waits for the transaction that is under way, if any. Nulls the pointer. */
void pool_migrator_stop(struct pool_migrator **migrator);
