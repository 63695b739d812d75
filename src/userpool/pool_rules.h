/* SPDX-License-Identifier: Apache-2.0 */
/* What a pool settles at its creation and a migration may change: which attributes are required, by what
   users are called, and whether case counts. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"
#include "spec/poolwarden.h"

/* The rules of these settings; without "sub", which is always required. */
struct user_pool_rules_type pool_rules_of(struct arena *arena, const struct user_pool_type *settings);

/* Whether names that differ in case alone are different ones: so they are unless the settings say otherwise.
 */
bool pool_rules_is_case_sensitive(const struct user_pool_type *settings);

/* The rules that the request asks for: what it leaves out stays. Raises InvalidParameter: an attribute that
   cannot be required, one that is named twice, rules that contradict each other, or nothing that would
   change. */
RESULT pool_rules_change(struct request *request, const struct user_pool_type *settings,
	const struct migrate_user_pool_request *input, struct user_pool_rules_type *rules);

/* Puts the rules in the settings; what is nested there is replaced, not written to. */
void pool_rules_apply(
	struct arena *arena, const struct user_pool_rules_type *rules, struct user_pool_type *settings);

/* As text for a row, and back. */
str pool_rules_text(struct arena *arena, const struct user_pool_rules_type *rules);
RESULT pool_rules_read(struct request *request, str text, struct user_pool_rules_type *rules);
