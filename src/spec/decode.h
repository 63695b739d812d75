/* SPDX-License-Identifier: Apache-2.0 */
/* From a JSON tree to a typed struct, by the tables, with every constraint of the API model checked.
   Raises Serialization (a JSON value of the wrong kind) and InvalidParameter (constraints, all named at once). */
#pragma once

#include "base/jsontree.h"
#include "base/request.h"
#include "spec/type.h"

/* Fills `*structure`, whose type `type` describes and whose memory the caller zeroed. Texts are views into the tree,
   which must live as long. null members count as absent, unknown members are ignored, as AWS does. */
RESULT spec_decode(struct request *request, const struct spec_type *type, const struct jsontree *tree,
	void *structure);

/* The same for text that spec_render made, into `arena`. Limits are not checked again: what was stored was valid, also
   where a stored document goes past what a request may carry ("custom:" in front of a name). A failure is a fault of
   ours and raises Internal. */
RESULT spec_decode_stored(struct request *request, struct arena *arena, const struct spec_type *type, str text,
	void *structure);
