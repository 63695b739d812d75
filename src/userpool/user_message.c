/* SPDX-License-Identifier: Apache-2.0 */
/* Messages to users. */
#include "userpool/user_message.h"

#include "base/fold.h"
#include "base/log.h"
#include "delivery/medium.h"
#include "delivery/outbox.h"
#include "userpool/address_kind.h"
#include "userpool/pool.h"
#include "userpool/user.h"

static const struct address_kind *kind_for(enum delivery_medium_type medium)
{
	return medium == DELIVERY_MEDIUM_TYPE_SMS ? &address_kind_phone_number : &address_kind_email;
}

static struct user_address address_of(const struct address_kind *kind, str value)
{
	if (str_is_empty(value))
		return (struct user_address){ .medium = kind->medium };
	return (struct user_address){ kind->medium, kind->attribute, value };
}

struct user_address user_message_address(const struct user *user, enum delivery_medium_type medium)
{
	const struct address_kind *kind = kind_for(medium);
	return address_of(kind, user_attribute(user, kind->attribute));
}

struct user_address user_message_address_of(str attribute, str value)
{
	const struct address_kind *kind = address_kind_of(attribute);
	return kind ? address_of(kind, value) : (struct user_address){ .medium = DELIVERY_MEDIUM_TYPE_EMAIL };
}

struct user_address user_message_verification_address(const struct user_pool *pool, const struct user *user)
{
	static const struct address_kind *const order[] = { &address_kind_phone_number, &address_kind_email };
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		str value = user_attribute(user, order[i]->attribute);
		if (!str_is_empty(value) && pool_is_auto_verified(pool, order[i]->attribute))
			return address_of(order[i], value);
	}
	return (struct user_address){ .medium = DELIVERY_MEDIUM_TYPE_EMAIL };
}

/* --- Texts --- */

struct texts {
	str subject, email, sms;
};

static str either(str own, str standard)
{
	return str_is_set(own) ? own : standard;
}

static struct texts own_verification_texts(const struct user_pool *pool)
{
	const struct verification_message_template_type *own = pool->settings.verification_message_template;
	return (struct texts){ own->email_subject, own->email_message, own->sms_message };
}

static struct texts own_link_texts(const struct user_pool *pool)
{
	const struct verification_message_template_type *own = pool->settings.verification_message_template;
	return (struct texts){ own->email_subject_by_link, own->email_message_by_link, STR_NONE };
}

static struct texts own_invitation_texts(const struct user_pool *pool)
{
	const struct message_template_type *own =
		pool->settings.admin_create_user_config->invite_message_template;
	if (!own)
		return (struct texts){ .subject = STR_NONE };
	return (struct texts){ own->email_subject, own->email_message, own->sms_message };
}

static struct texts own_authentication_texts(const struct user_pool *pool)
{
	const struct email_mfa_config_type *email = pool->mfa.email_mfa_configuration;
	return (struct texts){
		.subject = email ? email->subject : STR_NONE,
		.email = email ? email->message : STR_NONE,
		.sms = pool->settings.sms_authentication_message,
	};
}

/* The kinds that a pool can have texts of its own for. */
static struct texts (*const own_texts[TEMPLATE_KIND_COUNT])(const struct user_pool *pool) = {
	[TEMPLATE_VERIFICATION] = own_verification_texts,
	[TEMPLATE_VERIFICATION_LINK] = own_link_texts,
	[TEMPLATE_FORGOT_PASSWORD] = own_verification_texts,
	[TEMPLATE_INVITATION] = own_invitation_texts,
	[TEMPLATE_AUTHENTICATION] = own_authentication_texts,
};

static struct texts texts_of(const struct user_pool *pool, enum template_kind kind)
{
	const struct template_default *standard = template_default(kind);
	struct texts texts = { .subject = STR_NONE };
	if (own_texts[kind])
		texts = own_texts[kind](pool);
	return (struct texts){
		.subject = either(texts.subject, standard->subject),
		.email = either(texts.email, standard->email),
		.sms = either(texts.sms, standard->sms),
	};
}

/* --- Limits --- */

/* Mailboxes do not tell capital letters apart, whatever the pool does. */
struct attempt_subject user_message_limit(
	struct request *request, const struct user_pool *pool, const struct user_address *address)
{
	return attempt_subject(
		request, ATTEMPT_MESSAGE, pool, NULL, fold_case(request->arena, address->value));
}

result user_message_may_send(struct request *request, const struct user_pool *pool,
	const struct user_address *address, bool *may_send)
{
	struct attempt_subject limit = user_message_limit(request, pool, address);
	result counted = attempt_count(request, &limit);
	*may_send = result_is_ok(counted);
	if (*may_send || request->error != ERROR_LIMIT_EXCEEDED)
		return counted;
	request_clear_failure(request);
	log_event(LOG_WARNING, "message_withheld", LOG_TEXT("id", request->id), LOG_TEXT("pool", pool->id));
	return OK;
}

/* --- Sending --- */

static struct outbox_message compose(struct request *request, const struct user_pool *pool,
	const struct user_address *address, enum template_kind kind, str secret, str name)
{
	const struct email_configuration_type *email = pool->settings.email_configuration;
	const struct texts texts = texts_of(pool, kind);
	struct outbox_message message = {
		.medium = kind_for(address->medium)->outbox,
		.pool_id = pool->id,
		.recipient = address->value,
	};
	/* A subject shows in lists and notifications: a link has no place there. */
	bool is_link = kind == TEMPLATE_VERIFICATION_LINK;
	struct template_values values = { .code = is_link ? STR_NONE : secret, .username = name };
	if (message.medium == OUTBOX_SMS) {
		message.body = template_render(request->arena, texts.sms, &values);
		return message;
	}
	message.subject = template_render(request->arena, texts.subject, &values);
	values.html = true;
	values.link = is_link ? secret : STR_NONE;
	message.body = template_render(request->arena, texts.email, &values);
	message.sender = email->from;
	message.reply_to = email->reply_to_email_address;
	return message;
}

result user_message_send(struct request *request, const struct user_pool *pool,
	const struct user_address *address, enum template_kind kind, str secret, str name)
{
	const struct outbox_message message = compose(request, pool, address, kind, secret, name);
	return outbox_add(request, &message);
}

result user_message_pretend(struct request *request, const struct user_pool *pool,
	const struct user_address *address, enum template_kind kind, str secret, str name)
{
	const struct outbox_message message = compose(request, pool, address, kind, secret, name);
	return outbox_pretend(request, &message);
}

struct code_delivery_details_type *user_message_details(
	struct request *request, const struct user_address *address)
{
	struct code_delivery_details_type *details =
		ARENA_NEW(request->arena, struct code_delivery_details_type);
	*details = (struct code_delivery_details_type){
		.destination = medium_mask(request->arena, kind_for(address->medium)->outbox, address->value),
		.delivery_medium = address->medium,
		.attribute_name = address->attribute,
	};
	return details;
}
