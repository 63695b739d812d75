/* SPDX-License-Identifier: Apache-2.0 */
/* poolwarden status [--json]: how the server is that runs with these options, by its own operation DescribeServer,
   signed with the root access key. Nothing is made, opened or locked for it. */
#pragma once

#include "cli/option.h"

/* The command's own flags, ended by NULL. */
extern const char *const status_command_switches[];

/* Prints lines for people, or with --json what the server answers. Returns STATUS_OK when it serves,
   STATUS_NOT_RUNNING when nobody listens, STATUS_FAILED when it does not answer as it should. */
int status_command_run(struct option_outcome *outcome);
