/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* usleep */
#include "unit/delivery/office.h"

#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "crypto/seal.h"
#include "delivery/medium.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/delivery/folder.h"

/* A hundredth of a second each: less than the minute after which a courier looks without being woken. */
enum { WAITS_MAX = 3000, WAIT_US = 10000 };

enum { SENT_MAX = 1000, RECIPIENT_MAX = 64 };

static struct {
	pthread_mutex_t lock;
	pthread_cond_t released;
	enum sender_outcome answers[OUTBOX_MEDIUM_COUNT];
	bool held[OUTBOX_MEDIUM_COUNT];
	size_t handed[OUTBOX_MEDIUM_COUNT];
	size_t damaged;
	char sent[SENT_MAX][RECIPIENT_MAX];
	size_t sent_count;
	enum office_moment moment;
	void (*interruption)(const struct office *office);
	const struct office *office;
} fake = { .lock = PTHREAD_MUTEX_INITIALIZER, .released = PTHREAD_COND_INITIALIZER };

static bool is_whole(const struct outbox_message *message)
{
	return str_equal(message->body, STR(OFFICE_BODY)) &&
	       str_equal(message->subject, STR(OFFICE_SUBJECT)) &&
	       str_equal(message->pool_id, STR("us-east-1_Office")) && message->id.len == 36 &&
	       !str_is_set(message->reply_to);
}

static void interrupt(enum office_moment moment)
{
	pthread_mutex_lock(&fake.lock);
	void (*interruption)(const struct office *) = fake.moment == moment ? fake.interruption : NULL;
	if (interruption)
		fake.interruption = NULL;
	pthread_mutex_unlock(&fake.lock);
	if (interruption)
		interruption(fake.office);
}

static bool accepts(const struct settings *settings, enum outbox_medium medium)
{
	(void)settings;
	(void)medium;
	interrupt(OFFICE_FOUND);
	return true;
}

static enum sender_outcome hand_over(const struct settings *settings, struct arena *arena,
	const struct outbox_message *message, str *problem)
{
	(void)settings;
	interrupt(OFFICE_IN_HAND);
	pthread_mutex_lock(&fake.lock);
	fake.handed[message->medium]++;
	fake.damaged += !is_whole(message);
	while (fake.held[message->medium])
		pthread_cond_wait(&fake.released, &fake.lock);
	enum sender_outcome answer = fake.answers[message->medium];
	if (answer == SENDER_SENT && fake.sent_count < SENT_MAX)
		memcpy(fake.sent[fake.sent_count++], arena_copy(arena, message->recipient).data,
			message->recipient.len + 1);
	pthread_mutex_unlock(&fake.lock);
	if (answer != SENDER_SENT)
		*problem = arena_printf(arena, "no mailbox %.*s here", STR_ARG(message->recipient));
	return answer;
}

static const struct sender sender = { .name = "fake", .accepts = accepts, .send = hand_over };

const struct sender *const office_senders[] = { &sender, NULL };

static void clear(void)
{
	memset(fake.answers, 0, sizeof fake.answers);
	memset(fake.held, 0, sizeof fake.held);
	memset(fake.handed, 0, sizeof fake.handed);
	memset(fake.sent, 0, sizeof fake.sent);
	fake.damaged = fake.sent_count = 0;
	fake.interruption = NULL;
}

struct store *office_open_store(const struct office *office)
{
	str problem = STR("");
	struct store *store = store_open(office->arena, &office->settings, &problem);
	if (!store)
		fail_msg("%.*s", STR_ARG(problem));
	return store;
}

int office_set_up(void **state)
{
	struct arena *arena = arena_new();
	struct office *office = ARENA_NEW(arena, struct office);
	clear();
	office->arena = arena;
	office->settings.data_dir = folder_new(arena);
	office->sealer = sealer_new(STR("0123456789abcdef0123456789abcdef"));
	office->store = office_open_store(office);
	*state = office;
	return 0;
}

