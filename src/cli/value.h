/* SPDX-License-Identifier: Apache-2.0 */
/* What the text of one option may be. No memory, no side effects: a value is right or it is not. */
#pragma once

#include "base/str.h"

/* Lower-case letters, digits and inner hyphens, led by a letter, at most 32: "us-east-1", "local". */
bool value_is_region(str text);

/* Twelve digits. */
bool value_is_account_id(str text);

/* A numeric address and a port, "127.0.0.1:4430" or "[::1]:0". */
bool value_is_listen_address(str text);

/* "sqlite:" and a path, or a URL of libpq with "postgresql://". */
bool value_is_database(str text);

/* http:// or https:// with a host, printable, without query, fragment or user, and without a slash at its
 * end. */
bool value_is_public_url(str text);

/* smtp:// or smtps:// with a host. */
bool value_is_smtp_url(str text);

/* https:// with a host and what may follow it but a fragment; http:// only to this machine, which nobody can listen in
   on: a numeric loopback address, or localhost. No user. */
bool value_is_service_url(str text);

/* http:// or https:// with a host and a port, and nothing else. */
bool value_is_proxy_url(str text);

/* 16 to 4096 printable characters, no space: what may stand behind "Bearer ". */
bool value_is_token(str text);

/* One that log_level_parse() knows. */
bool value_is_log_level(str text);

/* The model of IAM: 16 to 128 letters, digits and underscores. */
bool value_is_access_key_id(str text);

/* 16 to 128 printable characters, no space: what an AWS client can be configured with. */
bool value_is_secret_access_key(str text);

/* Rates of categories, as category_rates_parse() reads them. */
bool value_is_quota(str text);

/* One line with an '@' inside. */
bool value_is_mailbox(str text);

/* Cuts a valid listen address: `*address` without brackets, `*port` 0 to 65535. False when it is not valid.
 */
bool value_split_listen_address(str text, str *address, unsigned *port);
