/* SPDX-License-Identifier: Apache-2.0 */
/* Tags, changed one by one inside the settings that hold them. */
#include "userpool/pool_tag.h"

#include "userpool/pool.h"
#include "userpool/pool_settings.h"

static void set(struct str_map *tags, const struct str_pair *tag)
{
	size_t i = 0;
	while (i < tags->count && !str_equal(tags->items[i].name, tag->name))
		i++;
	tags->items[i] = *tag;
	if (i == tags->count)
		tags->count++;
}

static result add(struct request *request, struct user_pool_type *settings, const void *context)
{
	const struct str_map *added = context, *old = &settings->user_pool_tags;
	struct str_map tags = { ARENA_ARRAY(request->arena, struct str_pair, old->count + added->count), 0 };
	for (size_t i = 0; i < old->count; i++)
		set(&tags, &old->items[i]);
	for (size_t i = 0; i < added->count; i++)
		set(&tags, &added->items[i]);
	settings->user_pool_tags = tags;
	return pool_settings_check_tags(request, settings);
}

result pool_tag_add(struct request *request, str arn, const struct str_map *tags)
{
	const struct user_pool *pool;
	TRY(pool_find_by_arn(request, arn, &pool));
	return pool_change(request, pool->id, add, tags);
}

static bool is_listed(const struct str_list *keys, str key)
{
	for (size_t i = 0; i < keys->count; i++)
		if (str_equal(keys->items[i], key))
			return true;
	return false;
}

static result remove_tags(struct request *request, struct user_pool_type *settings, const void *context)
{
	const struct str_map *old = &settings->user_pool_tags;
	struct str_map tags = { ARENA_ARRAY(request->arena, struct str_pair, old->count), 0 };
	for (size_t i = 0; i < old->count; i++)
		if (!is_listed(context, old->items[i].name))
			tags.items[tags.count++] = old->items[i];
	settings->user_pool_tags = tags;
	return OK;
}

result pool_tag_remove(struct request *request, str arn, const struct str_list *keys)
{
	const struct user_pool *pool;
	TRY(pool_find_by_arn(request, arn, &pool));
	return pool_change(request, pool->id, remove_tags, keys);
}

result pool_tag_list(struct request *request, str arn, struct str_map *tags)
{
	const struct user_pool *pool;
	TRY(pool_find_by_arn(request, arn, &pool));
	*tags = pool->settings.user_pool_tags;
	return OK;
}
