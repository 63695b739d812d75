/* SPDX-License-Identifier: Apache-2.0 */
/* Messages to users. */
#include "userpool/user_message.h"

#include "delivery/medium.h"
#include "delivery/outbox.h"
#include "userpool/pool.h"
#include "userpool/user.h"

static const struct {
	str attribute;
	enum outbox_medium outbox;
} media[] = {
	[DELIVERY_MEDIUM_TYPE_SMS] = { STR_INIT("phone_number"), OUTBOX_SMS },
	[DELIVERY_MEDIUM_TYPE_EMAIL] = { STR_INIT("email"), OUTBOX_EMAIL },
};

struct user_address user_message_address(const struct user *user, enum delivery_medium_type medium)
{
	str value = user_attribute(user, media[medium].attribute);
	if (str_is_empty(value))
		return (struct user_address){ .medium = medium };
	return (struct user_address){ medium, media[medium].attribute, value };
}

struct user_address user_message_address_of(str attribute, str value)
{
	for (size_t i = DELIVERY_MEDIUM_TYPE_SMS; i < sizeof media / sizeof *media; i++)
		if (str_equal(media[i].attribute, attribute) && !str_is_empty(value))
			return (struct user_address){ (enum delivery_medium_type)i, media[i].attribute,
				value };
	return (struct user_address){ .medium = DELIVERY_MEDIUM_TYPE_EMAIL };
}

struct user_address user_message_verification_address(const struct user_pool *pool, const struct user *user)
{
	static const enum delivery_medium_type order[] = { DELIVERY_MEDIUM_TYPE_SMS,
		DELIVERY_MEDIUM_TYPE_EMAIL };
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		struct user_address address = user_message_address(user, order[i]);
		if (str_is_set(address.attribute) && pool_is_auto_verified(pool, address.attribute))
			return address;
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

/* --- Sending --- */

result user_message_send(struct request *request, const struct user_pool *pool,
	const struct user_address *address, enum template_kind kind, str secret, str name)
{
	const struct email_configuration_type *email = pool->settings.email_configuration;
	const struct texts texts = texts_of(pool, kind);
	struct outbox_message message = {
		.medium = media[address->medium].outbox,
		.pool_id = pool->id,
		.recipient = address->value,
	};
	/* A subject shows in lists and notifications: a link has no place there. */
	bool is_link = kind == TEMPLATE_VERIFICATION_LINK;
	struct template_values values = { .code = is_link ? STR_NONE : secret, .username = name };
	if (message.medium == OUTBOX_SMS) {
		message.body = template_render(request->arena, texts.sms, &values);
		return outbox_add(request, &message);
	}
	message.subject = template_render(request->arena, texts.subject, &values);
	values.html = true;
	values.link = is_link ? secret : STR_NONE;
	message.body = template_render(request->arena, texts.email, &values);
	message.sender = email->from;
	message.reply_to = email->reply_to_email_address;
	return outbox_add(request, &message);
}

struct code_delivery_details_type *user_message_details(
	struct request *request, const struct user_address *address)
{
	struct code_delivery_details_type *details =
		ARENA_NEW(request->arena, struct code_delivery_details_type);
	*details = (struct code_delivery_details_type){
		.destination = medium_mask(request->arena, media[address->medium].outbox, address->value),
		.delivery_medium = address->medium,
		.attribute_name = address->attribute,
	};
	return details;
}
