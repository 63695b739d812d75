/* SPDX-License-Identifier: Apache-2.0 */
/* Pages for people: whole, small, readable without script, style sheet or picture from anywhere, on narrow
   screens, light and dark, by screen readers (WCAG 2.2 AA). Nobody may frame, store or index them, and what
   stands in their URL goes nowhere else. */
#pragma once

#include "base/request.h"
#include "message/request.h"
#include "oauth/page_text.h"

/* What the page is about, as its mark shows. */
enum page_mood { PAGE_QUESTION, PAGE_SUCCESS, PAGE_PROBLEM };

/* Answers with a page in the language that the message asks for. A button sends an empty form by POST to
   where the page came from, query and all, so that the page itself shows nothing of it. */
void page_answer(struct request *request, const struct message_request *message, enum page_name name,
	enum page_mood mood, unsigned status, struct message_response *response);
