/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of messages to users, with the placeholders of Cognito's message templates:
       {####}        the code, or the temporary password
       {username}    the user's name
       {##text##}    a link with this text
   Values are taken as they are: a user name that holds a placeholder stays what it is. */
#pragma once

#include "base/arena.h"

/* Longest result in bytes: four times the longest template that the API takes (20,000 characters). */
enum { TEMPLATE_MAX = 320 * 1024 };

struct template_values {
	str code;
	str username;
	str link; /* URL */
	bool html; /* bodies of e-mails: values are escaped, a link becomes an element; else plain text */
};

enum template_kind {
	TEMPLATE_VERIFICATION, /* a code for sign-up, resend and attributes */
	TEMPLATE_VERIFICATION_LINK,
	TEMPLATE_INVITATION,
	TEMPLATE_FORGOT_PASSWORD,
	TEMPLATE_AUTHENTICATION, /* a code as a factor of a sign-in */
	TEMPLATE_KIND_COUNT
};

struct template_default {
	str subject; /* of the e-mail */
	str email; /* HTML */
	str sms; /* absent where there is no SMS of this kind */
};

/* The text with every placeholder replaced whose value is set; the others stay. Absent when the result would
   be longer than TEMPLATE_MAX. The template itself is the operator's and trusted. */
str template_render(struct arena *arena, str text, const struct template_values *values);

/* What is sent where a pool has no text of its own; never NULL. */
const struct template_default *template_default(enum template_kind kind);
