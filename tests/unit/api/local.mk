# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_aws_json
%C%_LIBRARY = %D%/library.c %D%/library.h
%C%_test_aws_json_SOURCES = %D%/test_aws_json.c $(%C%_LIBRARY)
