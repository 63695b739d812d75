/* SPDX-License-Identifier: Apache-2.0 */
/* The Amazon resource name that an operation acts on, as policies name it. */
#pragma once

#include "spec/operation.h"

/* operation->resource with {region}, {account} and {Member} filled in from the settings and the decoded input; an
   absent member leaves nothing in its place. */
str resource_name(struct request *request, const struct spec_operation *operation, const void *input);
