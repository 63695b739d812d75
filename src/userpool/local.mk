# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/access_token.c %D%/access_token.h \
	%D%/address_kind.c %D%/address_kind.h \
	%D%/attempt.c %D%/attempt.h \
	%D%/attribute.c %D%/attribute.h \
	%D%/attribute_change.c %D%/attribute_change.h \
	%D%/auth.c %D%/auth.h \
	%D%/auth_challenge_new_password.c \
	%D%/auth_challenge_password_verifier.c \
	%D%/auth_challenge_select_mfa.c \
	%D%/auth_challenge_set_up_mfa.c \
	%D%/auth_flow_password.c \
	%D%/auth_flow_refresh.c \
	%D%/auth_flow_user_srp.c \
	%D%/auth_mfa.c %D%/auth_mfa.h \
	%D%/auth_srp.c %D%/auth_srp.h \
	%D%/cache.c %D%/cache.h \
	%D%/challenge_session.c %D%/challenge_session.h \
	%D%/client.c %D%/client.h \
	%D%/client_secret.c %D%/client_secret.h \
	%D%/client_settings.c %D%/client_settings.h \
	%D%/confirmation_code.c %D%/confirmation_code.h \
	%D%/confirmation_link.c %D%/confirmation_link.h \
	%D%/expiry.c %D%/expiry.h \
	%D%/former_password.c %D%/former_password.h \
	%D%/group.c %D%/group.h \
	%D%/group_claims.c %D%/group_claims.h \
	%D%/inquiry.c %D%/inquiry.h \
	%D%/lost_factor.c %D%/lost_factor.h \
	%D%/membership.c %D%/membership.h \
	%D%/mfa_choice.c %D%/mfa_choice.h \
	%D%/mfa_factor.c %D%/mfa_factor.h \
	%D%/mfa_factor_message.c \
	%D%/mfa_factor_software_token.c \
	%D%/mfa_preference.c %D%/mfa_preference.h \
	%D%/last_refresh.c %D%/last_refresh.h \
	%D%/new_user.c %D%/new_user.h \
	%D%/password.c %D%/password.h \
	%D%/password_change.c %D%/password_change.h \
	%D%/pool.c %D%/pool.h \
	%D%/pool_key.c %D%/pool_key.h \
	%D%/pool_key_stock.c %D%/pool_key_stock.h \
	%D%/pool_mfa.c %D%/pool_mfa.h \
	%D%/pool_migration.c %D%/pool_migration.h \
	%D%/pool_rules.c %D%/pool_rules.h \
	%D%/pool_schema.c %D%/pool_schema.h \
	%D%/pool_settings.c %D%/pool_settings.h \
	%D%/pool_tag.c %D%/pool_tag.h \
	%D%/quota.c %D%/quota.h \
	%D%/quota_setting.c %D%/quota_setting.h \
	%D%/recovery.c %D%/recovery.h \
	%D%/redirect_uri.c %D%/redirect_uri.h \
	%D%/refresh_token.c %D%/refresh_token.h \
	%D%/server_description.c %D%/server_description.h \
	%D%/sign_in.c %D%/sign_in.h \
	%D%/sign_in_name.c %D%/sign_in_name.h \
	%D%/sign_up.c %D%/sign_up.h \
	%D%/software_token.c %D%/software_token.h \
	%D%/software_token_setup.c %D%/software_token_setup.h \
	%D%/srp_block.c %D%/srp_block.h \
	%D%/srp_timestamp.c %D%/srp_timestamp.h \
	%D%/tokens.c %D%/tokens.h \
	%D%/user.c %D%/user.h \
	%D%/user_admin.c %D%/user_admin.h \
	%D%/user_filter.c %D%/user_filter.h \
	%D%/user_list.c %D%/user_list.h \
	%D%/user_page.c %D%/user_page.h \
	%D%/user_search.c %D%/user_search.h \
	%D%/user_message.c %D%/user_message.h \
	%D%/user_self.c %D%/user_self.h \
	%D%/user_session.c %D%/user_session.h
