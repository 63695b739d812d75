/* SPDX-License-Identifier: Apache-2.0 */
/* The table of media. */
#include "delivery/medium.h"

#include "delivery/mask.h"
#include "message/mail.h"

enum { LONGEST_NUMBER = 16 };

/* "+" and up to fifteen digits. */
static bool is_phone_number(str text)
{
	if (text.len < 2 || text.len > LONGEST_NUMBER || text.data[0] != '+')
		return false;
	for (size_t i = 1; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

static const struct {
	str name;
	bool (*takes)(str address);
	str (*mask)(struct arena *arena, str address);
} media[OUTBOX_MEDIUM_COUNT] = {
	[OUTBOX_EMAIL] = { .name = STR_INIT("EMAIL"), .takes = mail_address_is_plain, .mask = mask_email },
	[OUTBOX_SMS] = { .name = STR_INIT("SMS"), .takes = is_phone_number, .mask = mask_phone_number },
};

str medium_name(enum outbox_medium medium)
{
	return media[medium].name;
}

bool medium_takes(enum outbox_medium medium, str address)
{
	return media[medium].takes(address);
}

str medium_mask(struct arena *arena, enum outbox_medium medium, str address)
{
	return str_is_set(address) ? media[medium].mask(arena, address) : address;
}
