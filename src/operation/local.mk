# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/admin_confirm_sign_up.c \
	%D%/admin_create_user.c \
	%D%/admin_delete_user.c \
	%D%/admin_get_user.c \
	%D%/admin_initiate_auth.c \
	%D%/admin_respond_to_auth_challenge.c \
	%D%/admin_set_user_password.c \
	%D%/confirm_sign_up.c \
	%D%/create_user_pool.c \
	%D%/create_user_pool_client.c \
	%D%/delete_user_pool.c \
	%D%/delete_user_pool_client.c \
	%D%/describe_user_pool.c \
	%D%/describe_user_pool_client.c \
	%D%/get_tokens_from_refresh_token.c \
	%D%/get_user.c \
	%D%/global_sign_out.c \
	%D%/initiate_auth.c \
	%D%/list_user_pool_clients.c \
	%D%/list_user_pools.c \
	%D%/list_users.c \
	%D%/resend_confirmation_code.c \
	%D%/respond_to_auth_challenge.c \
	%D%/revoke_token.c \
	%D%/sign_up.c \
	%D%/update_user_pool.c \
	%D%/update_user_pool_client.c
