# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/attempt.c %D%/attempt.h \
	%D%/aws_signer.c %D%/aws_signer.h \
	%D%/backoff.c %D%/backoff.h \
	%D%/census.c %D%/census.h \
	%D%/courier.c %D%/courier.h \
	%D%/dead_message.c %D%/dead_message.h \
	%D%/email.c %D%/email.h \
	%D%/envelope.c %D%/envelope.h \
	%D%/maildir.c %D%/maildir.h \
	%D%/mask.c %D%/mask.h \
	%D%/medium.c %D%/medium.h \
	%D%/outbox.c %D%/outbox.h \
	%D%/post.c %D%/post.h \
	%D%/sender.c %D%/sender.h \
	%D%/sender_maildir.c \
	%D%/sender_sms_webhook.c \
	%D%/sender_smtp.c \
	%D%/sender_sns.c \
	%D%/template.c %D%/template.h
