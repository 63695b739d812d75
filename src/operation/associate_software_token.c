/* SPDX-License-Identifier: Apache-2.0 */
/* AssociateSoftwareToken. */
#include "userpool/software_token_setup.h"

result operation_associate_software_token(struct request *request,
	const struct associate_software_token_request *input,
	struct associate_software_token_response *output)
{
	return software_token_setup_associate(request, input, output);
}
