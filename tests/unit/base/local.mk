# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_background \
	%D%/test_clock \
	%D%/test_fold \
	%D%/test_str
EXTRA_DIST += unit/cases.h
%C%_test_background_SOURCES = %D%/test_background.c
%C%_test_clock_SOURCES = %D%/test_clock.c
%C%_test_fold_SOURCES = %D%/test_fold.c
%C%_test_str_SOURCES = %D%/test_str.c
