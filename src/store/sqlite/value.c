/* SPDX-License-Identifier: Apache-2.0 */
/* One binder and one reader per type. */
#include "store/sqlite/value.h"

#include "base/optional.h"
#include "store/statement.h"

/* SQLite takes a NULL pointer for NULL; an empty text needs some other address. */
static const char *data_of(str s)
{
	return s.len ? s.data : "";
}

static bool bind_text(sqlite3_stmt *prepared, int index, const struct store_field *field, const void *place)
{
	const str *text = place;
	if (!str_is_set(*text))
		return field->optional && sqlite3_bind_null(prepared, index) == SQLITE_OK;
	return sqlite3_bind_text64(prepared, index, data_of(*text), text->len, SQLITE_STATIC, SQLITE_UTF8) ==
	       SQLITE_OK;
}

static bool bind_blob(sqlite3_stmt *prepared, int index, const struct store_field *field, const void *place)
{
	const str *blob = place;
	if (!str_is_set(*blob))
		return field->optional && sqlite3_bind_null(prepared, index) == SQLITE_OK;
	return sqlite3_bind_blob64(prepared, index, data_of(*blob), blob->len, SQLITE_STATIC) == SQLITE_OK;
}

static bool bind_integer(
	sqlite3_stmt *prepared, int index, const struct store_field *field, const void *place)
{
	if (!field->optional)
		return sqlite3_bind_int64(prepared, index, *(const int64_t *)place) == SQLITE_OK;
	const struct optional_int *number = place;
	int code = number->set ? sqlite3_bind_int64(prepared, index, number->value)
			       : sqlite3_bind_null(prepared, index);
	return code == SQLITE_OK;
}

static bool bind_boolean(
	sqlite3_stmt *prepared, int index, const struct store_field *field, const void *place)
{
	if (!field->optional)
		return sqlite3_bind_int(prepared, index, *(const bool *)place) == SQLITE_OK;
	const struct optional_bool *flag = place;
	int code = flag->set ? sqlite3_bind_int(prepared, index, flag->value)
			     : sqlite3_bind_null(prepared, index);
	return code == SQLITE_OK;
}

/* An empty blob has no address in SQLite, and a row's text must not be absent. */
static str copy(struct request *request, const void *data, int len)
{
	return arena_copy(request->arena, (str){ data ? data : "", (size_t)len });
}

static void read_text(struct request *request, sqlite3_stmt *prepared, int index,
	const struct store_field *field, void *place)
{
	(void)field;
	const void *data = sqlite3_column_text(prepared, index);
	*(str *)place = copy(request, data, sqlite3_column_bytes(prepared, index));
}

static void read_blob(struct request *request, sqlite3_stmt *prepared, int index,
	const struct store_field *field, void *place)
{
	(void)field;
	const void *data = sqlite3_column_blob(prepared, index);
	*(str *)place = copy(request, data, sqlite3_column_bytes(prepared, index));
}

static void read_integer(struct request *request, sqlite3_stmt *prepared, int index,
	const struct store_field *field, void *place)
{
	(void)request;
	int64_t value = sqlite3_column_int64(prepared, index);
	if (field->optional)
		*(struct optional_int *)place = (struct optional_int){ true, value };
	else
		*(int64_t *)place = value;
}

static void read_boolean(struct request *request, sqlite3_stmt *prepared, int index,
	const struct store_field *field, void *place)
{
	(void)request;
	bool value = sqlite3_column_int64(prepared, index) != 0;
	if (field->optional)
		*(struct optional_bool *)place = (struct optional_bool){ true, value };
	else
		*(bool *)place = value;
}

static const struct {
	int stored_as;
	bool (*bind)(sqlite3_stmt *prepared, int index, const struct store_field *field, const void *place);
	void (*read)(struct request *request, sqlite3_stmt *prepared, int index,
		const struct store_field *field, void *place);
} types[] = {
	[STORE_TEXT] = { SQLITE_TEXT, bind_text, read_text },
	[STORE_BLOB] = { SQLITE_BLOB, bind_blob, read_blob },
	[STORE_INTEGER] = { SQLITE_INTEGER, bind_integer, read_integer },
	[STORE_BOOLEAN] = { SQLITE_INTEGER, bind_boolean, read_boolean },
};

static RESULT misfit(
	struct request *request, const struct store_statement *statement, const struct store_field *field)
{
	DETAIL(request, "%s: %s does not fit its declaration", statement->name, field->name);
	return FAIL(request, INTERNAL, "Internal server error");
}

result sqlite_value_bind(struct request *request, const struct store_statement *statement,
	sqlite3_stmt *prepared, const void *in)
{
	for (size_t i = 0; i < statement->parameter_count; i++) {
		const struct store_field *field = &statement->parameters[i];
		const void *place = (const char *)in + field->offset;
		if (!types[field->type].bind(prepared, (int)i + 1, field, place))
			return misfit(request, statement, field);
	}
	return OK;
}

result sqlite_value_read(
	struct request *request, const struct store_statement *statement, sqlite3_stmt *prepared, void *row)
{
	for (size_t i = 0; i < statement->column_count; i++) {
		const struct store_field *field = &statement->columns[i];
		int stored_as = sqlite3_column_type(prepared, (int)i);
		if (stored_as == SQLITE_NULL && field->optional)
			continue; /* a zeroed row already says absent */
		if (stored_as != types[field->type].stored_as)
			return misfit(request, statement, field);
		types[field->type].read(request, prepared, (int)i, field, (char *)row + field->offset);
	}
	return OK;
}
