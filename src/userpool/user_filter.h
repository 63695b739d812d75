/* SPDX-License-Identifier: Apache-2.0 */
/* The filter expression of ListUsers:  email = "jane@example.com"   or   email ^= "jane"   (begins with).
   https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html */
#pragma once

#include "base/request.h"

enum user_filter_subject {
	USER_FILTER_ALL, /* no filter */
	USER_FILTER_USERNAME,
	USER_FILTER_SUB,
	USER_FILTER_STATUS, /* cognito:user_status */
	USER_FILTER_ENABLED, /* status: Enabled, Disabled */
	USER_FILTER_ATTRIBUTE,
	USER_FILTER_GROUP, /* its members, by its id; no expression says so */
};

struct user_filter {
	enum user_filter_subject subject;
	str attribute; /* of USER_FILTER_ATTRIBUTE */
	str value; /* without quotes and escapes */
	bool is_prefix;
};

/* An absent or empty text filters nothing. Raises InvalidParameter. */
RESULT user_filter_parse(struct request *request, str text, struct user_filter *filter);
