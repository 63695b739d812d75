/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of a user pool as a whole: whether they fit together, and what they are where nothing was said. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* Checks the members against each other; their own limits hold already. Raises InvalidParameter,
   FeatureUnavailableInTier. */
RESULT pool_settings_check(struct request *request, const struct user_pool_type *settings);

/* Only the tags. Raises InvalidParameter. */
RESULT pool_settings_check_tags(struct request *request, const struct user_pool_type *settings);

/* Sets what is absent to its default, as DescribeUserPool shows it. Nested structures are replaced, never written to:
   they may belong to a request. */
void pool_settings_fill(struct arena *arena, struct user_pool_type *settings);
