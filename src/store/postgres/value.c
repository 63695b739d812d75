/* SPDX-License-Identifier: Apache-2.0 */
/* One binder and one reader per type. */
#include "store/postgres/value.h"

#include <limits.h>

#include "base/fatal.h"
#include "base/optional.h"
#include "store/statement.h"

/* Of pg_type.dat, where they never change. */
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

enum { INT8_LEN = 8, BINARY = 1 };

/* A value's bytes; NULL stands for NULL. */
struct value {
	const char *data;
	int len;
};

/* libpq takes a NULL pointer for NULL; an empty text needs some other address. */
static bool bind_bytes(str bytes, bool optional, struct value *out)
{
	if (!str_is_set(bytes))
		return optional;
	if (bytes.len > INT_MAX)
		return false;
	*out = (struct value){ bytes.len ? bytes.data : "", (int)bytes.len };
	return true;
}

/* PostgreSQL's texts hold no NUL; what comes from outside was refused long before. */
static bool bind_text(
	struct request *request, const struct store_field *field, const void *place, struct value *out)
{
	(void)request;
	str text = *(const str *)place;
	return bind_bytes(text, field->optional, out) && str_find_char(text, '\0') < 0;
}

static bool bind_blob(
	struct request *request, const struct store_field *field, const void *place, struct value *out)
{
	(void)request;
	return bind_bytes(*(const str *)place, field->optional, out);
}

static struct value int8_value(struct request *request, int64_t number)
{
	char *bytes = arena_alloc(request->arena, INT8_LEN);
	for (int i = 0; i < INT8_LEN; i++)
		bytes[i] = (char)((uint64_t)number >> (8 * (INT8_LEN - 1 - i)));
	return (struct value){ bytes, INT8_LEN };
}

static bool bind_integer(
	struct request *request, const struct store_field *field, const void *place, struct value *out)
{
	struct optional_int number = { .set = true };
	if (field->optional)
		number = *(const struct optional_int *)place;
	else
		number.value = *(const int64_t *)place;
	if (number.set)
		*out = int8_value(request, number.value);
	return true;
}

static bool bind_boolean(
	struct request *request, const struct store_field *field, const void *place, struct value *out)
{
	struct optional_bool flag = { .set = true };
	if (field->optional)
		flag = *(const struct optional_bool *)place;
	else
		flag.value = *(const bool *)place;
	if (flag.set)
		*out = int8_value(request, flag.value);
	return true;
}

static bool read_bytes(
	struct request *request, const struct store_field *field, struct value value, void *place)
{
	(void)field;
	*(str *)place = arena_copy(request->arena, (str){ value.data, (size_t)value.len });
	return true;
}

static bool int8_of(struct value value, int64_t *out)
{
	uint64_t number = 0;
	for (int i = 0; i < INT8_LEN; i++)
		number = number << 8 | (unsigned char)value.data[i];
	*out = (int64_t)number;
	return value.len == INT8_LEN;
}

static bool read_integer(
	struct request *request, const struct store_field *field, struct value value, void *place)
{
	(void)request;
	int64_t number;
	if (!int8_of(value, &number))
		return false;
	if (field->optional)
		*(struct optional_int *)place = (struct optional_int){ true, number };
	else
		*(int64_t *)place = number;
	return true;
}

static bool read_boolean(
	struct request *request, const struct store_field *field, struct value value, void *place)
{
	(void)request;
	int64_t number;
	if (!int8_of(value, &number))
		return false;
	if (field->optional)
		*(struct optional_bool *)place = (struct optional_bool){ true, number != 0 };
	else
		*(bool *)place = number != 0;
	return true;
}

static const struct {
	Oid oid;
	bool (*bind)(struct request *request, const struct store_field *field, const void *place,
		struct value *out);
	bool (*read)(
		struct request *request, const struct store_field *field, struct value value, void *place);
} types[] = {
	[STORE_TEXT] = { OID_TEXT, bind_text, read_bytes },
	[STORE_BLOB] = { OID_BYTEA, bind_blob, read_bytes },
	[STORE_INTEGER] = { OID_INT8, bind_integer, read_integer },
	[STORE_BOOLEAN] = { OID_INT8, bind_boolean, read_boolean },
};

static RESULT misfit(
	struct request *request, const struct store_statement *statement, const struct store_field *field)
{
	DETAIL(request, "%s: %s does not fit its declaration", statement->name, field->name);
	return FAIL(request, INTERNAL, "Internal server error");
}

result postgres_value_bind(struct request *request, const struct store_statement *statement, const void *in,
	struct postgres_values *out)
{
	size_t count = statement->parameter_count;
	*out = (struct postgres_values){
		.count = (int)count,
		.types = ARENA_ARRAY(request->arena, Oid, count),
		.data = ARENA_ARRAY(request->arena, const char *, count),
		.lengths = ARENA_ARRAY(request->arena, int, count),
		.formats = ARENA_ARRAY(request->arena, int, count),
	};
	for (size_t i = 0; i < count; i++) {
		const struct store_field *field = &statement->parameters[i];
		struct value value = { NULL, 0 };
		if (!types[field->type].bind(request, field, (const char *)in + field->offset, &value))
			return misfit(request, statement, field);
		out->types[i] = types[field->type].oid;
		out->data[i] = value.data;
		out->lengths[i] = value.len;
		out->formats[i] = BINARY;
	}
	return OK;
}

result postgres_value_read(struct request *request, const struct store_statement *statement,
	const PGresult *given, int number, void *row)
{
	for (int i = 0; i < (int)statement->column_count; i++) {
		const struct store_field *field = &statement->columns[i];
		bool is_null = PQgetisnull(given, number, i);
		if (is_null && field->optional)
			continue; /* a zeroed row already says absent */
		struct value value = { PQgetvalue(given, number, i), PQgetlength(given, number, i) };
		if (is_null || PQftype(given, i) != types[field->type].oid ||
			!types[field->type].read(request, field, value, (char *)row + field->offset))
			return misfit(request, statement, field);
	}
	return OK;
}
