/* SPDX-License-Identifier: Apache-2.0 */
/* The table of media. */
#include "delivery/medium.h"

#include "delivery/mask.h"

static const struct {
	str name;
	str (*mask)(struct arena *arena, str address);
} media[OUTBOX_MEDIUM_COUNT] = {
	[OUTBOX_EMAIL] = { .name = STR_INIT("EMAIL"), .mask = mask_email },
	[OUTBOX_SMS] = { .name = STR_INIT("SMS"), .mask = mask_phone_number },
};

str medium_name(enum outbox_medium medium)
{
	return media[medium].name;
}

str medium_mask(struct arena *arena, enum outbox_medium medium, str address)
{
	return str_is_set(address) ? media[medium].mask(arena, address) : address;
}
