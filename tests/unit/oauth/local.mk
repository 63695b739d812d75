# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_confirm_user \
	%D%/test_discovery
%C%_test_confirm_user_SOURCES = %D%/test_confirm_user.c
%C%_test_confirm_user_LDADD = unit/userpool/libhouse.a $(LDADD)
%C%_test_discovery_SOURCES = %D%/test_discovery.c
%C%_test_discovery_LDADD = unit/userpool/libhouse.a $(LDADD)
