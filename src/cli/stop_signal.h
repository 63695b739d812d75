/* SPDX-License-Identifier: Apache-2.0 */
/* The signals that end a server, SIGTERM and SIGINT, and SIGHUP, which has it read its configuration again. They are
   taken by the main thread alone and when it is ready to. One that was ignored when the process began stays ignored, as
   shells have it for commands in the background. */
#pragma once

/* Holds them back in this thread and all that it will start; before any thread is started. A terminal that closes,
   which sends SIGHUP too, ends no server. */
void stop_signal_hold(void);

/* Waits for SIGTERM or SIGINT, or takes one that was held back, and returns its number; calls hang_up(context) for
   each SIGHUP until then. From then on the process ends at once, with the status 128 + its number, when one comes that
   came before. The first of the other kind changes nothing: on Ctrl-C a terminal sends SIGINT to all, and a program
   that runs this one often passes it on as SIGTERM. */
int stop_signal_await(void (*hang_up)(void *context), void *context);