int office_tear_down(void **state)
{
	struct office *office = *state;
	struct arena *arena = office->arena;
	clock_fix(0);
	store_close(&office->store);
	sealer_free(&office->sealer);
	folder_remove(office->settings.data_dir);
	arena_free(&arena);
	return 0;
}

struct request *office_request(const struct office *office)
{
	struct request *request = request_new();
	request->settings = &office->settings;
	request->sealer = office->sealer;
	request->store = office->store;
	return request;
}

static RESULT add(struct request *request, void *message)
{
	return outbox_add(request, message);
}

void office_add(const struct office *office, enum outbox_medium medium, const char *recipient)
{
	struct request *request = office_request(office);
	struct outbox_message message = {
		.medium = medium,
		.pool_id = STR("us-east-1_Office"),
		.recipient = str_of(recipient),
		.subject = STR(OFFICE_SUBJECT),
		.body = STR(OFFICE_BODY),
	};
	if (!result_is_ok(store_write(request, add, &message)))
		fail_msg("%.*s (%.*s)", STR_ARG(request->message), STR_ARG(request->detail));
	request_free(&request);
}

bool office_first(const struct office *office, enum outbox_medium medium, int64_t *attempts, int64_t *due_at)
{
	struct request *request = office_request(office);
	struct store_outbox_first_row row = { .attempts = 0 };
	bool found;
	assert_true(result_is_ok(store_outbox_first(
		request, &(struct store_outbox_first_in){ .medium = medium_name(medium) }, &row, &found)));
	if (attempts)
		*attempts = row.attempts;
	if (due_at)
		*due_at = row.due_at;
	request_free(&request);
	return found;
}

size_t office_dead(const struct office *office, str *problem)
{
	struct request *request = office_request(office);
	const struct store_outbox_dead_in in = {
		.medium = STR("EMAIL"), .before_due_at = INT64_MAX, .before_id = STR(""), .limit = 1000
	};
	struct store_outbox_dead_row *rows;
	size_t count;
	assert_true(result_is_ok(store_outbox_dead(request, &in, &rows, &count)));
	if (problem)
		*problem = count ? arena_copy(office->arena, rows[0].problem) : STR_NONE;
	request_free(&request);
	return count;
}

void office_answer(enum outbox_medium medium, enum sender_outcome answer)
{
	pthread_mutex_lock(&fake.lock);
	fake.answers[medium] = answer;
	pthread_mutex_unlock(&fake.lock);
}

void office_interrupt(const struct office *office, enum office_moment moment,
	void (*interruption)(const struct office *office))
{
	pthread_mutex_lock(&fake.lock);
	fake.office = office;
	fake.moment = moment;
	fake.interruption = interruption;
	pthread_mutex_unlock(&fake.lock);
}

void office_hold(enum outbox_medium medium, bool held)
{
	pthread_mutex_lock(&fake.lock);
	fake.held[medium] = held;
	pthread_cond_broadcast(&fake.released);
	pthread_mutex_unlock(&fake.lock);
}

size_t office_handed(enum outbox_medium medium)
{
	pthread_mutex_lock(&fake.lock);
	size_t handed = fake.handed[medium];
	pthread_mutex_unlock(&fake.lock);
	return handed;
}

size_t office_sent_to(const char *recipient)
{
	size_t count = 0;
	pthread_mutex_lock(&fake.lock);
	for (size_t i = 0; i < fake.sent_count; i++)
		count += strcmp(fake.sent[i], recipient) == 0;
	pthread_mutex_unlock(&fake.lock);
	return count;
}

bool office_was_given_whole_messages(void)
{
	pthread_mutex_lock(&fake.lock);
	bool whole = fake.damaged == 0;
	pthread_mutex_unlock(&fake.lock);
	return whole;
}

void office_wait_a_moment(int *waits, const char *condition)
{
	if (++*waits > WAITS_MAX) {
		/* At once: threads that still run may not survive the tear-down. */
		print_error("waited in vain for %s\n", condition);
		fail();
	}
	usleep(WAIT_US);
}
