/* SPDX-License-Identifier: Apache-2.0 */
/* The page that links of e-mails open (userpool/confirmation_link.h): /<pool id>/confirmUser. GET shows a
   button and changes nothing, since mail scanners follow links; POST, which the button sends, confirms the
   user.

   A stranger learns nothing from it: with an unknown user, a wrong, an expired and a used code POST answers
   the same. */
#pragma once

#include "base/request.h"
#include "message/request.h"

/* Answers when the path is the page's: 200; 400 for a link that does not work; 409 where the address belongs to
   somebody else by now; 429, 500 and 503 as errors have them; 405 for other methods. False, and nothing set,
   for any other path. May block. */
bool confirm_user_answer(
	struct request *request, const struct message_request *message, struct message_response *response);

/* The same for what needs no store, GET above all: false for the rest. Never blocks. */
bool confirm_user_answer_ready(
	struct request *request, const struct message_request *message, struct message_response *response);
