/* SPDX-License-Identifier: Apache-2.0 */
/* Removes what has expired: sign-ins with their refresh tokens, sessions of challenges, used proofs, counts of
   attempts; and what deleted groups have left. None of it means anything any more; this only gives the room back.
   And events of the audit trail, when they were kept for as long as the operator wants. */
#pragma once

struct expiry;
struct sealer;
struct settings;
struct store;

/* Looks every minute. What it is given must outlive it. */
struct expiry *expiry_start(const struct settings *settings, const struct sealer *sealer, struct store *store);

/* Waits for the transaction that is under way, if any. Nulls the pointer. */
void expiry_stop(struct expiry **expiry);
