/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes that users of a pool may have: the standard ones (OpenID Connect Core 5.1 and Cognito's own) and those
   that the pool adds, as DescribeUserPool lists them.
   API: SchemaAttributeType, AddCustomAttributes. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* The whole schema of a new pool from the `Schema` of its request: standard attributes first, in their order, then the
   pool's own with their prefix ("custom:", "dev:custom:"). Raises InvalidParameter. */
RESULT pool_schema_make(struct request *request, const struct schema_attribute_type_list *changes,
	struct schema_attribute_type_list *schema);

/* A schema with custom attributes added to it, 50 at most with those that are there. The name of a standard attribute
   makes another one here: "custom:email". Raises InvalidParameter. */
RESULT pool_schema_extend(struct request *request, const struct schema_attribute_type_list *old,
	const struct schema_attribute_type_list *added, struct schema_attribute_type_list *schema);

/* The entry of an attribute by its full name ("email", "custom:team"); NULL when there is none. */
const struct schema_attribute_type *pool_schema_find(const struct schema_attribute_type_list *schema, str name);
