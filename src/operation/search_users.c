/* SPDX-License-Identifier: Apache-2.0 */
/* SearchUsers. */
#include "userpool/user_search.h"

result operation_search_users(struct request *request, const struct search_users_request *input,
	struct search_users_response *output)
{
	return user_search(request, input, output);
}
