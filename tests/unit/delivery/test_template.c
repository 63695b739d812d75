/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery/template.h"

#include "base/fatal.h"
#include "unit/cases.h"

struct render_case {
	const char *name;
	str text, code, username, link, expected;
	bool html;
};

#define CODE STR_INIT("123456")
#define URL  STR_INIT("https://id.example.com/c?a=1&b=2")

static const struct render_case render_cases[] = {
	{ "code", STR_INIT("Code: {####}!"), CODE, .expected = STR_INIT("Code: 123456!"), .html = true },
	{ "code alone", STR_INIT("{####}"), CODE, .expected = STR_INIT("123456") },
	{ "repeated", STR_INIT("{####}{####} {####}"), CODE, .expected = STR_INIT("123456123456 123456") },
	{ "code and name", STR_INIT("{username} {####}"), CODE, STR_INIT("ann"),
		.expected = STR_INIT("ann 123456") },
	{ "no placeholder", STR_INIT("<b>Hello</b>"), CODE, .expected = STR_INIT("<b>Hello</b>"),
		.html = true },
	{ "empty", STR_INIT(""), CODE, .expected = STR_INIT("") },
	{ "value missing", STR_INIT("{username} {####} {##a##}"),
		.expected = STR_INIT("{username} {####} {##a##}") },
	{ "value empty", STR_INIT("<{username}>"), .username = STR_INIT(""), .expected = STR_INIT("<>") },
	{ "link", STR_INIT("Go {##here & now##}."), .link = URL, .html = true,
		.expected = STR_INIT("Go <a href=\"https://id.example.com/c?a=1&amp;b=2\">here & now</a>.") },
	{ "link, plain text", STR_INIT("Go {##here##}."), .link = URL,
		.expected = STR_INIT("Go here https://id.example.com/c?a=1&b=2.") },
	{ "code is no link", STR_INIT("{####}"), CODE, .link = URL, .expected = STR_INIT("123456") },
	{ "link not closed", STR_INIT("{##here"), .link = URL, .expected = STR_INIT("{##here") },
	{ "link half closed", STR_INIT("{##here#}"), .link = URL, .expected = STR_INIT("{##here#}") },
	{ "link within a link", STR_INIT("{##a{##b##}"), .link = STR_INIT("u"),
		.expected = STR_INIT("{##ab u") },
	{ "three marks", STR_INIT("{###}"), CODE, .link = URL, .expected = STR_INIT("{###}") },
	{ "other case", STR_INIT("{Username}"), .username = STR_INIT("ann"),
		.expected = STR_INIT("{Username}") },
	{ "braces", STR_INIT("{{####}} {"), CODE, .expected = STR_INIT("{123456} {") },
	{ "name holds a placeholder", STR_INIT("{username} {####}"), CODE, STR_INIT("{####}{username}"),
		.expected = STR_INIT("{####}{username} 123456") },
	{ "name ends like one begins", STR_INIT("{username}{####}"), CODE, STR_INIT("{"),
		.expected = STR_INIT("{123456") },
	{ "name begins one", STR_INIT("{username}####}"), CODE, STR_INIT("{"),
		.expected = STR_INIT("{####}") },
	{ "name with markup", STR_INIT("<p>{username}</p>"), .username = STR_INIT("<a href='x'>\"&"),
		.html = true, .expected = STR_INIT("<p>&lt;a href=&#39;x&#39;&gt;&quot;&amp;</p>") },
	{ "name with markup, plain text", STR_INIT("{username}"), .username = STR_INIT("<b>&"),
		.expected = STR_INIT("<b>&") },
	{ "password with markup", STR_INIT("{####}"), STR_INIT("a<b&c"), .html = true,
		.expected = STR_INIT("a&lt;b&amp;c") },
	{ "url with a quote", STR_INIT("{##x##}"), .link = STR_INIT("u\" onclick=\""), .html = true,
		.expected = STR_INIT("<a href=\"u&quot; onclick=&quot;\">x</a>") },
};

static void renders(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < ARRAY_LEN(render_cases); i++) {
		const struct render_case *c = &render_cases[i];
		struct template_values values = { c->code, c->username, c->link, c->html };
		str rendered = template_render(arena, c->text, &values);
		assert_case(str_is_set(rendered) && str_equal(rendered, c->expected), c->name);
	}
	arena_free(&arena);
}

static str repeated(struct arena *arena, str part, size_t count)
{
	char *text = arena_alloc(arena, part.len * count);
	for (size_t i = 0; i < count; i++)
		memcpy(text + i * part.len, part.data, part.len);
	return (str){ text, part.len * count };
}

static void refuses_what_grows_too_long(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	str name = repeated(arena, STR("\""), 128), template = repeated(arena, STR("{username}"), 2000);
	struct template_values values = { .username = name, .html = true };
	assert_false(str_is_set(template_render(arena, template, &values)));
	values.html = false;
	assert_int_equal(template_render(arena, template, &values).len, 2000 * 128);
	assert_false(
		str_is_set(template_render(arena, repeated(arena, STR("a"), TEMPLATE_MAX + 1), &values)));
	assert_int_equal(
		template_render(arena, repeated(arena, STR("a"), TEMPLATE_MAX), &values).len, TEMPLATE_MAX);
	arena_free(&arena);
}

static void defaults_use_what_they_are_given(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct template_values values = { STR("777"), STR("ann"), STR("https://x"), true };
	for (enum template_kind kind = 0; kind < TEMPLATE_KIND_COUNT; kind++) {
		const struct template_default *texts = template_default(kind);
		assert_true(str_is_set(texts->subject));
		assert_int_equal(str_find_char(template_render(arena, texts->email, &values), '{'), -1);
		assert_int_equal(str_is_set(texts->sms), kind != TEMPLATE_VERIFICATION_LINK);
	}
	assert_str_equal(template_render(arena, template_default(TEMPLATE_INVITATION)->email, &values),
		STR("Your username is ann and temporary password is 777."));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(renders),
		cmocka_unit_test(refuses_what_grows_too_long),
		cmocka_unit_test(defaults_use_what_they_are_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
