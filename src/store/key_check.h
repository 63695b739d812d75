/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the master key is the one that the database was begun with. A server with another could open
   nothing in it, and would add what the others cannot open. */
#pragma once

#include "base/request.h"

/* False, with a text for the operator, when it is not or the database does not answer. `*is_first` tells
   whether nobody had asked before: then from now on it is this key. */
bool key_check(struct request *request, bool *is_first, str *problem);
