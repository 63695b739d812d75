/* SPDX-License-Identifier: Apache-2.0 */
/* Work that is done again and again on a thread of its own, at low priority: after a while, or when somebody asks. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct background;

enum { BACKGROUND_WHEN_ASKED = -1 };

/* Does one piece of the work. Returns after how many milliseconds it shall be called again: 0 at once, or
   BACKGROUND_WHEN_ASKED. Pieces should be short, as stopping waits for the one being done. */
typedef int64_t background_step(void *context);

/* Calls step(context) at once and from then on as it asks. `context` must outlive the work. */
struct background *background_start(background_step *step, void *context);

/* Has the step called now, or once more after the one that is being done. */
void background_ask(struct background *background);

/* Waits for the step that is being done, if any. Nulls the pointer. */
void background_stop(struct background **background);
