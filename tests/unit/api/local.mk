# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_admin_rest \
	%D%/test_aws_json \
	%D%/test_openapi \
	%D%/test_probe \
	%D%/test_throttle
%C%_LIBRARY = %D%/library.c %D%/library.h
%C%_test_admin_rest_SOURCES = %D%/test_admin_rest.c $(%C%_LIBRARY)
%C%_test_aws_json_SOURCES = %D%/test_aws_json.c $(%C%_LIBRARY)
%C%_test_openapi_SOURCES = %D%/test_openapi.c $(%C%_LIBRARY)
%C%_test_probe_SOURCES = %D%/test_probe.c
%C%_test_probe_LDADD = unit/userpool/libhouse.a $(LDADD)
%C%_test_throttle_SOURCES = %D%/test_throttle.c
%C%_test_throttle_LDADD = unit/userpool/libhouse.a $(LDADD)
