/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to know about each medium: its name in rows, and how its addresses are masked. */
#pragma once

#include "delivery/outbox.h"

/* "EMAIL", "SMS": also the API's DeliveryMediumType. */
str medium_name(enum outbox_medium medium);

/* Whether it is an address of the medium that can be sent to: local@domain without what means something in a header, or
   an E.164 number. */
bool medium_takes(enum outbox_medium medium, str address);

/* An address of the medium as mask.h makes it unreadable; absent stays absent. */
str medium_mask(struct arena *arena, enum outbox_medium medium, str address);
