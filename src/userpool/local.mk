# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/cache.c %D%/cache.h \
	%D%/client.c %D%/client.h \
	%D%/client_secret.c %D%/client_secret.h \
	%D%/client_settings.c %D%/client_settings.h \
	%D%/page.c %D%/page.h \
	%D%/pool.c %D%/pool.h \
	%D%/pool_key.c %D%/pool_key.h \
	%D%/pool_key_stock.c %D%/pool_key_stock.h \
	%D%/pool_schema.c %D%/pool_schema.h \
	%D%/pool_settings.c %D%/pool_settings.h \
	%D%/redirect_uri.c %D%/redirect_uri.h
