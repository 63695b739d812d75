# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/attempt.c %D%/attempt.h \
	%D%/backoff.c %D%/backoff.h \
	%D%/courier.c %D%/courier.h \
	%D%/email.c %D%/email.h \
	%D%/envelope.c %D%/envelope.h \
	%D%/maildir.c %D%/maildir.h \
	%D%/mask.c %D%/mask.h \
	%D%/medium.c %D%/medium.h \
	%D%/outbox.c %D%/outbox.h \
	%D%/sender.c %D%/sender.h \
	%D%/sender_maildir.c \
	%D%/sender_smtp.c \
	%D%/template.c %D%/template.h
