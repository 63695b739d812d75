# SPDX-License-Identifier: Apache-2.0
# Every SQL file of the product; src/store/generate.py refuses one that is not listed.
SQL_FILES = \
	$(top_srcdir)/sql/schema/0001_user_pools.sql \
	$(top_srcdir)/sql/schema/0002_access_key.sql \
	$(top_srcdir)/sql/schema/0003_outbox.sql \
	$(top_srcdir)/sql/schema/0004_groups.sql \
	$(top_srcdir)/sql/schema/0005_mfa.sql \
	$(top_srcdir)/sql/schema/0006_dead_messages.sql \
	$(top_srcdir)/sql/schema/0007_quota.sql \
	$(top_srcdir)/sql/schema/0008_sign_in_origin.sql \
	$(top_srcdir)/sql/schema/0009_challenge_code.sql \
	$(top_srcdir)/sql/schema/0010_pool_migration.sql \
	$(top_srcdir)/sql/schema/0011_audit.sql \
	$(top_srcdir)/sql/schema/0012_lists_of_users.sql \
	$(top_srcdir)/sql/schema/0013_installation.sql \
	$(top_srcdir)/sql/query/access_key.sql \
	$(top_srcdir)/sql/query/attempt.sql \
	$(top_srcdir)/sql/query/audit_event.sql \
	$(top_srcdir)/sql/query/challenge_session.sql \
	$(top_srcdir)/sql/query/confirmation_code.sql \
	$(top_srcdir)/sql/query/former_password.sql \
	$(top_srcdir)/sql/query/group_member.sql \
	$(top_srcdir)/sql/query/installation.sql \
	$(top_srcdir)/sql/query/outbox.sql \
	$(top_srcdir)/sql/query/pool_group.sql \
	$(top_srcdir)/sql/query/pool_migration.sql \
	$(top_srcdir)/sql/query/pool_user.sql \
	$(top_srcdir)/sql/query/quota.sql \
	$(top_srcdir)/sql/query/sign_in.sql \
	$(top_srcdir)/sql/query/sign_in_name.sql \
	$(top_srcdir)/sql/query/signing_key.sql \
	$(top_srcdir)/sql/query/software_token.sql \
	$(top_srcdir)/sql/query/user_attribute.sql \
	$(top_srcdir)/sql/query/user_pool.sql \
	$(top_srcdir)/sql/query/user_pool_client.sql
