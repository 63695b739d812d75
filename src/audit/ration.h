/* SPDX-License-Identifier: Apache-2.0 */
/* How many rows of the audit trail strangers and users may cause. What anybody can do as often as they like
   must not fill the disk, nor push out of sight what others did: so each client address, each user and all
   strangers together have so many rows a minute, and what comes beyond is only counted (audit/tally.h). Each
   node counts by itself. */
#pragma once

#include "audit/audit_event.h"

enum {
	RATION_OF_ADDRESS =
		20, /* failures, and what is about nobody, in one pool; an IPv6 address stands for its /64 */
	RATION_OF_STRANGERS = 240, /* the same from everywhere in all pools */
	RATION_OF_USER = 30, /* what one user does, signing in apart */
};

/* Takes the place of one row. False: there is none left in this minute. */
bool ration_take(struct request *request, const struct audit_event *event);
