/* SPDX-License-Identifier: Apache-2.0 */
/* What an operator chose for this process, as plain data. cli/ fills it from flags, environment and file;
   nobody writes to it afterwards. */
#pragma once

#include "base/str.h"

struct settings {
	str data_dir;
	str listen; /* ADDRESS:PORT, [V6]:PORT; port 0 takes a free one */
	str database; /* sqlite:PATH or postgresql://..; absent: poolwarden.db in data_dir */
	unsigned database_connections; /* at most, to PostgreSQL */
	str public_url; /* without a trailing slash; what clients use */
	str region; /* "us-east-1" */
	str account_id; /* twelve digits */
	bool aws_issuer; /* issuer is https://cognito-idp.<region>.amazonaws.com/<pool id> */
	str tls_cert, tls_key; /* PEM files; both or none */

	unsigned http_threads;
	unsigned worker_threads;
	size_t queue_limit; /* requests waiting for a worker */
	size_t body_limit; /* bytes */
	unsigned connection_limit;
	unsigned address_connection_limit; /* of one client address; 0: no limit of its own */
	unsigned idle_timeout; /* seconds */

	bool metrics; /* answer /metrics, to whom http/metrics.h says */
	str metrics_token; /* bearer token for it; absent: none, this machine alone */
	str log_file; /* absent: standard error */
	str log_level; /* a name of base/log.h */

	unsigned argon2_memory_kib;
	unsigned argon2_passes;

	str root_access_key_id, root_secret_access_key; /* absent: from the credentials file */

	unsigned audit_days; /* how long the audit trail is kept; 0: there is none */

	str quota; /* base/category.h: rates of categories in every pool */
	unsigned user_rate; /* requests per second of one user; 0: no limit */

	str smtp_url; /* smtp://host:port or smtps://host:port; absent: Maildir */
	str smtp_username, smtp_password;
	str smtp_from; /* "no-reply@example.com" or "Name <address>" */
	bool smtp_require_tls;
	str sms_webhook_url; /* who sends SMS; absent: SNS, or the Maildir */
	str sms_webhook_secret; /* bearer token; absent: none */
	str sns_url; /* an SNS endpoint that sends SMS; never beside a webhook */
	str sns_region; /* of its signatures */
	str sns_access_key_id, sns_secret_access_key;
	str outbox_dir; /* Maildir for messages without a provider; absent: outbox in data_dir */
	str ca_file; /* PEM, whom outgoing TLS trusts; absent: the system's */
	str outgoing_proxy; /* for outgoing HTTP; absent: none */
};
