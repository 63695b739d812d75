/* SPDX-License-Identifier: Apache-2.0 */
/* The table of categories, from base/category.def. */
#include "base/category.h"

static const struct {
	str name;
	int64_t usual_rate;
} kinds[CATEGORY_COUNT] = {
#define CATEGORY(code, wire_name, rate) [CATEGORY_##code] = { .name = STR_INIT(wire_name), .usual_rate = rate },
#include "base/category.def"
#undef CATEGORY
};

str category_name(enum category category)
{
	return kinds[category].name;
}

enum category category_by_name(str name)
{
	for (enum category category = CATEGORY_NONE + 1; category < CATEGORY_COUNT; category++)
		if (str_equal(kinds[category].name, name))
			return category;
	return CATEGORY_NONE;
}

int64_t category_usual_rate(enum category category)
{
	return kinds[category].usual_rate;
}

static bool set_rate(str text, struct category_rates *rates)
{
	enum category category = category_by_name(str_trim(str_split(&text, '=')));
	int64_t rate;
	if (category == CATEGORY_NONE || !str_is_set(text) || !str_to_int64(str_trim(text), &rate) || rate < 0 ||
		rate > CATEGORY_RATE_MAX)
		return false;
	rates->of[category] = rate;
	return true;
}

static bool take_item(str item, struct category_rates *rates)
{
	static const struct category_rates off;
	if (str_equal(item, STR("off"))) {
		*rates = off;
		return true;
	}
	if (!str_equal(item, STR("cognito")))
		return set_rate(item, rates);
	for (enum category category = CATEGORY_NONE + 1; category < CATEGORY_COUNT; category++)
		rates->of[category] = kinds[category].usual_rate;
	return true;
}

bool category_rates_parse(str text, struct category_rates *rates)
{
	*rates = (struct category_rates){ .of = { 0 } };
	while (str_is_set(text))
		if (!take_item(str_trim(str_split(&text, ',')), rates))
			return false;
	return true;
}
