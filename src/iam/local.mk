# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/canonical.c %D%/canonical.h \
	%D%/credentials.c %D%/credentials.h
