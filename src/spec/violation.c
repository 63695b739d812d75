/* SPDX-License-Identifier: Apache-2.0 */
/* The words for broken constraints. */
#include "spec/violation.h"

enum { PATH_MAX_BYTES = 256, TEXT_MAX_BYTES = 1900, RULES_MAX_BYTES = 1900, SHOWN_MAX_BYTES = 200 };

struct violations violations_new(struct request *request)
{
	return (struct violations){
		.request = request,
		.path = buf_new(request->arena, PATH_MAX_BYTES),
		.text = buf_new(request->arena, TEXT_MAX_BYTES),
	};
}

/* --- The path --- */

static size_t enter(struct violations *violations, str name)
{
	struct buf *path = &violations->path;
	size_t before = path->len;
	buf_printf(path, "%s%.*s", before ? "." : "", STR_ARG(name));
	return before;
}

/* Member names appear with a small first letter. */
size_t violations_enter_member(struct violations *violations, str name)
{
	struct buf *path = &violations->path;
	size_t before = enter(violations, name), at = before ? before + 1 : 0;
	if (path->len > at && path->data[at] >= 'A' && path->data[at] <= 'Z')
		path->data[at] = (char)(path->data[at] + ('a' - 'A'));
	return before;
}

size_t violations_enter_item(struct violations *violations, size_t index)
{
	size_t before = violations->path.len;
	buf_printf(&violations->path, ".%zu.member", index + 1);
	return before;
}

size_t violations_enter_entry(struct violations *violations, str key)
{
	return enter(violations, key);
}

void violations_leave(struct violations *violations, size_t before)
{
	violations->path.len = before;
	violations->path.overflowed = false;
}

/* --- Values --- */

static void add_shown(struct buf *out, const struct jsontree *tree)
{
	if (jsontree_kind(tree) == JSONTREE_STRING)
		buf_add(out, jsontree_string(tree));
	else if (jsontree_kind(tree) == JSONTREE_INTEGER)
		buf_add_int(out, jsontree_integer(tree));
}

/* "[a, b]" */
static void add_shown_list(struct buf *out, const struct jsontree *tree)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < jsontree_array_size(tree) && !out->overflowed; i++) {
		buf_add(out, i ? STR(", ") : STR(""));
		add_shown(out, jsontree_array_at(tree, i));
	}
	buf_add_char(out, ']');
}

/* "{a=b, c=d}" */
static void add_shown_map(struct buf *out, const struct jsontree *tree)
{
	void *iterator = NULL;
	const struct jsontree *value;
	str name;
	buf_add_char(out, '{');
	while (!out->overflowed && jsontree_object_next(tree, &iterator, &name, &value)) {
		buf_printf(out, "%s%.*s=", out->len > 1 ? ", " : "", STR_ARG(name));
		add_shown(out, value);
	}
	buf_add_char(out, '}');
}

static bool is_shown(const struct spec_type *type, const struct jsontree *tree)
{
	if (type->kind == SPEC_LIST && jsontree_array_size(tree) == 0)
		return true;
	if (type->element && (type->element->is_sensitive || !spec_is_scalar(type->element)))
		return false;
	return type->kind != SPEC_BLOB;
}

str violations_show(const struct violations *violations, const struct spec_type *type, const struct jsontree *tree)
{
	struct buf out = buf_new(violations->request->arena, SHOWN_MAX_BYTES);
	if (!is_shown(type, tree))
		return STR_NONE;
	if (type->kind == SPEC_LIST)
		add_shown_list(&out, tree);
	else if (type->kind == SPEC_MAP)
		add_shown_map(&out, tree);
	else
		add_shown(&out, tree);
	return out.overflowed ? STR_NONE : buf_str(&out);
}

/* --- Rules --- */

