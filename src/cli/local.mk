# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/option.c %D%/option.h \
	%D%/value.c %D%/value.h
