/* SPDX-License-Identifier: Apache-2.0 */
/* VerifySoftwareToken. */
#include "userpool/software_token_setup.h"

result operation_verify_software_token(struct request *request,
	const struct verify_software_token_request *input, struct verify_software_token_response *output)
{
	return software_token_setup_verify(request, input, output);
}
