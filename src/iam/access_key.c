/* SPDX-License-Identifier: Apache-2.0 */
/* Access keys in the store. */
#include "iam/access_key.h"

#include "crypto/random.h"
#include "crypto/seal.h"
#include "store/statements.h"
#include "store/store.h"

enum { ID_RANDOM_LEN = 16, SECRET_LEN = 40 };

#define ID_ALPHABET     STR("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
#define SECRET_ALPHABET STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

/* Where the sealed secret belongs. */
static str place_of(struct arena *arena, str id, bool is_root)
{
	return arena_printf(arena, "access_key:%.*s:%s:secret", STR_ARG(id), is_root ? "root" : "user");
}

struct access_key access_key_draw(struct arena *arena)
{
	str random = random_text(arena, ID_ALPHABET, ID_RANDOM_LEN);
	return (struct access_key){
		.id = arena_printf(arena, "AKIA%.*s", STR_ARG(random)),
		.secret = random_text(arena, SECRET_ALPHABET, SECRET_LEN),
	};
}

static RESULT insert(struct request *request, void *context)
{
	const struct store_access_key_insert_in *row = context;
	int64_t changed;
	TRY(store_access_key_insert(request, row, &changed));
	/* 80 random bits do not come twice. */
	return changed ? OK : FAIL(request, INTERNAL, "A new access key has the id of another");
}

result access_key_create(struct request *request, bool is_root, struct access_key *out)
{
	struct access_key key = access_key_draw(request->arena);
	key.is_root = is_root;
	key.created_at = request->now;
	struct store_access_key_insert_in row = {
		.id = key.id,
		.sealed_secret = seal_close(request->sealer, request->arena, key.secret,
			place_of(request->arena, key.id, is_root)),
		.is_root = is_root,
		.created_at = key.created_at,
	};
	TRY(store_write(request, insert, &row));
	*out = key;
	return OK;
}

/* All but the secret. */
static struct access_key without_secret(const struct store_access_key_row *row)
{
	return (struct access_key){ .id = row->id, .is_root = row->is_root, .created_at = row->created_at };
}

result access_key_find(struct request *request, str id, struct access_key *out, bool *found)
{
	struct store_access_key_row row;
	TRY(store_access_key_by_id(request, &(struct store_access_key_by_id_in){ .id = id }, &row, found));
	if (!*found)
		return OK;
	*out = without_secret(&row);
	if (seal_open(request->sealer, request->arena, row.sealed_secret,
		    place_of(request->arena, row.id, row.is_root), &out->secret))
		return OK;
	return FAIL(request, INTERNAL, "The secret of an access key cannot be opened with the master key");
}

result access_key_list(struct request *request, str after, struct access_key **keys, size_t *count)
{
	struct store_access_key_page_in page = { .after = after, .limit_to = ACCESS_KEY_PAGE_SIZE };
	struct store_access_key_row *rows;
	TRY(store_access_key_page(request, &page, &rows, count));
	*keys = ARENA_ARRAY(request->arena, struct access_key, *count);
	for (size_t i = 0; i < *count; i++)
		(*keys)[i] = without_secret(&rows[i]);
	return OK;
}

struct deletion {
	str id;
	int64_t changed;
};

static RESULT delete_row(struct request *request, void *context)
{
	struct deletion *deletion = context;
	return store_access_key_delete(
		request, &(struct store_access_key_delete_in){ .id = deletion->id }, &deletion->changed);
}

result access_key_delete(struct request *request, str id, bool *found)
{
	struct deletion deletion = { .id = id };
	TRY(store_write(request, delete_row, &deletion));
	*found = deletion.changed > 0;
	return OK;
}