static bool has_rule(const struct spec_type *type, enum violation_rule rule)
{
	switch (rule) {
	case VIOLATION_MAX:
		return type->max.set;
	case VIOLATION_MIN:
		return type->min.set;
	case VIOLATION_PATTERN:
		return type->pattern != NULL;
	case VIOLATION_ENUM:
		return type->values != NULL;
	case VIOLATION_RULE_COUNT:
		break;
	}
	return false;
}

static void add_enum_rule(struct buf *out, const struct spec_type *type)
{
	buf_add(out, STR("Member must satisfy enum value set: ["));
	for (size_t i = 1; i <= type->value_count; i++)
		buf_printf(out, "%s%.*s", i > 1 ? ", " : "", STR_ARG(type->values[i]));
	buf_add(out, STR("]"));
}

static void add_rule(struct buf *out, const struct spec_type *type, enum violation_rule rule)
{
	const char *measure = type->kind == SPEC_INTEGER ? "value" : "length";
	switch (rule) {
	case VIOLATION_MAX:
		buf_printf(out, "Member must have %s less than or equal to %lld", measure, (long long)type->max.value);
		break;
	case VIOLATION_MIN:
		buf_printf(out, "Member must have %s greater than or equal to %lld", measure,
			(long long)type->min.value);
		break;
	case VIOLATION_PATTERN:
		buf_printf(out, "Member must satisfy regular expression pattern: %s", type->pattern->expression);
		break;
	case VIOLATION_ENUM:
		add_enum_rule(out, type);
		break;
	case VIOLATION_RULE_COUNT:
		break;
	}
}

static void add_all_rules(struct buf *out, const struct spec_type *type)
{
	bool is_first = true;
	for (enum violation_rule rule = 0; rule < VIOLATION_RULE_COUNT; rule++) {
		if (!has_rule(type, rule))
			continue;
		buf_add(out, is_first ? STR("") : STR(", "));
		add_rule(out, type, rule);
		is_first = false;
	}
}

/* --- Sentences --- */

/* A sentence that there is no room for is counted only. */
static void add_sentence(struct violations *violations, str value, const struct buf *rules)
{
	buf_printf(&violations->text, "%sValue %.*sat '%.*s' failed to satisfy constraint: %.*s",
		violations->count++ ? "; " : "", STR_ARG(value), STR_ARG(buf_str(&violations->path)),
		STR_ARG(buf_str(rules)));
}

static str quoted(const struct violations *violations, str shown)
{
	if (!str_is_set(shown))
		return STR("");
	return arena_printf(violations->request->arena, "'%.*s' ", STR_ARG(shown));
}

static struct buf new_rules(const struct violations *violations)
{
	return buf_new(violations->request->arena, RULES_MAX_BYTES);
}

void violations_add(
	struct violations *violations, const struct spec_type *type, enum violation_rule rule, str shown)
{
	struct buf rules = new_rules(violations);
	add_rule(&rules, type, rule);
	add_sentence(violations, quoted(violations, shown), &rules);
}

void violations_add_parts(struct violations *violations, enum violation_part part,
	const struct spec_type *part_type, str shown)
{
	static const char *const parts[] = {
		[VIOLATION_ITEM] = "Member",
		[VIOLATION_MAP_KEY] = "Map keys",
		[VIOLATION_MAP_VALUE] = "Map value",
	};
	struct buf rules = new_rules(violations);
	buf_printf(&rules, "%s must satisfy constraint: [", parts[part]);
	add_all_rules(&rules, part_type);
	buf_add(&rules, STR("]"));
	add_sentence(violations, quoted(violations, shown), &rules);
}

void violations_add_missing(struct violations *violations, bool is_hidden)
{
	struct buf rules = new_rules(violations);
	buf_add(&rules, STR("Member must not be null"));
	add_sentence(violations, is_hidden ? STR("") : STR("null "), &rules);
}

result violations_report(const struct violations *violations)
{
	if (!violations->count)
		return OK;
	return FAIL(violations->request, INVALID_PARAMETER, "%u validation error%s detected: %.*s",
		violations->count, violations->count == 1 ? "" : "s", STR_ARG(buf_str(&violations->text)));
}
