/* SPDX-License-Identifier: Apache-2.0 */
/* The signals that end a server, SIGTERM and SIGINT, taken by the main thread alone and when it is ready to.
   One that was ignored when the process began stays ignored, as shells have it for commands in the
   background. */
#pragma once

/* Holds them back in this thread and all that it will start; before any thread is started. SIGHUP is ignored
   from here on: there is nothing to read again, and a terminal that closes must not end a server. */
void stop_signal_hold(void);

/* Waits for one of them, or takes one that was held back, and returns its number. From then on the process
   ends at once, with the status 128 + its number, when one comes that came before. The first of the other
   kind changes nothing: on Ctrl-C a terminal sends SIGINT to all, and a program that runs this one often
   passes it on as SIGTERM. */
int stop_signal_await(void);
