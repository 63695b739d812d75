/* SPDX-License-Identifier: Apache-2.0 */
/* Expositions. */
#include "base/exposition.h"

enum { US_OF_SECOND = 1000000 };

void exposition_begin(struct buf *out, str name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %.*s %s\n# TYPE %.*s %s\n", STR_ARG(name), help, STR_ARG(name), type);
}

static void add_value(struct buf *out, str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];
		if (c == '\\' || c == '"' || c == '\n')
			buf_add_char(out, '\\');
		buf_add_char(out, c == '\n' ? 'n' : c);
	}
}

static void add_label(struct buf *out, str name, str value, bool *is_first)
{
	buf_add_char(out, *is_first ? '{' : ',');
	*is_first = false;
	buf_add(out, name);
	buf_add(out, STR("=\""));
	add_value(out, value);
	buf_add_char(out, '"');
}

/* `bound` is that of a class of a histogram, absent elsewhere. */
static void add_labels(struct buf *out, const struct exposition_label *labels, str bound)
{
	bool is_first = true;
	for (size_t i = 0; labels && i < EXPOSITION_LABELS_MAX && str_is_set(labels[i].name); i++)
		add_label(out, labels[i].name, labels[i].value, &is_first);
	if (str_is_set(bound))
		add_label(out, STR("le"), bound, &is_first);
	if (!is_first)
		buf_add_char(out, '}');
}

static void add_count(struct buf *out, uint64_t value)
{
	buf_add_char(out, ' ');
	buf_add_int(out, (int64_t)value);
	buf_add_char(out, '\n');
}

static void add_seconds(struct buf *out, uint64_t microseconds)
{
	buf_printf(out, " %llu.%06llu\n", (unsigned long long)(microseconds / US_OF_SECOND),
		(unsigned long long)(microseconds % US_OF_SECOND));
}

void exposition_add(struct buf *out, str name, const struct exposition_label *labels, uint64_t value)
{
	buf_add(out, name);
	add_labels(out, labels, STR_NONE);
	add_count(out, value);
}

void exposition_add_seconds(struct buf *out, str name, const struct exposition_label *labels, uint64_t microseconds)
{
	buf_add(out, name);
	add_labels(out, labels, STR_NONE);
	add_seconds(out, microseconds);
}

/* "0.0005", "1", "10": as a reader of numbers would write it. */
static str bound_text(struct arena *arena, int64_t microseconds)
{
	str text = arena_printf(arena, "%lld.%06lld", (long long)(microseconds / US_OF_SECOND),
		(long long)(microseconds % US_OF_SECOND));
	while (str_has_suffix(text, STR("0")))
		text.len--;
	if (str_has_suffix(text, STR(".")))
		text.len--;
	return text;
}

static void add_class(struct buf *out, str name, const struct exposition_label *labels, str bound, uint64_t count)
{
	buf_add(out, name);
	buf_add(out, STR("_bucket"));
	add_labels(out, labels, bound);
	add_count(out, count);
}

/* Each count is read once: they go on while this is written. */
void exposition_add_histogram(
	struct buf *out, str name, const struct exposition_label *labels, const struct histogram *histogram)
{
	uint64_t sum_us = histogram->sum_us, count = 0;
	for (int i = 0; i <= HISTOGRAM_CLASSES; i++) {
		count += histogram->counts[i];
		add_class(out, name, labels,
			i < HISTOGRAM_CLASSES ? bound_text(out->arena, histogram_bounds_us[i]) : STR("+Inf"), count);
	}
	buf_add(out, name);
	buf_add(out, STR("_sum"));
	add_labels(out, labels, STR_NONE);
	add_seconds(out, sum_us);
	buf_add(out, name);
	buf_add(out, STR("_count"));
	add_labels(out, labels, STR_NONE);
	add_count(out, count);
}
