# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += poolwarden
poolwarden_SOURCES = %D%/main.c
poolwarden_LDADD = libpoolwarden.a $(LIBRARIES_OF_OTHERS)

libpoolwarden_a_SOURCES += \
	%D%/option.c %D%/option.h \
	%D%/value.c %D%/value.h
