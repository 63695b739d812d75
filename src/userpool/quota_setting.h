/* SPDX-License-Identifier: Apache-2.0 */
/* How many requests of a category each pool may get in a second: what the operator started the server with (`--quota`),
   what was said since of all pools, and of one of them; the more particular word counts.
   API: GetProvisionedLimit, UpdateProvisionedLimit, ListUserPoolQuotas, SetUserPoolQuota, DeleteUserPoolQuota. */
#pragma once

#include "base/category.h"
#include "base/request.h"
#include "spec/cognito_idp.h"
#include "spec/poolwarden.h"

/* The rates of a pool; with an absent id, of operations that are about no pool. */
RESULT quota_setting_load(struct request *request, str pool_id, struct category_rates *rates);

/* What counts for pools of which nothing else was said. Cognito's limits are those of an account, for all of its pools
   together; these are each pool's. Raise InvalidParameter (no such category), and the second one ServiceQuotaExceeded
   past CATEGORY_RATE_MAX. */
RESULT quota_setting_describe(struct request *request, const struct limit_definition_type *definition,
	struct limit_type **limit);
RESULT quota_setting_update(struct request *request, const struct limit_definition_type *definition, int64_t rate,
	struct limit_type **limit);

/* What counts for one pool: every category, and whether something was said of this pool. Raise ResourceNotFound. */
RESULT quota_setting_list(struct request *request, str pool_id, struct user_pool_quota_type_list *quotas);
RESULT quota_setting_set_own(
	struct request *request, str pool_id, enum quota_category_type category, int64_t rate);
RESULT quota_setting_delete_own(struct request *request, str pool_id, enum quota_category_type category);
