/* SPDX-License-Identifier: Apache-2.0 */
/* Listing. Of the filters that are given, the one that most likely lets the fewest pass leads through its
   index; the others are held against what is read. The range of time is one of ids. */
#include "audit/audit_list.h"

#include "audit/audit_event.h"
#include "base/fatal.h"
#include "store/page.h"
#include "store/statements.h"

enum {
	PAGE_MAX = 60,
	CHUNK = 500, /* rows read at once, when a first look was not enough */
	ROWS_MAX = 5000, /* looked at in one call */
};

/* What columns shall be; absent: anything. */
struct wanted {
	str user_id, access_key_id, operation, pool_id, outcome, actor;
};

struct listing {
	struct request *request;
	struct wanted wanted;
	str from, before; /* ids; `before` goes along with what was looked at */
	int64_t chunk;
	struct store_audit_event_row *rows;
	size_t count;
	size_t looked_at;
};

/* --- Leads --- */

static RESULT read_all(struct listing *listing)
{
	return store_audit_events(listing->request,
		&(struct store_audit_events_in){
			.from = listing->from, .before = listing->before, .limit = listing->chunk },
		&listing->rows, &listing->count);
}

static RESULT read_by_user(struct listing *listing)
{
	return store_audit_events_by_user(listing->request,
		&(struct store_audit_events_by_user_in){
			.user_id = listing->wanted.user_id,
			.from = listing->from,
			.before = listing->before,
			.limit = listing->chunk,
		},
		&listing->rows, &listing->count);
}

static RESULT read_by_access_key(struct listing *listing)
{
	return store_audit_events_by_access_key(listing->request,
		&(struct store_audit_events_by_access_key_in){
			.access_key_id = listing->wanted.access_key_id,
			.from = listing->from,
			.before = listing->before,
			.limit = listing->chunk,
		},
		&listing->rows, &listing->count);
}

static RESULT read_failed(struct listing *listing)
{
	return store_audit_events_failed(listing->request,
		&(struct store_audit_events_failed_in){
			.from = listing->from, .before = listing->before, .limit = listing->chunk },
		&listing->rows, &listing->count);
}

static RESULT read_by_operation(struct listing *listing)
{
	return store_audit_events_by_operation(listing->request,
		&(struct store_audit_events_by_operation_in){
			.operation = listing->wanted.operation,
			.from = listing->from,
			.before = listing->before,
			.limit = listing->chunk,
		},
		&listing->rows, &listing->count);
}

static RESULT read_by_pool(struct listing *listing)
{
	return store_audit_events_by_pool(listing->request,
		&(struct store_audit_events_by_pool_in){
			.pool_id = listing->wanted.pool_id,
			.from = listing->from,
			.before = listing->before,
			.limit = listing->chunk,
		},
		&listing->rows, &listing->count);
}

static RESULT read_by_administrators(struct listing *listing)
{
	return store_audit_events_by_administrators(listing->request,
		&(struct store_audit_events_by_administrators_in){
			.from = listing->from, .before = listing->before, .limit = listing->chunk },
		&listing->rows, &listing->count);
}

static const struct filter {
	size_t wanted, column;
	RESULT (*read)(struct listing *listing);
	str only; /* the value that has an index; absent: all have one */
} filters[] = {
#define FILTER(name, ...)                                                                                    \
	{                                                                                                    \
		.wanted = offsetof(struct wanted, name),                                                     \
		.column = offsetof(struct store_audit_event_row, name), __VA_ARGS__                          \
	}
	FILTER(user_id, .read = read_by_user),
	FILTER(access_key_id, .read = read_by_access_key),
	FILTER(outcome, .read = read_failed, .only = STR_INIT("Fail")),
	FILTER(operation, .read = read_by_operation),
	FILTER(pool_id, .read = read_by_pool),
	FILTER(actor, .read = read_by_administrators, .only = STR_INIT("ADMINISTRATOR")),
};

static str wanted_by(const struct filter *filter, const struct wanted *wanted)
{
	return *(const str *)((const char *)wanted + filter->wanted);
}

static RESULT read_chunk(struct listing *listing)
{
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		str wanted = wanted_by(&filters[i], &listing->wanted);
		if (str_is_set(wanted) &&
			(!str_is_set(filters[i].only) || str_equal(wanted, filters[i].only)))
			return filters[i].read(listing);
	}
	return read_all(listing);
}

