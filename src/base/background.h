/* SPDX-License-Identifier: Apache-2.0 */
/* Work that is done again and again on a thread of its own: after a while, or when somebody asks. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct background;

enum { BACKGROUND_WHEN_ASKED = -1 };

/* Does one piece of the work. Returns after how many milliseconds it shall be called again: 0 at once, or
   BACKGROUND_WHEN_ASKED. Pieces should be short, as stopping waits for the one being done. */
typedef int64_t background_step(void *context);

/* Calls step(context) at once and from then on as it asks, at the lowest priority. `context` must outlive the
   work. */
struct background *background_start(background_step *step, void *context);

/* The same at the priority of the process: for work whose outcome somebody waits for. */
struct background *background_start_urgent(background_step *step, void *context);

/* Has the step called now, or once more after the one that is being done. */
void background_ask(struct background *background);

/* Lets no further step begin, and returns at once: for several that are to stop together. */
void background_ask_to_stop(struct background *background);

/* Waits for the step that is being done, if any. Nulls the pointer. */
void background_stop(struct background **background);
