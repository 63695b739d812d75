/* SPDX-License-Identifier: Apache-2.0 */
/* Text in HTML (https://html.spec.whatwg.org/). */
#pragma once

#include "base/buf.h"

/* Adds `text` so that it stands for itself in element content and in attribute values within quotes of either
   kind: & < > " ' become character references. */
void html_add(struct buf *out, str text);
