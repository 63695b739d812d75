/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in the operation table. */
#include "spec/operation.h"

const struct spec_operation *spec_operation_by_name(const struct spec_service *service, str name)
{
	size_t low = 0, high = service->operation_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_compare(name, service->operations[middle].name);
		if (order == 0)
			return &service->operations[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Raised before or around any operation; the API models leave most of them out. */
static bool is_common(enum error_code code)
{
	switch (code) {
	case ERROR_INTERNAL:
	case ERROR_SERIALIZATION:
	case ERROR_SERVICE_UNAVAILABLE:
	case ERROR_TOO_MANY_REQUESTS:
	case ERROR_MISSING_AUTHENTICATION_TOKEN:
	case ERROR_INCOMPLETE_SIGNATURE:
	case ERROR_INVALID_SIGNATURE:
	case ERROR_UNRECOGNIZED_CLIENT:
	case ERROR_ACCESS_DENIED:
	case ERROR_INVALID_PARAMETER:
		return true;
	default:
		return false;
	}
}

bool spec_operation_lists_error(const struct spec_operation *operation, enum error_code code)
{
	for (size_t i = 0; i < operation->error_count; i++)
		if (operation->errors[i] == code)
			return true;
	return is_common(code);
}
