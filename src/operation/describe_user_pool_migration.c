/* SPDX-License-Identifier: Apache-2.0 */
/* DescribeUserPoolMigration. */
#include "userpool/pool_migration.h"

result operation_describe_user_pool_migration(struct request *request,
	const struct describe_user_pool_migration_request *input,
	struct describe_user_pool_migration_response *output)
{
	return pool_migration_describe(request, input->user_pool_id, &output->migration);
}
