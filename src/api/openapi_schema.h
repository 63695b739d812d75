/* SPDX-License-Identifier: Apache-2.0 */
/* Types as JSON Schema (draft 2020-12) in the OpenAPI document, with every limit of the tables. */
#pragma once

#include "base/buf.h"
#include "spec/operation.h"

/* Adds {"$ref": ...} to the type's schema, and to the one of failures. */
void openapi_schema_add_reference(struct buf *out, const struct spec_type *type);
void openapi_schema_add_error_reference(struct buf *out);

/* Adds the schema of an operation's body: its input without what stands in the path. */
void openapi_schema_add_body(struct buf *out, const struct spec_operation *operation);

/* Whether a body without any member would be refused. */
bool openapi_schema_requires_body(const struct spec_operation *operation);

/* Adds the member "schemas" with all types that operations name. */
void openapi_schema_add_all(struct buf *out);
