# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/request.c %D%/request.h \
	%D%/url.c %D%/url.h
