# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_str
EXTRA_DIST += unit/cases.h
%C%_test_str_SOURCES = %D%/test_str.c
