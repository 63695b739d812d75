# SPDX-License-Identifier: Apache-2.0
check_LIBRARIES += %D%/libhouse.a
%C%_libhouse_a_SOURCES = \
	%D%/authenticator.c %D%/authenticator.h \
	%D%/house.c %D%/house.h \
	%D%/interruption.c %D%/interruption.h \
	%D%/mailbox.c %D%/mailbox.h

# For programs that use interruption.h.
INTERRUPTION = -Wl,--wrap=store_write_sized

check_PROGRAMS += \
	%D%/test_access_token \
	%D%/test_attempt \
	%D%/test_attribute \
	%D%/test_auth \
	%D%/test_auth_challenge_new_password \
	%D%/test_auth_mfa \
	%D%/test_auth_srp \
	%D%/test_challenge_session \
	%D%/test_client \
	%D%/test_confirmation_code \
	%D%/test_expiry \
	%D%/test_group \
	%D%/test_group_claims \
	%D%/test_guessing \
	%D%/test_lost_factor \
	%D%/test_membership \
	%D%/test_mfa_choice \
	%D%/test_mfa_factor \
	%D%/test_mfa_factor_message \
	%D%/test_mfa_preference \
	%D%/test_last_refresh \
	%D%/test_new_user \
	%D%/test_password \
	%D%/test_pool \
	%D%/test_pool_key \
	%D%/test_pool_mfa \
	%D%/test_pool_migration \
	%D%/test_pool_schema \
	%D%/test_pool_settings \
	%D%/test_pool_tag \
	%D%/test_quota \
	%D%/test_quota_setting \
	%D%/test_redirect_uri \
	%D%/test_refresh_token \
	%D%/test_sign_in \
	%D%/test_sign_in_name \
	%D%/test_sign_up \
	%D%/test_software_token \
	%D%/test_software_token_setup \
	%D%/test_srp_block \
	%D%/test_srp_timestamp \
	%D%/test_tokens \
	%D%/test_user \
	%D%/test_user_admin \
	%D%/test_user_filter \
	%D%/test_user_list \
	%D%/test_user_message \
	%D%/test_user_search \
	%D%/test_user_self \
	%D%/test_user_session
%C%_test_access_token_SOURCES = %D%/test_access_token.c
%C%_test_access_token_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_attempt_SOURCES = %D%/test_attempt.c
%C%_test_attempt_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_attribute_SOURCES = %D%/test_attribute.c
%C%_test_attribute_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_auth_SOURCES = %D%/test_auth.c
%C%_test_auth_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_auth_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_auth_challenge_new_password_SOURCES = %D%/test_auth_challenge_new_password.c
%C%_test_auth_challenge_new_password_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_auth_challenge_new_password_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_auth_mfa_SOURCES = %D%/test_auth_mfa.c
%C%_test_auth_mfa_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_auth_mfa_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_auth_srp_SOURCES = %D%/test_auth_srp.c
%C%_test_auth_srp_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_auth_srp_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_challenge_session_SOURCES = %D%/test_challenge_session.c
%C%_test_challenge_session_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_client_SOURCES = %D%/test_client.c
%C%_test_client_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_confirmation_code_SOURCES = %D%/test_confirmation_code.c
%C%_test_confirmation_code_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_expiry_SOURCES = %D%/test_expiry.c
%C%_test_expiry_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_group_SOURCES = %D%/test_group.c
%C%_test_group_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_group_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_group_claims_SOURCES = %D%/test_group_claims.c
%C%_test_guessing_SOURCES = %D%/test_guessing.c
%C%_test_guessing_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_lost_factor_SOURCES = %D%/test_lost_factor.c
%C%_test_lost_factor_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_lost_factor_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_membership_SOURCES = %D%/test_membership.c
%C%_test_membership_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_membership_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_mfa_choice_SOURCES = %D%/test_mfa_choice.c
%C%_test_mfa_choice_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_mfa_factor_SOURCES = %D%/test_mfa_factor.c
%C%_test_mfa_factor_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_mfa_factor_message_SOURCES = %D%/test_mfa_factor_message.c
%C%_test_mfa_factor_message_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_mfa_factor_message_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_mfa_preference_SOURCES = %D%/test_mfa_preference.c
%C%_test_mfa_preference_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_mfa_preference_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_last_refresh_SOURCES = %D%/test_last_refresh.c
%C%_test_last_refresh_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_new_user_SOURCES = %D%/test_new_user.c
%C%_test_new_user_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_password_SOURCES = %D%/test_password.c
%C%_test_password_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_pool_SOURCES = %D%/test_pool.c
%C%_test_pool_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_pool_key_SOURCES = %D%/test_pool_key.c
%C%_test_pool_key_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_pool_mfa_SOURCES = %D%/test_pool_mfa.c
%C%_test_pool_mfa_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_pool_migration_SOURCES = %D%/test_pool_migration.c
%C%_test_pool_migration_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_pool_migration_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_pool_schema_SOURCES = %D%/test_pool_schema.c
%C%_test_pool_schema_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_pool_settings_SOURCES = %D%/test_pool_settings.c
%C%_test_pool_settings_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_pool_tag_SOURCES = %D%/test_pool_tag.c
%C%_test_pool_tag_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_pool_tag_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_quota_SOURCES = %D%/test_quota.c
%C%_test_quota_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_quota_setting_SOURCES = %D%/test_quota_setting.c
%C%_test_quota_setting_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_redirect_uri_SOURCES = %D%/test_redirect_uri.c
%C%_test_refresh_token_SOURCES = %D%/test_refresh_token.c
%C%_test_refresh_token_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_sign_in_SOURCES = %D%/test_sign_in.c
%C%_test_sign_in_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_sign_in_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_sign_in_name_SOURCES = %D%/test_sign_in_name.c
%C%_test_sign_in_name_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_sign_up_SOURCES = %D%/test_sign_up.c
%C%_test_sign_up_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_sign_up_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_software_token_SOURCES = %D%/test_software_token.c
%C%_test_software_token_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_software_token_setup_SOURCES = %D%/test_software_token_setup.c
%C%_test_software_token_setup_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_software_token_setup_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_srp_block_SOURCES = %D%/test_srp_block.c
%C%_test_srp_block_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_srp_timestamp_SOURCES = %D%/test_srp_timestamp.c
%C%_test_tokens_SOURCES = %D%/test_tokens.c
%C%_test_tokens_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_user_SOURCES = %D%/test_user.c
%C%_test_user_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_user_admin_SOURCES = %D%/test_user_admin.c
%C%_test_user_admin_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_user_admin_LDFLAGS = $(AM_LDFLAGS) $(INTERRUPTION)
%C%_test_user_filter_SOURCES = %D%/test_user_filter.c
%C%_test_user_filter_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_user_list_SOURCES = %D%/test_user_list.c
%C%_test_user_list_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_user_message_SOURCES = %D%/test_user_message.c
%C%_test_user_message_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_user_search_SOURCES = %D%/test_user_search.c
%C%_test_user_search_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_user_self_SOURCES = %D%/test_user_self.c
%C%_test_user_self_LDADD = %D%/libhouse.a $(LDADD)
%C%_test_user_session_SOURCES = %D%/test_user_session.c
%C%_test_user_session_LDADD = %D%/libhouse.a $(LDADD)
