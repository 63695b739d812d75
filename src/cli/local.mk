# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += poolwarden
poolwarden_SOURCES = %D%/main.c
poolwarden_LDADD = libpoolwarden.a $(LIBRARIES_OF_OTHERS)

libpoolwarden_a_SOURCES += \
	%D%/access_key_command.c %D%/access_key_command.h \
	%D%/credentials_file.c %D%/credentials_file.h \
	%D%/foundation.c %D%/foundation.h \
	%D%/notification.c %D%/notification.h \
	%D%/option.c %D%/option.h \
	%D%/refusal.c %D%/refusal.h \
	%D%/serve.c %D%/serve.h \
	%D%/stop_signal.c %D%/stop_signal.h \
	%D%/value.c %D%/value.h
