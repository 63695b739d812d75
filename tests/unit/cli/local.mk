# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_option
%C%_test_option_SOURCES = %D%/test_option.c
