/* SPDX-License-Identifier: Apache-2.0 */
/* The frame around all pages. The policy names the one style sheet by its hash and allows nothing else. */
#include "oauth/page.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "message/html.h"

enum { PAGE_MAX_BYTES = 16 * 1024 };

/* Contrast of text and button is at least 4.5 to 1 in both schemes, of the edges that matter 3 to 1. */
static const char style[] =
	":root{color-scheme:light "
	"dark;--page:#f3f4f6;--card:#fff;--text:#1a1d23;--soft:#4b5260;--edge:#d5d9e0;"
	"--act:#1f5fbf;--act-text:#fff;--act-over:#174a96;--good:#17703a;--bad:#a3430f}"
	"@media(prefers-color-scheme:dark){:root{--page:#14161a;--card:#1e2127;--text:#eceef2;--soft:#b3bac6;"
	"--edge:#3a404b;--act:#8db8f5;--act-text:#0c1a2e;--act-over:#b3d0fa;--good:#6fcf97;--bad:#f2a277}}"
	"*{box-sizing:border-box}"
	"body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:1.25rem;"
	"background:var(--page);color:var(--text);font:1rem/1.5 "
	"system-ui,sans-serif;overflow-wrap:break-word}"
	"main{width:100%;max-width:27rem;padding:2rem;background:var(--card);border:1px solid var(--edge);"
	"border-radius:.75rem}"
	".mark{display:block;width:2.75rem;height:2.75rem;margin:0 0 1rem;border:2px solid;border-radius:50%;"
	"color:var(--act);font:600 1.375rem/2.5rem system-ui,sans-serif;text-align:center}"
	".success{color:var(--good)}.problem{color:var(--bad)}"
	"h1{margin:0 0 .75rem;font-size:1.375rem;line-height:1.3;text-wrap:balance}"
	"p{margin:0 0 .75rem;color:var(--soft)}p:last-child{margin-bottom:0}"
	"small{display:block;margin-top:1.25rem;color:var(--soft);font-size:.875rem}"
	"form{margin:1.5rem 0 0}"
	"button{width:100%;min-height:3rem;padding:.5rem 1.25rem;border:1px solid "
	"transparent;border-radius:.5rem;"
	"background:var(--act);color:var(--act-text);font:600 1rem/1.5 system-ui,sans-serif;cursor:pointer}"
	"button:hover{background:var(--act-over)}"
	"button:focus-visible{outline:3px solid var(--act);outline-offset:3px}"
	"@media(max-width:24rem){body{padding:.75rem}main{padding:1.25rem}}";

static const struct {
	str css_class, sign;
} moods[] = {
	[PAGE_QUESTION] = { STR_INIT("question"), STR_INIT("@") },
	[PAGE_SUCCESS] = { STR_INIT("success"), STR_INIT("\xe2\x9c\x93") },
	[PAGE_PROBLEM] = { STR_INIT("problem"), STR_INIT("!") },
};

/* --- Document --- */

static void add_element(struct buf *out, const char *name, str text)
{
	buf_printf(out, "<%s>", name);
	html_add(out, text);
	buf_printf(out, "</%s>\n", name);
}

static void add_head(struct buf *out, const struct page_language *language, str title)
{
	buf_add(out, STR("<!DOCTYPE html>\n<html lang=\""));
	html_add(out, language->tag);
	buf_add(out, STR("\">\n<head>\n<meta charset=\"utf-8\">\n"
			 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			 "<meta name=\"robots\" content=\"noindex\">\n"));
	add_element(out, "title", title);
	buf_printf(out, "<style>%s</style>\n</head>\n", style);
}

static void add_main(struct buf *out, const struct page_text *text, enum page_mood mood)
{
	buf_printf(out, "<body>\n<main>\n<span class=\"mark %.*s\" aria-hidden=\"true\">%.*s</span>\n",
		STR_ARG(moods[mood].css_class), STR_ARG(moods[mood].sign));
	add_element(out, "h1", text->title);
	for (size_t i = 0; i < ARRAY_LEN(text->paragraphs) && str_is_set(text->paragraphs[i]); i++)
		add_element(out, "p", text->paragraphs[i]);
	if (str_is_set(text->button)) {
		buf_add(out, STR("<form method=\"post\">"));
		add_element(out, "button", text->button);
		buf_add(out, STR("</form>\n"));
	}
	if (str_is_set(text->note))
		add_element(out, "small", text->note);
	buf_add(out, STR("</main>\n</body>\n</html>\n"));
}

/* --- Headers --- */

static str policy(struct arena *arena)
{
	struct digest digest = digest_sha256(STR(style));
	str hash = base64_encode(arena, digest_str(&digest));
	return arena_printf(arena,
		"default-src 'none'; style-src 'sha256-%.*s'; form-action 'self'; base-uri 'none'; "
		"frame-ancestors 'none'",
		STR_ARG(hash));
}

static void add_headers(
	struct arena *arena, const struct page_language *language, struct message_response *response)
{
	message_add_header(response, STR("Content-Type"), STR("text/html; charset=utf-8"));
	message_add_header(response, STR("Content-Language"), language->tag);
	message_add_header(response, STR("Content-Security-Policy"), policy(arena));
	message_add_header(response, STR("X-Frame-Options"), STR("DENY"));
	message_add_header(response, STR("Referrer-Policy"), STR("no-referrer"));
	message_add_header(response, STR("Cross-Origin-Opener-Policy"), STR("same-origin"));
	message_add_header(response, STR("Cross-Origin-Resource-Policy"), STR("same-origin"));
	message_add_header(response, STR("Cache-Control"), STR("no-store"));
}

void page_answer(struct request *request, const struct message_request *message, enum page_name name,
	enum page_mood mood, unsigned status, struct message_response *response)
{
	const struct page_language *language =
		page_language_choose(message_header(message, STR("Accept-Language")));
	struct buf out = buf_new(request->arena, PAGE_MAX_BYTES);
	add_head(&out, language, language->texts[name].title);
	add_main(&out, &language->texts[name], mood);
	response->status = status;
	response->body = buf_str(&out);
	add_headers(request->arena, language, response);
}
