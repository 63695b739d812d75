/* SPDX-License-Identifier: Apache-2.0 */
/* Ids and rows of events. */
#include "audit/audit_event.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/entropy.h"
#include "base/utf8.h"
#include "store/statements.h"

enum { TIME_BYTES = 6, VERSION_AT = 6, VARIANT_AT = 8, ORIGIN_MAX_BYTES = 256 };

/* --- Ids --- */

/* Milliseconds, the most significant byte first. */
static void put_time(unsigned char *id, int64_t time)
{
	for (int i = TIME_BYTES - 1; i >= 0; i--, time >>= 8)
		id[i] = (unsigned char)time;
}

static str new_id(struct arena *arena)
{
	unsigned char *id = arena_alloc(arena, AUDIT_EVENT_ID_LEN);
	entropy_fill(id, AUDIT_EVENT_ID_LEN);
	put_time(id, clock_now());
	id[VERSION_AT] = (unsigned char)((id[VERSION_AT] & 0x0f) | 0x70);
	id[VARIANT_AT] = (unsigned char)((id[VARIANT_AT] & 0x3f) | 0x80);
	return (str){ (const char *)id, AUDIT_EVENT_ID_LEN };
}

str audit_event_first_id(struct arena *arena, int64_t time)
{
	unsigned char *id = arena_alloc(arena, AUDIT_EVENT_ID_LEN);
	if (time < 0)
		time = 0;
	put_time(id, time < AUDIT_EVENT_TIME_MAX ? time : AUDIT_EVENT_TIME_MAX);
	return (str){ (const char *)id, AUDIT_EVENT_ID_LEN };
}

int64_t audit_event_time(str id)
{
	int64_t time = 0;
	for (size_t i = 0; i < TIME_BYTES && i < id.len; i++)
		time = time << 8 | (unsigned char)id.data[i];
	return time;
}

str audit_event_id_text(struct arena *arena, str id)
{
	str hex = hex_encode(arena, id);
	return arena_printf(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.data, hex.data + 8, hex.data + 12,
		hex.data + 16, hex.data + 20);
}

/* --- Rows --- */

result audit_event_insert(struct request *request, const struct audit_event *event, str *id)
{
	*id = new_id(request->arena);
	return store_audit_event_insert(request,
		&(struct store_audit_event_insert_in){
			.id = *id,
			.operation = event->operation,
			.actor = spec_enum_text(&spec_type_audit_actor_type, event->actor),
			.access_key_id = event->access_key_id,
			.pool_id = event->pool_id,
			.client_id = event->client_id,
			.user_id = event->user_id,
			.outcome = spec_enum_text(&spec_type_audit_outcome_type, event->outcome),
			.error = event->error,
			.client_address =
				utf8_excerpt(request->arena, event->client_address, ORIGIN_MAX_BYTES),
			.user_agent = utf8_excerpt(request->arena, event->user_agent, ORIGIN_MAX_BYTES),
			.request_id = event->request_id,
			.count = event->count,
		},
		NULL);
}

result audit_event_set_outcome(struct request *request, str id, const struct audit_event *event)
{
	return store_audit_event_set_outcome(request,
		&(struct store_audit_event_set_outcome_in){
			.id = id,
			.outcome = spec_enum_text(&spec_type_audit_outcome_type, event->outcome),
			.error = event->error,
		},
		NULL);
}

result audit_event_delete_before(struct request *request, int64_t time, int64_t limit, int64_t *deleted)
{
	return store_audit_event_delete_before(request,
		&(struct store_audit_event_delete_before_in){
			.id = audit_event_first_id(request->arena, time), .limit = limit },
		deleted);
}
