/* SPDX-License-Identifier: Apache-2.0 */
/* Texts. Another language is another entry; the first one is what everybody gets who reads none of them. */
#include "oauth/page_text.h"

#include "base/fatal.h"
#include "message/language.h"

static const struct page_language languages[] = {
	{
		.tag = STR_INIT("en"),
		.texts = {
			[PAGE_CONFIRM_ASK] = {
				.title = STR_INIT("Confirm your e-mail address"),
				.paragraphs = {
					STR_INIT("One step is left to finish your sign-up: press the button."),
				},
				.button = STR_INIT("Confirm"),
				.note = STR_INIT("You did not sign up? Then close this page. Nothing is confirmed "
						 "unless you press the button."),
			},
			[PAGE_CONFIRM_DONE] = {
				.title = STR_INIT("Your e-mail address is confirmed"),
				.paragraphs = {
					STR_INIT("Go back to the app where you signed up, and sign in."),
					STR_INIT("You can close this page."),
				},
			},
			[PAGE_CONFIRM_DEAD] = {
				.title = STR_INIT("This link does not work"),
				.paragraphs = {
					STR_INIT("A link works once, for a day, and only until a newer one is sent."),
					STR_INIT("You confirmed already? Then go back to the app, and sign in."),
					STR_INIT("If not, ask for a new link in the app, and open the one in the "
						 "newest message."),
				},
			},
			[PAGE_CONFIRM_TAKEN] = {
				.title = STR_INIT("This address belongs to another account"),
				.paragraphs = {
					STR_INIT("Your e-mail address was not confirmed, because another account has "
						 "it already."),
					STR_INIT("Go back to the app and sign in to that account, or sign up with "
						 "another address."),
				},
			},
			[PAGE_CONFIRM_LIMIT] = {
				.title = STR_INIT("Too many tries"),
				.paragraphs = {
					STR_INIT("Links that do not work were opened too often."),
					STR_INIT("Ask for a new link in the app, and open the one in the newest "
						 "message."),
				},
			},
			[PAGE_CONFIRM_FAILED] = {
				.title = STR_INIT("That did not work"),
				.paragraphs = {
					STR_INIT("Your e-mail address is not confirmed yet, and your link still works. "
						 "The fault is on our side."),
					STR_INIT("Wait a moment, and try again."),
				},
				.button = STR_INIT("Try again"),
			},
		},
	},
};

const struct page_language *page_language_choose(str accepted)
{
	str tags[ARRAY_LEN(languages)];
	for (size_t i = 0; i < ARRAY_LEN(languages); i++)
		tags[i] = languages[i].tag;
	return &languages[language_choose(accepted, tags, ARRAY_LEN(languages))];
}
