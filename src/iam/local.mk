# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/access_key.c %D%/access_key.h \
	%D%/credentials.c %D%/credentials.h \
	%D%/principal.c %D%/principal.h \
	%D%/signature.c %D%/signature.h \
	%D%/signature_form.c %D%/signature_form.h
