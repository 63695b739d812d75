/* SPDX-License-Identifier: Apache-2.0 */
/* poolwarden access-key create [--root] | list | delete ID: the keys that sign requests besides the root key
   of the process. Works beside a running server, which knows a new key, and forgets a deleted one, with the
   next request. */
#pragma once

#include "cli/option.h"

/* The command's own flags, ended by NULL. */
extern const char *const access_key_command_switches[];

/* `create` prints the key in the AWS shared-credentials format, the only time that its secret is seen; `list`
   prints a line for each key: id, "root" or "-", time of creation. Returns the exit status. */
int access_key_command_run(struct option_outcome *outcome);
