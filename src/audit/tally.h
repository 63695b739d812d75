/* SPDX-License-Identifier: Apache-2.0 */
/* What the audit trail counts rather than tells one by one (audit/ration.h): events of one kind in one pool
   are gathered in memory and become one row a minute, with their number. A crash takes along the numbers of a
   minute at most. */
#pragma once

#include "audit/audit_event.h"

struct sealer;
struct settings;
struct store;
struct tally;

/* What it is given must outlive it. One at a time. */
struct tally *tally_start(const struct settings *settings, const struct sealer *sealer, struct store *store);

/* Counts an event. Nothing happens when it was not started. Never blocks. */
void tally_add(const struct audit_event *event);

/* Writes what was counted, and nulls the pointer. */
void tally_stop(struct tally **tally);
