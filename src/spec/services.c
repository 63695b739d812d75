/* SPDX-License-Identifier: Apache-2.0 */
/* The services of this server. Apart from everything else because it needs every handler at link time: a test that
   brings an array of its own needs none. */
#include "spec/cognito_idp.h"
#include "spec/poolwarden.h"

const struct spec_service *const spec_services[] = { &spec_cognito_idp, &spec_poolwarden, NULL };
