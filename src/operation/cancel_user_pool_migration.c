/* SPDX-License-Identifier: Apache-2.0 */
/* CancelUserPoolMigration. */
#include "userpool/pool_migration.h"

result operation_cancel_user_pool_migration(struct request *request,
	const struct cancel_user_pool_migration_request *input,
	struct cancel_user_pool_migration_response *output)
{
	return pool_migration_cancel(request, input->user_pool_id, &output->migration);
}
