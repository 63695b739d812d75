/* SPDX-License-Identifier: Apache-2.0 */
/* What pages say, in every language that there is. Plain text: who shows it escapes it. */
#pragma once

#include "base/str.h"

enum page_name {
	PAGE_CONFIRM_ASK, /* has a button, as the two that can be tried again */
	PAGE_CONFIRM_DONE,
	PAGE_CONFIRM_DEAD,
	PAGE_CONFIRM_TAKEN,
	PAGE_CONFIRM_LIMIT,
	PAGE_CONFIRM_FAILED,
	PAGE_COUNT
};

struct page_text {
	str title; /* also the heading */
	str paragraphs[3]; /* up to the first that is absent */
	str button; /* absent for none */
	str note; /* smaller, below the button; absent for none */
};

struct page_language {
	str tag; /* BCP 47: "en" */
	struct page_text texts[PAGE_COUNT];
};

/* The language that the field Accept-Language (absent for none) wants most of those there are; English else.
 */
const struct page_language *page_language_choose(str accepted);
