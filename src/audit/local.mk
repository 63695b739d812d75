# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/audit_event.c %D%/audit_event.h \
	%D%/audit_list.c %D%/audit_list.h \
	%D%/ration.c %D%/ration.h \
	%D%/tally.c %D%/tally.h \
	%D%/trail.c %D%/trail.h
