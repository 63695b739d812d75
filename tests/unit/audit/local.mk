# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_audit_event \
	%D%/test_audit_list \
	%D%/test_trail
%C%_test_audit_event_SOURCES = %D%/test_audit_event.c
%C%_test_audit_event_LDADD = unit/userpool/libhouse.a $(LDADD)
%C%_test_audit_list_SOURCES = %D%/test_audit_list.c
%C%_test_audit_list_LDADD = unit/userpool/libhouse.a $(LDADD)
%C%_test_trail_SOURCES = %D%/test_trail.c
%C%_test_trail_LDADD = unit/userpool/libhouse.a $(LDADD)
