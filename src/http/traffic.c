/* SPDX-License-Identifier: Apache-2.0 */
/* Traffic: a row of counts for each operation, and one for all that is none. */
#include "http/traffic.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/exposition.h"
#include "base/fatal.h"
#include "spec/operation.h"

enum { STATUS_MAX = 600 };

struct row {
	str operation;
	struct histogram durations;
	atomic_uint_fast64_t errors[ERROR_COUNT]; /* ERROR_NONE counts what went well */
};

struct traffic {
	enum error_code first_of_name[ERROR_COUNT]; /* some errors have one name for the caller */
	atomic_uint_fast64_t responses[STATUS_MAX];
	size_t row_count;
	struct row rows[]; /* in the order of the tables; behind them what is no operation */
};

static size_t count_operations(void)
{
	size_t count = 0;
	for (size_t i = 0; spec_services[i]; i++)
		count += spec_services[i]->operation_count;
	return count;
}

static str error_name(enum error_code code)
{
	return code == ERROR_NONE ? STR("none") : str_of(error_kind(code)->name);
}

static enum error_code find_first(enum error_code code)
{
	enum error_code first = ERROR_NONE;
	while (!str_equal(error_name(first), error_name(code)))
		first++;
	return first;
}

static void name_rows(struct traffic *traffic)
{
	struct row *row = traffic->rows;
	for (size_t i = 0; spec_services[i]; i++)
		for (size_t k = 0; k < spec_services[i]->operation_count; k++)
			(row++)->operation = spec_services[i]->operations[k].name;
	row->operation = STR("none");
}

struct traffic *traffic_new(void)
{
	size_t count = count_operations() + 1;
	struct traffic *traffic = calloc(1, sizeof *traffic + count * sizeof traffic->rows[0]);
	if (!traffic)
		fatal("out of memory");
	traffic->row_count = count;
	for (enum error_code code = ERROR_NONE; code < ERROR_COUNT; code++)
		traffic->first_of_name[code] = find_first(code);
	name_rows(traffic);
	return traffic;
}

void traffic_free(struct traffic **traffic)
{
	free(*traffic);
	*traffic = NULL;
}

static struct row *row_of(struct traffic *traffic, str operation)
{
	size_t before = 0;
	for (size_t i = 0; str_is_set(operation) && spec_services[i]; i++) {
		const struct spec_operation *found = spec_operation_by_name(spec_services[i], operation);
		if (found)
			return &traffic->rows[before + (size_t)(found - spec_services[i]->operations)];
		before += spec_services[i]->operation_count;
	}
	return &traffic->rows[traffic->row_count - 1];
}

static void count_one(atomic_uint_fast64_t *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

void traffic_count(struct traffic *traffic, const struct request *request, unsigned status, int64_t duration_us)
{
	struct row *row = row_of(traffic, request->operation);
	histogram_add(&row->durations, duration_us);
	count_one(&row->errors[traffic->first_of_name[request->error]]);
	count_one(&traffic->responses[status < STATUS_MAX ? status : 0]);
}

void traffic_add_requests(struct buf *out, str name, const struct traffic *traffic)
{
	for (size_t i = 0; i < traffic->row_count; i++)
		for (enum error_code code = ERROR_NONE; code < ERROR_COUNT; code++) {
			const struct exposition_label labels[EXPOSITION_LABELS_MAX] = {
				{ STR("operation"), traffic->rows[i].operation },
				{ STR("error"), error_name(code) },
			};
			uint64_t count = traffic->rows[i].errors[code];
			if (count)
				exposition_add(out, name, labels, count);
		}
}

void traffic_add_durations(struct buf *out, str name, const struct traffic *traffic)
{
	for (size_t i = 0; i < traffic->row_count; i++) {
		const struct row *row = &traffic->rows[i];
		const struct exposition_label labels[EXPOSITION_LABELS_MAX] = {
			{ STR("operation"), row->operation },
		};
		if (histogram_count(&row->durations))
			exposition_add_histogram(out, name, labels, &row->durations);
	}
}

void traffic_add_responses(struct buf *out, str name, const struct traffic *traffic)
{
	for (unsigned status = 0; status < STATUS_MAX; status++) {
		uint64_t count = traffic->responses[status];
		if (!count)
			continue;
		const struct exposition_label labels[EXPOSITION_LABELS_MAX] = {
			{ STR("status"), arena_printf(out->arena, "%u", status) },
		};
		exposition_add(out, name, labels, count);
	}
}
