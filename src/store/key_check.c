/* SPDX-License-Identifier: Apache-2.0 */
/* A known text stands sealed in the database. */
#include "store/key_check.h"

#include "crypto/seal.h"
#include "store/statements.h"
#include "store/store.h"

static const str name = STR_INIT("master_key"), known = STR_INIT("poolwarden"),
		 identity = STR_INIT("installation:master_key");

struct check {
	bool is_first;
	bool fits;
};

/* Of two servers that begin together one writes it down and both look at that. */
static RESULT read_or_begin(struct request *request, void *context)
{
	struct check *check = context;
	struct store_installation_get_row row;
	int64_t added;
	bool found;
	str opened;
	TRY(store_installation_insert(request,
		&(struct store_installation_insert_in){
			.name = name,
			.sealed_value = seal_close(request->sealer, request->arena, known, identity),
		},
		&added));
	TRY(store_installation_get(
		request, &(struct store_installation_get_in){ .name = name }, &row, &found));
	check->is_first = added > 0;
	check->fits = found &&
		      seal_open(request->sealer, request->arena, row.sealed_value, identity, &opened) &&
		      str_equal(opened, known);
	return OK;
}

bool key_check(struct request *request, bool *is_first, str *problem)
{
	struct check check = { .fits = false };
	if (!result_is_ok(store_write(request, read_or_begin, &check)))
		*problem = arena_printf(
			request->arena, "cannot read the database: %.*s", STR_ARG(request->detail));
	else if (!check.fits)
		*problem = STR(
			"the master key is not the one that the database was begun with: servers that share "
			"a database share master.key (or POOLWARDEN_MASTER_KEY)");
	*is_first = check.is_first;
	return check.fits;
}
