/* SPDX-License-Identifier: Apache-2.0 */
/* The description of a server. */
#include "userpool/server_description.h"

#include "config.h"

#include "base/process.h"
#include "base/settings.h"
#include "delivery/census.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/pool_key_stock.h"

enum { KILOBYTE = 1024 };

static struct optional_int integer(uint64_t value)
{
	return optional_int(value > INT32_MAX ? INT32_MAX : (int64_t)value);
}

static uint64_t messages(const struct census_counts *counts, enum census_state state)
{
	uint64_t sum = 0;
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		sum += counts->of[medium][state];
	return sum;
}

result server_description_make(struct request *request, struct describe_server_response *description)
{
	struct store_user_pool_sums_row sums;
	bool found;
	TRY(store_user_pool_sums(request, &sums, &found));
	const struct census_counts outbox = census_last();
	uint64_t bytes = store_statistics(request->store).bytes;
	*description = (struct describe_server_response){
		.version = STR(PACKAGE_VERSION),
		.start_date = optional_int(process_usage().started_at),
		.public_url = request->settings->public_url,
		.database_kilobytes = bytes ? integer(bytes / KILOBYTE) : (struct optional_int){ 0 },
		.schema_version = integer(store_schema_version()),
		.user_pools = integer((uint64_t)sums.pools),
		.users = integer((uint64_t)sums.users),
		.waiting_messages = integer(messages(&outbox, CENSUS_WAITING)),
		.dead_messages = integer(messages(&outbox, CENSUS_DEAD)),
		.spare_signing_keys = integer(pool_key_stock_level()),
	};
	return OK;
}
