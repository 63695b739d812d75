/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing a language. Weights are thousandths. */
#include "message/language.h"

enum { RANGES_MAX = 32, WEIGHT_ONE = 1000 };

/* RFC 9110, 12.4.2: "0" or "1", and up to three digits behind a point; -1 for anything else. */
static int weight_of(str text)
{
	int weight = 0;
	if (text.len < 1 || text.len > 5 || (text.len > 1 && text.data[1] != '.'))
		return -1;
	for (size_t i = 0, unit = WEIGHT_ONE; i < text.len; i++) {
		if (i == 1)
			continue;
		if (text.data[i] < '0' || text.data[i] > '9')
			return -1;
		weight += (text.data[i] - '0') * (int)unit;
		unit /= 10;
	}
	return weight <= WEIGHT_ONE ? weight : -1;
}

/* Whether `longer` is `shorter`, or goes on behind it with another subtag. */
static bool goes_on(str longer, str shorter)
{
	return str_equal_ignoring_ascii_case(str_slice(longer, 0, shorter.len), shorter) &&
	       (longer.len == shorter.len || longer.data[shorter.len] == '-');
}

static bool takes(str range, str tag)
{
	if (str_is_empty(range))
		return false;
	return str_equal(range, STR("*")) ||
	       (range.len <= tag.len ? goes_on(tag, range) : goes_on(range, tag));
}

/* Takes "de-AT;q=0.7" apart; false when it is no range with a weight above 0. */
static bool read_range(str item, str *range, int *weight)
{
	*range = str_trim(str_split(&item, ';'));
	*weight = WEIGHT_ONE;
	if (str_is_set(item)) {
		str parameter = str_trim(item);
		if (!str_equal_ignoring_ascii_case(str_slice(parameter, 0, 2), STR("q=")))
			return false;
		*weight = weight_of(str_from(parameter, 2));
	}
	return *weight > 0;
}

size_t language_choose(str accepted, const str *tags, size_t count)
{
	size_t best = 0;
	int best_weight = 0;
	for (int i = 0; i < RANGES_MAX && str_is_set(accepted); i++) {
		str range;
		int weight;
		if (!read_range(str_split(&accepted, ','), &range, &weight) || weight <= best_weight)
			continue;
		for (size_t k = 0; k < count; k++)
			if (takes(range, tags[k])) {
				best = k;
				best_weight = weight;
				break;
			}
	}
	return best;
}
