# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/canonical.c %D%/canonical.h \
	%D%/html.c %D%/html.h \
	%D%/http_client.c %D%/http_client.h \
	%D%/language.c %D%/language.h \
	%D%/loopback.c %D%/loopback.h \
	%D%/mail.c %D%/mail.h \
	%D%/request.c %D%/request.h \
	%D%/smtp.c %D%/smtp.h \
	%D%/transfer.c %D%/transfer.h \
	%D%/url.c %D%/url.h
