# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/confirm_user.c %D%/confirm_user.h \
	%D%/discovery.c %D%/discovery.h \
	%D%/page.c %D%/page.h \
	%D%/page_text.c %D%/page_text.h
