/* SPDX-License-Identifier: Apache-2.0 */
/* Paths, parameters, bodies and responses in the OpenAPI document. */
#pragma once

#include "base/buf.h"

#define OPENAPI_SECURITY_SCHEME "signature"

/* Adds the member "paths" with every operation of every service. */
void openapi_operation_add_all(struct buf *out);
