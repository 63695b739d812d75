/* SPDX-License-Identifier: Apache-2.0 */
/* ListUserPoolMigrationConflicts. */
#include "userpool/pool_migration.h"

result operation_list_user_pool_migration_conflicts(struct request *request,
	const struct list_user_pool_migration_conflicts_request *input,
	struct list_user_pool_migration_conflicts_response *output)
{
	return pool_migration_list_conflicts(request, input, output);
}
