/* SPDX-License-Identifier: Apache-2.0 */
/* Dead messages are rows of the outbox that no courier looks at. */
#include "delivery/dead_message.h"

#include <stdlib.h>

#include "delivery/attempt.h"
#include "delivery/envelope.h"
#include "delivery/medium.h"
#include "store/page.h"
#include "store/statements.h"
#include "store/store.h"

enum { PAGE_MAX = 60 };

#define LIST_NAME "ListDeadMessages"

/* --- Listing --- */

/* Where a page begins: behind the row of that time and id. */
struct position {
	int64_t due_at;
	str id;
};

struct dead_row {
	enum outbox_medium medium;
	struct store_outbox_dead_row row;
};

struct listing {
	struct position position;
	int64_t limit; /* of rows to read */
	struct dead_row *rows; /* the newest first */
	size_t count;
};

static str key_of(struct request *request, const struct store_outbox_dead_row *row)
{
	return arena_printf(request->arena, "%lld %.*s", (long long)row->due_at, STR_ARG(row->id));
}

static RESULT find_position(struct request *request, str list, str token, struct position *position)
{
	str key;
	*position = (struct position){ .due_at = INT64_MAX, .id = STR("") };
	TRY(page_key(request, list, token, &key));
	if (str_is_set(key) && str_to_int64(str_split(&key, ' '), &position->due_at))
		position->id = key;
	return OK;
}

static RESULT add_rows(struct request *request, struct listing *listing, enum outbox_medium medium)
{
	const struct store_outbox_dead_in in = {
		.medium = medium_name(medium),
		.before_due_at = listing->position.due_at,
		.before_id = listing->position.id,
		.limit = listing->limit,
	};
	struct store_outbox_dead_row *rows;
	size_t count;
	TRY(store_outbox_dead(request, &in, &rows, &count));
	for (size_t i = 0; i < count; i++)
		listing->rows[listing->count++] = (struct dead_row){ medium, rows[i] };
	return OK;
}

static int compare_newest_first(const void *a, const void *b)
{
	const struct store_outbox_dead_row *left = &((const struct dead_row *)a)->row,
					   *right = &((const struct dead_row *)b)->row;
	if (left->due_at != right->due_at)
		return left->due_at < right->due_at ? 1 : -1;
	return -str_compare(left->id, right->id);
}

/* Each medium has an order of its own in the index; a page of each has the page of all in it. */
static RESULT read_rows(struct request *request, struct listing *listing, str wanted)
{
	listing->rows =
		ARENA_ARRAY(request->arena, struct dead_row, OUTBOX_MEDIUM_COUNT * (size_t)listing->limit);
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		if (!str_is_set(wanted) || str_equal(wanted, medium_name(medium)))
			TRY(add_rows(request, listing, medium));
	qsort(listing->rows, listing->count, sizeof listing->rows[0], compare_newest_first);
	return OK;
}

/* What opens lives in the request's arena and is wiped with it. */
static str masked_recipient(struct request *request, const struct dead_row *dead)
{
	struct outbox_message message = { .medium = dead->medium };
	if (!envelope_open(request->sealer, request->arena, dead->row.id, dead->row.sealed_message, &message))
		return STR_NONE;
	return medium_mask(request->arena, dead->medium, message.recipient);
}

static struct dead_message_type describe(struct request *request, const struct dead_row *dead)
{
	const struct store_outbox_dead_row *row = &dead->row;
	return (struct dead_message_type){
		.message_id = row->id,
		.medium = (enum dead_message_medium_type)spec_enum_value(
			&spec_type_dead_message_medium_type, medium_name(dead->medium)),
		.user_pool_id = row->pool_id,
		.recipient = masked_recipient(request, dead),
		.reason = row->problem,
		.attempts = optional_int(row->attempts),
		.creation_date = optional_int(row->created_at),
		.failure_date = optional_int(row->due_at - ATTEMPT_DEAD_KEPT),
		.expiration_date = optional_int(row->due_at),
	};
}

result dead_message_list(struct request *request, const struct list_dead_messages_request *input,
	struct list_dead_messages_response *output)
{
	str medium = spec_enum_text(&spec_type_dead_message_medium_type, (int)input->medium);
	str list = arena_printf(request->arena, LIST_NAME ":%.*s", STR_ARG(medium));
	size_t limit = (size_t)optional_int_or(input->max_results, PAGE_MAX);
	/* One more than asked for tells whether there is a next page. */
	struct listing listing = { .limit = (int64_t)limit + 1 };
	TRY(find_position(request, list, input->next_token, &listing.position));
	TRY(read_rows(request, &listing, medium));
	if (listing.count > limit)
		output->next_token = page_token(request, list, key_of(request, &listing.rows[limit - 1].row));
	output->dead_messages.items = ARENA_ARRAY(request->arena, struct dead_message_type, limit);
	for (size_t i = 0; i < listing.count && i < limit; i++)
		output->dead_messages.items[output->dead_messages.count++] = describe(request, &listing.rows[i]);
	return OK;
}

/* --- One of them --- */

struct change {
	str id;
	int64_t changed;
};

static RESULT check_found(struct request *request, const struct change *change)
{
	if (change->changed)
		return OK;
	return FAIL(request, RESOURCE_NOT_FOUND, "Dead message %.*s does not exist.", STR_ARG(change->id));
}

static void wake(void *context)
{
	(void)context;
	outbox_wake_all();
}

static RESULT resend(struct request *request, void *context)
{
	struct change *change = context;
	const struct store_outbox_resend_in in = { .id = change->id, .now = request->now };
	TRY(store_outbox_resend(request, &in, &change->changed));
	store_after_commit(request, wake, NULL);
	return OK;
}

result dead_message_resend(struct request *request, str id)
{
	struct change change = { .id = id };
	TRY(store_write(request, resend, &change));
	return check_found(request, &change);
}

static RESULT delete_row(struct request *request, void *context)
{
	struct change *change = context;
	const struct store_outbox_delete_one_dead_in in = { .id = change->id };
	return store_outbox_delete_one_dead(request, &in, &change->changed);
}

result dead_message_delete(struct request *request, str id)
{
	struct change change = { .id = id };
	TRY(store_write(request, delete_row, &change));
	return check_found(request, &change);
}
