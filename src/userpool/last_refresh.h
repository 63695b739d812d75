/* SPDX-License-Identifier: Apache-2.0 */
/* When sign-ins were last refreshed. A refresh that changes nothing else waits for no disk: the times are gathered in
   memory and written together, a second later or so. All that a crash takes along is a time that would be shown. */
#pragma once

#include "base/request.h"

struct last_refresh;
struct sealer;
struct settings;
struct store;

/* What it is given must outlive it. One at a time. */
struct last_refresh *last_refresh_start(
	const struct settings *settings, const struct sealer *sealer, struct store *store);

/* The sign-in was refreshed by this request. Nothing happens when it was not started. Never blocks. */
void last_refresh_note(const struct request *request, str sign_in_id);

/* Writes what was noted, and nulls the pointer. */
void last_refresh_stop(struct last_refresh **last_refresh);