/* --- Rows --- */

static bool passes(const struct wanted *all, const struct store_audit_event_row *row)
{
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		str wanted = wanted_by(&filters[i], all);
		if (str_is_set(wanted) &&
			!str_equal(wanted, *(const str *)((const char *)row + filters[i].column)))
			return false;
	}
	return true;
}

static struct audit_event_type shown(struct request *request, const struct store_audit_event_row *row)
{
	return (struct audit_event_type){
		.event_id = audit_event_id_text(request->arena, row->id),
		.event_date = optional_int(audit_event_time(row->id)),
		.operation = row->operation,
		.actor = spec_enum_value(&spec_type_audit_actor_type, row->actor),
		.access_key_id = row->access_key_id,
		.user_pool_id = row->pool_id,
		.client_id = row->client_id,
		.user_sub = row->user_id,
		.outcome = spec_enum_value(&spec_type_audit_outcome_type, row->outcome),
		.error = row->error,
		.client_address = row->client_address,
		.user_agent = row->user_agent,
		.request_id = row->request_id,
		.count = optional_int(row->count),
	};
}

/* Takes what passes, until the page is full. */
static void take(struct listing *listing, size_t limit, struct audit_event_type_list *events)
{
	for (size_t i = 0; i < listing->count && events->count < limit; i++) {
		if (passes(&listing->wanted, &listing->rows[i]))
			events->items[events->count++] = shown(listing->request, &listing->rows[i]);
		listing->before = listing->rows[i].id;
		listing->looked_at++;
	}
}

/* --- Pages --- */

/* Whether there may be more: the page is full before the end, or enough was looked at. */
static RESULT fill(struct listing *listing, size_t limit, struct audit_event_type_list *events, bool *is_more)
{
	do {
		TRY(read_chunk(listing));
		size_t seen = listing->looked_at;
		take(listing, limit, events);
		*is_more = listing->count == (size_t)listing->chunk ||
			   listing->looked_at - seen < listing->count;
		listing->chunk = CHUNK;
	} while (*is_more && events->count < limit && listing->looked_at < ROWS_MAX);
	return OK;
}

static struct wanted wanted_of(const struct list_audit_events_request *input)
{
	return (struct wanted){
		.user_id = input->user_sub,
		.access_key_id = input->access_key_id,
		.operation = input->operation,
		.pool_id = input->user_pool_id,
		.outcome = input->outcome ? spec_enum_text(&spec_type_audit_outcome_type, input->outcome)
					  : STR_NONE,
		.actor = input->actor ? spec_enum_text(&spec_type_audit_actor_type, input->actor) : STR_NONE,
	};
}

/* A token is good for the same filters alone. */
static str name_of(
	struct request *request, const struct list_audit_events_request *input, const struct wanted *wanted)
{
	struct arena *arena = request->arena;
	str name = STR("ListAuditEvents");
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		name = arena_printf(
			arena, "%.*s:%.*s", STR_ARG(name), STR_ARG(wanted_by(&filters[i], wanted)));
	return arena_printf(arena, "%.*s:%lld:%lld", STR_ARG(name),
		(long long)optional_int_or(input->from, -1), (long long)optional_int_or(input->before, -1));
}

result audit_list(struct request *request, const struct list_audit_events_request *input,
	struct list_audit_events_response *output)
{
	struct arena *arena = request->arena;
	size_t limit = (size_t)optional_int_or(input->max_results, PAGE_MAX);
	/* One more than asked for tells whether there is a next page, where nothing is left out. */
	struct listing listing = {
		.request = request, .wanted = wanted_of(input), .chunk = (int64_t)limit + 1
	};
	str name = name_of(request, input, &listing.wanted), after;
	bool is_more;
	TRY(page_key(request, name, input->next_token, &after));
	listing.from = audit_event_first_id(arena, optional_int_or(input->from, 0));
	listing.before = str_is_set(after) ? after
					   : audit_event_first_id(arena,
						     optional_int_or(input->before, AUDIT_EVENT_TIME_MAX));
	output->events.items = ARENA_ARRAY(arena, struct audit_event_type, limit);
	TRY(fill(&listing, limit, &output->events, &is_more));
	if (is_more)
		output->next_token = page_token(request, name, listing.before);
	return OK;
}
