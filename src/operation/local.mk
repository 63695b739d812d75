# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/create_user_pool.c \
	%D%/create_user_pool_client.c \
	%D%/delete_user_pool.c \
	%D%/delete_user_pool_client.c \
	%D%/describe_user_pool.c \
	%D%/describe_user_pool_client.c \
	%D%/list_user_pool_clients.c \
	%D%/list_user_pools.c \
	%D%/update_user_pool.c \
	%D%/update_user_pool_client.c
