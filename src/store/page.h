/* SPDX-License-Identifier: Apache-2.0 */
/* Page tokens of lists: the key where the next page begins, sealed, good only for the list that gave it out. */
#pragma once

#include "base/request.h"

/* `list` names the list and everything that defines its order, e.g. "ListUsers:<pool>:<filter>". */
str page_token(struct request *request, str list, str key);

/* The key in a token; an absent token gives an absent key. Raises InvalidParameter. */
RESULT page_key(struct request *request, str list, str token, str *key);
