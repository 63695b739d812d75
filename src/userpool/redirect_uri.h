/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that a browser may be sent to after sign-in or sign-out. */
#pragma once

#include "base/str.h"

/* Whether it may be registered: absolute, without a fragment (RFC 6749, 3.1.2), https, or http on the loopback
   (RFC 8252, 7.3), or an app's own scheme (RFC 8252, 7.1) that no browser executes. */
bool redirect_uri_is_acceptable(str uri);
