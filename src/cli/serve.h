/* SPDX-License-Identifier: Apache-2.0 */
/* poolwarden serve: the server, from its data folder to the last answer. */
#pragma once

#include "cli/option.h"

/* Serves until a signal says to stop, then drains. Once it answers it prints one line on standard output,
       listening on http://127.0.0.1:4430
   which names the address that it listens on, not the operator's public URL. Returns the exit status: 0 after
   a drain. The outcome's settings are copied, and completed with what is known late: the root key of the
   credentials file, and the public URL of a server on a free port. */
int serve_run(struct option_outcome *outcome);
