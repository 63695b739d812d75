/* SPDX-License-Identifier: Apache-2.0 */
/* MigrateUserPool. */
#include "userpool/pool_migration.h"

result operation_migrate_user_pool(struct request *request, const struct migrate_user_pool_request *input,
	struct migrate_user_pool_response *output)
{
	return pool_migration_begin(request, input, &output->migration);
}
