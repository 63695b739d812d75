/* SPDX-License-Identifier: Apache-2.0 */
/* Stored access keys, which sign requests. A key's secret is sealed, bound to the key's id and to whether it
   is a root key, so that no change in the database makes more of a key than it was made for. The root key of
   the settings is not among them. */
#pragma once

#include "base/request.h"

struct access_key {
	str id; /* "AKIA" and 16 of A-Z and 2-7 */
	str secret; /* 40 of the base64 alphabet; absent in lists */
	bool is_root; /* may do everything */
	int64_t created_at; /* milliseconds */
};

/* What one call of access_key_list() gives at most. */
enum { ACCESS_KEY_PAGE_SIZE = 100 };

/* Draws a new id and secret; stored nowhere yet. */
struct access_key access_key_draw(struct arena *arena);

/* Draws a key and stores it; this is the only time that its secret is seen. Raises what store_write() raises.
 */
RESULT access_key_create(struct request *request, bool is_root, struct access_key *out);

/* The key of that id with its secret; *found says whether there is one. Raises INTERNAL when the secret was
   not sealed for this row with this master key. */
RESULT access_key_find(struct request *request, str id, struct access_key *out, bool *found);

/* The next keys behind the id `after` ("" at first) in the order of ids; none at the end. */
RESULT access_key_list(struct request *request, str after, struct access_key **keys, size_t *count);

/* Durably gone when it returns; *found says whether it was there. Raises what store_write() raises. */
RESULT access_key_delete(struct request *request, str id, bool *found);
