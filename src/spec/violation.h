/* SPDX-License-Identifier: Apache-2.0 */
/* Broken constraints on their way into one InvalidParameterException, in the words of AWS, since people search for
   them and clients look for them:

       2 validation errors detected: Value 'a b' at 'userPoolId' failed to satisfy constraint: Member must satisfy
       regular expression pattern: [\w-]+_[0-9a-zA-Z]+; Value at 'password' failed to satisfy constraint: ...

   Of the scalars in a list or map the whole is named, once, with all that each of them must satisfy:

       Value '[a b]' at 'callbackURLs' failed to satisfy constraint: Member must satisfy constraint: [Member must have
       length less than or equal to 1024, Member must have length greater than or equal to 1, ...] */
#pragma once

#include "base/buf.h"
#include "base/jsontree.h"
#include "base/request.h"
#include "spec/type.h"

/* What a type may demand, in the order of AWS's lists. */
enum violation_rule {
	VIOLATION_MAX,
	VIOLATION_MIN,
	VIOLATION_PATTERN,
	VIOLATION_ENUM,
	VIOLATION_RULE_COUNT
};

enum violation_part { VIOLATION_ITEM, VIOLATION_MAP_KEY, VIOLATION_MAP_VALUE };

struct violations {
	struct request *request;
	struct buf path; /* "userAttributes.1.member.name" */
	struct buf text;
	unsigned count;
};

struct violations violations_new(struct request *request);

/* Steps into a member, an item of a list, an entry of a map. Give the length that violations_leave() cuts back to. A
   name that the path has no room for is left out. */
size_t violations_enter_member(struct violations *violations, str name);
size_t violations_enter_item(struct violations *violations, size_t index);
size_t violations_enter_entry(struct violations *violations, str key);
void violations_leave(struct violations *violations, size_t before);

/* A value as messages show it: "a", "7", "[a, b]", "{a=b}". Absent where it is too long, or has parts that are
   structures or sensitive. */
str violations_show(const struct violations *violations, const struct spec_type *type, const struct jsontree *tree);

/* The value at the path breaks a rule of its type. `shown` is absent where nobody may see it. */
void violations_add(
	struct violations *violations, const struct spec_type *type, enum violation_rule rule, str shown);

/* Scalars in the list or map at the path break a rule of theirs, whose type is `part_type`. */
void violations_add_parts(struct violations *violations, enum violation_part part,
	const struct spec_type *part_type, str shown);

/* Nothing stands at the path where something must. */
void violations_add_missing(struct violations *violations, bool is_hidden);

/* Raises InvalidParameter when there are any. */
RESULT violations_report(const struct violations *violations);
