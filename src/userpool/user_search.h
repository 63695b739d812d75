/* SPDX-License-Identifier: Apache-2.0 */
/* Users by several conditions at once, all of which hold. API: SearchUsers.

   EQUALS and STARTS_WITH compare as ListUsers does: attributes byte by byte, user names as the pool takes
   them. CONTAINS ignores case. Names are those of attributes of the pool, "username" and "sub".

   The cost of a call: one condition leads through its index, the one that most likely lets the fewest users
   pass: a sub, a user name, an address, another attribute's value; then the beginning of one; the members of
   a group; a status other than CONFIRMED, or that users are disabled; who has an attribute at all (EXISTS,
   CONTAINS); CONFIRMED, enabled; else all users of the pool. Each user that it gives is examined, which reads
   the user's row and, where other conditions ask for them, the attributes. A call examines at most 2,000
   users; then it ends with what it has found, which may be nothing, and a token to go on with. So a condition
   without an index costs as many calls as the leading one has thousands of users, and never a long call. */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

enum { USER_SEARCH_EXAMINED_MAX = 2000 };

/* A page of users, or with Select COUNT only how many of those that were examined meet the conditions;
   `next_token` says whether there are more to examine. The order follows from the conditions: by sub, or by
   user name or the attribute's value and then sub where one of these leads by a beginning or by being there.
   A user who stays as it is comes once, whatever changes meanwhile. Raises ResourceNotFound (pool, "Group not
   found."), InvalidParameter (an attribute that the pool has not, a condition without a value or with one too
   many, token). */
RESULT user_search(struct request *request, const struct search_users_request *input,
	struct search_users_response *output);
