# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/backoff.c %D%/backoff.h \
	%D%/maildir.c %D%/maildir.h \
	%D%/mask.c %D%/mask.h \
	%D%/template.c %D%/template.h
