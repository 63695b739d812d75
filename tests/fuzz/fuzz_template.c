/* SPDX-License-Identifier: Apache-2.0 */
/* Templates of messages. An input is four texts with a NUL between them: the template, code, user name, link;
   a missing one is absent. What comes out stays within its limit, and values bring neither markup nor
   placeholders into HTML. */
#include "fuzz/fuzz.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "delivery/template.h"

static size_t count_of(str text, char c)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == c;
	return count;
}

/* Most that comes of a text: every character as an entity, "&quot;". */
static size_t longest(str value)
{
	return 6 * value.len;
}

static void check_html(str template, str rendered, bool has_link)
{
	if (has_link)
		return; /* its element has marks of its own */
	assert(count_of(rendered, '<') == count_of(template, '<'));
	assert(count_of(rendered, '"') == count_of(template, '"'));
}

/* Every value comes after a placeholder, and each of those is two braces at least. */
static void check_length(str template, const struct template_values *values, str rendered)
{
	size_t places = count_of(template, '{');
	size_t value = longest(values->code) + longest(values->username) + longest(values->link) + 32;
	assert(rendered.len <= template.len + places * value);
}

static void render(struct request *request, str template, const struct template_values *values)
{
	str rendered = template_render(request->arena, template, values);
	if (!str_is_set(rendered))
		return;
	assert(rendered.len <= TEMPLATE_MAX);
	check_length(template, values, rendered);
	if (values->html)
		check_html(template, rendered, str_is_set(values->link));
	if (utf8_is_valid(template) && utf8_is_valid(values->code) && utf8_is_valid(values->username) &&
		utf8_is_valid(values->link))
		assert(utf8_is_valid(rendered));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request *request = request_new();
	str rest = fuzz_text(data, size);
	str template = str_split(&rest, '\0');
	struct template_values values = { .code = str_split(&rest, '\0') };
	values.username = str_split(&rest, '\0');
	values.link = rest;
	render(request, template, &values);
	values.html = true;
	render(request, template, &values);
	request_free(&request);
	return 0;
}
