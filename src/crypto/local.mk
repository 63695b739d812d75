# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/digest.c %D%/digest.h \
	%D%/library.c %D%/library.h \
	%D%/random.c %D%/random.h \
	%D%/seal.c %D%/seal.h \
	%D%/secret.c %D%/secret.h
