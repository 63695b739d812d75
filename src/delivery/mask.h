/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses made unreadable the way CodeDeliveryDetails shows them: enough for the owner to know which one
   was meant, too little for anybody else. */
#pragma once

#include "base/arena.h"

/* "jane@example.com" becomes "j***@e***". */
str mask_email(struct arena *arena, str address);

/* "+15555551234" becomes "+*******1234"; a number too short to show four digits of becomes "+*******". */
str mask_phone_number(struct arena *arena, str number);

/* `text` with `masked` wherever `address` stood, in either case: for reports of others that quote it. */
str mask_within(struct arena *arena, str text, str address, str masked);
