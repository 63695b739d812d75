/* SPDX-License-Identifier: Apache-2.0 */
/* The tags of a user pool, which are a part of its settings: UserPoolTags. A pool is named by its ARN here.
   API: TagResource, UntagResource, ListTagsForResource. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* Sets these tags; others stay. Raises ResourceNotFound, InvalidParameter (no ARN of a user pool, more than
   50 tags, reserved keys). */
RESULT pool_tag_add(struct request *request, str arn, const struct str_map *tags);

/* Keys that no tag has are as good as removed. Raises ResourceNotFound, InvalidParameter; so does the next
 * one. */
RESULT pool_tag_remove(struct request *request, str arn, const struct str_list *keys);

RESULT pool_tag_list(struct request *request, str arn, struct str_map *tags);
