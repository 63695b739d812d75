# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += poolwarden
poolwarden_SOURCES = %D%/main.c
poolwarden_LDADD = libpoolwarden.a $(LIBRARIES_OF_OTHERS)

# The manual, of the tables that the program itself reads.
noinst_PROGRAMS += manual
manual_SOURCES = %D%/manual.c
manual_LDADD = $(poolwarden_LDADD)
poolwarden.1: manual$(EXEEXT)
	$(AM_V_GEN)./manual$(EXEEXT) >$@.new && mv $@.new $@
man_MANS = poolwarden.1
CLEANFILES += poolwarden.1 poolwarden.1.new

libpoolwarden_a_SOURCES += \
	%D%/access_key_command.c %D%/access_key_command.h \
	%D%/command.c %D%/command.h \
	%D%/credentials_file.c %D%/credentials_file.h \
	%D%/foundation.c %D%/foundation.h \
	%D%/notification.c %D%/notification.h \
	%D%/option.c %D%/option.h \
	%D%/refusal.c %D%/refusal.h \
	%D%/serve.c %D%/serve.h \
	%D%/status_command.c %D%/status_command.h \
	%D%/stop_signal.c %D%/stop_signal.h \
	%D%/value.c %D%/value.h
